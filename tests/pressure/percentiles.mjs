// The usual ranks of some times in ms. Without any they are 0.
export function percentiles(times) {
  const sorted = Float64Array.from(times).sort();
  const rank = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { count: sorted.length, p50_ms: rank(0.5), p90_ms: rank(0.9), p99_ms: rank(0.99), max_ms: rank(1) };
}
