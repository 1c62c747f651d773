// A backlog after an endpoint was away for long: what it takes to start with it, to hold it and to send it.
import fs from 'node:fs';
import { sleep, until } from '../process.mjs';
import { format } from '../report.mjs';

const backlog = (usualEvents, webhooks) => async (scenario) => {
  const { report } = scenario;
  const deliveries = scenario.options.deliveries ?? (scenario.quick ? usualEvents * webhooks / 20 : usualEvents * webhooks);
  const nginx = await scenario.nginx();
  const server = await scenario.server();
  await server.venue('v0');
  for (let i = 0; i < webhooks; ++i) await server.webhook('v0', `${nginx.url()}/${i}`);
  // The rate to compare the drain with: the same server and receiver when nothing is behind.
  const yardstick = await nginx.yardstick(scenario.quick);
  const before = await server.delivered();
  const begin = performance.now();
  const steady = await server.load({ venues: 'v:1', seconds: scenario.quick ? 2 : 5, connections: scenario.connections });
  const steadyDelivered = await scenario.drain(server, before + steady.accepted * webhooks) - before;
  const steadyRate = steadyDelivered / ((performance.now() - begin) / 1000);
  report.latency('answers', 'API answer without a backlog', steady.answers);
  report.rate('steady_rate', 'created and delivered without a backlog', steadyRate);
  await server.stop();

  const filling = performance.now();
  const filled = await server.fill('v', 1, Math.ceil(deliveries / webhooks), 'pending');
  const arrivedBefore = await nginx.arrived();
  report.add('pending', 'pending deliveries', filled,
    `${format.count(filled)}, made in ${((performance.now() - filling) / 1000).toFixed(0)} s; ` +
    `database ${format.megabytes(fs.statSync(`${server.folder}/shakehook.db`).size)}`);

  const started = performance.now();
  const firstSent = until('the first delivery', async () => await nginx.arrived() > arrivedBefore,
    { everyMs: 2, timeoutMs: 120_000 }).then(() => (performance.now() - started) / 1000);
  await server.start({ timeoutMs: 120_000 });
  report.add('ready_s', 'start until ready', (performance.now() - started) / 1000,
    format.seconds((performance.now() - started) / 1000));
  report.add('first_sent_s', 'start until the first is sent', await firstSent, format.seconds(await firstSent));

  const cpuBefore = server.usage();
  const draining = performance.now();
  const at = await server.delivered();
  const limit = scenario.seconds(20) * 1000;
  let delivered = at;
  while (delivered < filled && performance.now() - draining < limit) {
    await sleep(200);
    delivered = await server.delivered();
  }
  const seconds = (performance.now() - draining) / 1000;
  const rate = (delivered - at) / seconds;
  report.rate('rate', `drained${delivered < filled ? `, in its first ${seconds.toFixed(0)} s` : ''}`, rate);
  report.add('of_steady', 'of the rate without a backlog', rate / steadyRate, format.ratio(rate / steadyRate));
  const after = server.usage();
  scenario.reportCost({
    cpuSeconds: after.cpuSeconds - cpuBefore.cpuSeconds, writtenBytes: after.writtenBytes - cpuBefore.writtenBytes,
    peakBytes: after.peakBytes,
  }, delivered - at);
  scenario.reportYardstick(yardstick, rate);
  await server.stop();
  // The stop lets what is under way end.
  const arrived = await nginx.arrived() - arrivedBefore;
  report.check(delivered < filled || arrived === filled, `${filled} were owed and ${arrived} arrived`);
  report.check(arrived >= delivered, `${delivered} were delivered and ${arrived} arrived`);
  const { right, wrong } = await server.check(nginx.noted);
  report.add('signatures', 'signatures checked', right, format.count(right));
  report.check(wrong === 0, `${wrong} requests did not carry what is stored`);
  await nginx.stop();
};

export const scenarios = [
  {
    name: 'backlog-1m',
    what: 'a server that starts with 1,000,000 pending deliveries of one webhook',
    run: backlog(1_000_000, 1),
  },
  {
    name: 'backlog-10m',
    what: 'a server that starts with 10,000,000 pending deliveries of ten webhooks',
    run: backlog(1_000_000, 10),
  },
];
