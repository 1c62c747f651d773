// A kill -9 under full load must lose nothing. It repeats the deliveries whose responses had come but were not stored yet,
// and those that were under way.
import { sleep, until } from '../process.mjs';
import { format } from '../report.mjs';

const killAfterSeconds = [1.5, 2.1, 2.7, 3.3, 3.9];
const settleMsMax = 120_000;

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

// Runs one server until it is killed, and another over the same database until nothing is pending.
async function oneRound(scenario, round, seconds) {
  const nginx = await scenario.nginx();
  const server = scenario.unstarted();
  server.folder = `${server.folder}${round}`;
  await server.start();
  await server.venue('v0');
  const webhook = await server.webhook('v0', nginx.url());
  const arrivedBefore = await nginx.arrived();
  const loading = server.load({ connections: scenario.connections, venues: 'v:1', seconds: 60, 'server-may-end': 1 });
  await sleep(seconds * 1000);
  server.child.kill('SIGKILL');
  const { accepted, seconds: lasted } = await loading;
  await server.child.ended;
  await server.start();
  await until('the delivery of what was pending', async () =>
    (await server.call('GET', `/api/webhooks/${webhook.id}`)).health.pending === 0, { timeoutMs: settleMsMax });
  const { counts } = await server.call('GET', `/api/webhooks/${webhook.id}/stats`);
  await server.stop();
  const arrived = await nginx.arrived() - arrivedBefore;
  await nginx.stop();
  return { accepted, rate: accepted / lasted, lost: Math.max(0, accepted - counts.delivered), twice: arrived - counts.delivered };
}

export const scenarios = [
  {
    name: 'kill',
    what: 'kill -9 while contacts are created as fast as 64 connections can, one webhook: what is lost and what comes twice',
    async run(scenario) {
      const { report } = scenario;
      const rounds = [];
      for (const [round, seconds] of killAfterSeconds.slice(0, scenario.quick ? 2 : undefined).entries()) {
        const figures = await oneRound(scenario, round, seconds);
        const { accepted, rate, lost, twice } = figures;
        rounds.push({ ...figures, twiceMs: twice / rate * 1000 });
        report.add(`round_${round}`, `killed after ${seconds} s`, figures,
          `accepted ${format.count(accepted)} (${format.rate(rate)}), lost ${lost}, twice ${twice}: ${format.ms(twice / rate * 1000)} of deliveries`);
        report.check(lost === 0, `${lost} of ${accepted} accepted changes were lost`);
        report.check(twice >= 0, `${-twice} deliveries count as delivered and never arrived`);
      }
      report.add('twice', 'came twice, median', median(rounds.map(({ twice }) => twice)), format.count(median(rounds.map(({ twice }) => twice))));
      report.add('twice_ms', 'of so many ms of deliveries, median', median(rounds.map(({ twiceMs }) => twiceMs)),
        format.ms(median(rounds.map(({ twiceMs }) => twiceMs))));
    },
  },
];
