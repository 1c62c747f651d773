// Under which keys what is asked about notices is kept.
export const channelsKey = ['notice-channels'] as const;
export const noticesKey = (channel: string) => [...channelsKey, channel, 'notices'] as const;
