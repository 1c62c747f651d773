// The spread of figures over the runs, and the table that shows it.
const rows = [
  ['delivered /s', (run) => run.rate],
  ['... of wrk straight at nginx', (run) => run.rate_ratio],
  ['delivered /s, wrk as the load', (run) => run.wrk_rate],
  ['... of wrk straight at nginx', (run) => run.wrk_rate_ratio],
  ['CPU a delivery, us', (run) => run.cpu_us],
  ['... receiver and load too, us', (run) => run.whole_cpu_us],
  ['energy, J for 1,000 deliveries', (run) => run.joules],
  ['memory, MB', (run) => run.bytes / 1e6],
  ['API answer p50, ms', (run) => run.answers?.p50_ms],
  ['API answer p99, ms', (run) => run.answers?.p99_ms],
  ['idle: sent to received p50, ms', (run) => run.idle_arrivals?.p50_ms],
  ['idle: sent to received p99, ms', (run) => run.idle_arrivals?.p99_ms],
];

// Returns minimum, median and maximum. For an even number of values the median is the mean of the two in the middle.
export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const median = sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  return { min: sorted[0], median, max: sorted.at(-1) };
}

const show = (value) => (value >= 100 ? Math.round(value).toLocaleString('en-US')
  : value >= 10 ? value.toFixed(1) : value >= 1 ? value.toFixed(2) : value.toFixed(4));

// `runs`: figures of measured runs of one system, without those that failed.
export function tableOf(runs) {
  return rows.map(([label, read]) => {
    const values = runs.map(read).filter((value) => Number.isFinite(value));
    if (values.length === 0) return [label, 'not measured here'];
    const { min, median, max } = spread(values);
    return [label, `${show(min)}   ${show(median)}   ${show(max)}`];
  });
}
