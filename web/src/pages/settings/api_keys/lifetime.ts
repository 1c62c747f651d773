// How long a new key is to live.
const dayMs = 86_400_000;

export const lifetimeMs = { never: null, month: 30 * dayMs, quarter: 90 * dayMs, year: 365 * dayMs } as const;
export type Lifetime = keyof typeof lifetimeMs;
export const lifetimes = Object.keys(lifetimeMs) as Lifetime[];
