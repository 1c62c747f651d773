// A kill -9 under full load must lose nothing. It repeats the deliveries whose responses had come but were not stored yet,
// and those that were under way.
import { sleep, until } from '../process.mjs';
import { format } from '../report.mjs';

const killAfterSeconds = [1.5, 2.1, 2.7, 3.3, 3.9];
const settleMsMax = 120_000;

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

// Runs one server with `webhooks` webhooks until it is killed, and another over the same database until nothing is pending.
async function oneRound(scenario, round, seconds, webhooks) {
  const nginx = await scenario.nginx();
  const server = scenario.unstarted();
  server.folder = `${server.folder}${round}`;
  await server.start();
  await server.venue('v0');
  const ids = [];
  for (let i = 0; i < webhooks; ++i) ids.push((await server.webhook('v0', `${nginx.url()}/${i}`)).id);
  const arrivedBefore = await nginx.arrived();
  const loading = server.load({ connections: scenario.connections, venues: 'v:1', seconds: 60, 'server-may-end': 1 });
  await sleep(seconds * 1000);
  const delivered = (await nginx.arrived() - arrivedBefore) / seconds;
  server.child.kill('SIGKILL');
  const { accepted } = await loading;
  await server.child.ended;
  await server.start();
  const read = (page) => Promise.all(ids.map((id) => server.call('GET', `/api/webhooks/${id}${page}`)));
  await until('the delivery of what was pending', async () =>
    (await read('')).every(({ health }) => health.pending === 0), { timeoutMs: settleMsMax });
  const stored = (await read('/stats')).reduce((sum, { counts }) => sum + counts.delivered, 0);
  await server.stop();
  const arrived = await nginx.arrived() - arrivedBefore;
  await nginx.stop();
  return { accepted, rate: delivered, lost: Math.max(0, accepted * webhooks - stored), twice: arrived - stored };
}

async function run(scenario, webhooks) {
  const { report } = scenario;
  const rounds = [];
  for (const [round, seconds] of killAfterSeconds.slice(0, scenario.quick ? 2 : undefined).entries()) {
    const figures = await oneRound(scenario, round, seconds, webhooks);
    const { accepted, rate, lost, twice } = figures;
    rounds.push({ ...figures, twiceMs: twice / rate * 1000 });
    report.add(`round_${round}`, `killed after ${seconds} s`, figures,
      `accepted ${format.count(accepted)}, delivered ${format.rate(rate)}, lost ${lost}, twice ${twice}: ${format.ms(twice / rate * 1000)} of deliveries`);
    report.check(lost === 0, `${lost} deliveries of accepted changes were lost`);
    report.check(twice >= 0, `${-twice} deliveries count as delivered and never arrived`);
  }
  report.add('twice', 'came twice, median', median(rounds.map(({ twice }) => twice)), format.count(median(rounds.map(({ twice }) => twice))));
  report.add('twice_ms', 'of so many ms of deliveries, median', median(rounds.map(({ twiceMs }) => twiceMs)),
    format.ms(median(rounds.map(({ twiceMs }) => twiceMs))));
}

export const scenarios = [
  {
    name: 'kill',
    what: 'kill -9 while contacts are created as fast as 64 connections can, one webhook: what is lost and what comes twice',
    run: (scenario) => run(scenario, 1),
  },
  {
    name: 'kill-fan-out-10',
    what: 'the same with ten webhooks, whose deliveries wait for their turn',
    run: (scenario) => run(scenario, 10),
  },
];
