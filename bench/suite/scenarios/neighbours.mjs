// Nine tenants with a healthy receiver each, measured alone and then beside a tenth that does one hostile thing after
// the other (tests/pressure has them). Each round has a server of its own, so that what one thing leaves behind disturbs
// no other, and alone and beside take turns.
import { Round } from '../../../tests/pressure/round.mjs';
import { scenarios as hostile } from '../../../tests/pressure/scenarios/all.mjs';
import { format } from '../report.mjs';

const aloneMs = 3_000;
const besideMs = 5_000;
const partMs = 1_500;
const rounds = 3;
const ratioMax = 3;
const latencyMsMax = 100;
const memoryBytesMax = 400e6;

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const sum = (counts) => Object.values(counts).reduce((total, count) => total + count, 0);
const shown = (ms) => (Number.isFinite(ms) ? format.ms(ms) : 'never');

// Returns one phase's figures for the goals.
function figuresOf(phase) {
  return {
    answer_ms: phase.answers.p99_ms, delivery_ms: phase.arrivals.p99_ms, health_ms: phase.health.max_ms,
    failed: sum(phase.failures) + phase.missing, kept_out: sum(phase.healthFailures) + sum(phase.streamFailures),
    failures: { ...phase.failures, ...phase.healthFailures, ...phase.streamFailures },
  };
}

// {part: {alone, beside, peak}} of one round.
async function oneRound(name, { quick, seconds }) {
  const round = await Round.start(name);
  try {
    await round.alone(quick ? aloneMs / 2 : aloneMs);
    const ms = seconds ? seconds * 1000 : round.parts.length > 1 ? partMs : besideMs;
    for (const part of round.parts) await round.beside(part, quick ? ms / 2 : ms);
    const measured = await round.measured();
    const stopped = await round.stop();
    const alone = figuresOf(measured.phases.alone);
    return Object.fromEntries(round.parts.map((part) => [part === 'all' ? name : part, {
      alone, beside: figuresOf(measured.phases[part]), peak_bytes: measured.peakBytes, stop_ms: stopped.ms,
      hostile: round.hostileReports[part],
    }]));
  } finally {
    await round.end();
  }
}

function combined(results) {
  const of = (pick) => median(results.map(pick));
  const answer = { alone: of((r) => r.alone.answer_ms), beside: of((r) => r.beside.answer_ms) };
  const delivery = { alone: of((r) => r.alone.delivery_ms), beside: of((r) => r.beside.delivery_ms) };
  return {
    answer, delivery, ratio: Math.max(answer.beside / answer.alone, delivery.beside / delivery.alone),
    health_ms: of((r) => r.beside.health_ms), failed: of((r) => r.beside.failed), kept_out: of((r) => r.beside.kept_out),
    peak_bytes: Math.max(...results.map((r) => r.peak_bytes)), failures: Object.assign({}, ...results.map((r) => r.beside.failures)),
    hostile: results[0].hostile.statuses,
  };
}

function print(name, figures) {
  const { answer, delivery, ratio, failed, kept_out: keptOut, peak_bytes: peak } = figures;
  const worst = Math.max(answer.beside, delivery.beside);
  const missed = [
    ratio > ratioMax && 'ratio', worst > latencyMsMax && 'latency', failed > 0 && 'failed', keptOut > 0 && 'kept out', peak > memoryBytesMax && 'memory',
  ].filter(Boolean);
  console.log([
    `  ${name.padEnd(46)}`, `${shown(answer.alone).padStart(9)} ${shown(answer.beside).padStart(9)}`,
    `${shown(delivery.alone).padStart(9)} ${shown(delivery.beside).padStart(9)}`, `${Number.isFinite(ratio) ? ratio.toFixed(1) : '-'}`.padStart(6),
    `${failed}`.padStart(6), `${keptOut}`.padStart(6), format.megabytes(peak).padStart(8), missed.length ? `  missed: ${missed.join(', ')}` : '',
  ].join(' '));
  if (failed + keptOut > 0) console.log(`      ${JSON.stringify(figures.failures)}`);
}

async function run(scenario) {
  const { report, options } = scenario;
  const chosen = hostile.filter(({ name }) => !options.hostile || name === options.hostile);
  if (chosen.length === 0) throw new Error(`--hostile: there is no ${options.hostile}; there are ${hostile.map(({ name }) => name).join(', ')}`);
  console.log(`  ${'p99 of the neighbours, median of the rounds'.padEnd(46)}    answer: alone, beside   delivery: alone, beside  ratio failed  kept out   peak`);
  for (const { name } of chosen) {
    const results = [];
    for (let round = 0; round < (options.quick ? 1 : rounds); ++round) results.push(await oneRound(name, options));
    for (const part of Object.keys(results[0])) {
      const figures = combined(results.map((result) => result[part]));
      report.figures[part] = figures;
      print(part, figures);
    }
  }
}

export const scenarios = [
  { name: 'neighbours', what: 'nine tenants beside a hostile tenth; goals: p99 at most 3 times that alone and 100 ms, nothing fails, 400 MB', run },
];
