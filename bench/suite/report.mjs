// A scenario's measurements, as a person reads them, and as JSON.

const grouped = (number) => Math.round(number).toLocaleString('en-US');
const ms = (value) => (value < 10 ? value.toFixed(2) : value.toFixed(1));

export const format = {
  count: grouped,
  rate: (value) => `${grouped(value)} /s`,
  ms: (value) => `${ms(value)} ms`,
  seconds: (value) => `${value.toFixed(2)} s`,
  micros: (value) => `${value.toFixed(1)} us`,
  megabytes: (value) => `${(value / 1e6).toFixed(0)} MB`,
  bytes: (value) => `${grouped(value)} bytes`,
  ratio: (value) => value.toFixed(3),
  latency: (l) => `p50 ${ms(l.p50_ms)}   p90 ${ms(l.p90_ms)}   p99 ${ms(l.p99_ms)}   max ${ms(l.max_ms)} ms`,
};

export class Report {
  constructor(name) {
    this.name = name;
    this.figures = {};
    this.failures = [];
  }

  // `figure`: its name in the JSON.
  add(figure, label, value, text) {
    this.figures[figure] = value;
    console.log(`  ${label.padEnd(44)} ${text}`);
  }
  rate(figure, label, value) { this.add(figure, label, value, format.rate(value)); }
  latency(figure, label, value) { this.add(figure, label, value, format.latency(value)); }

  // Notes a failure unless a condition holds that the run needs.
  check(holds, what) {
    if (holds) return;
    this.failures.push(what);
    console.log(`  FAILED: ${what}`);
  }
}
