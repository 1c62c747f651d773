// The cost of a delivery in an installation that has grown: many webhooks, and a history that is purged meanwhile.
import { sleep } from '../process.mjs';
import { format } from '../report.mjs';
import { checkAll, ownReceivers } from './latency.mjs';

const hour = 3600 * 1000;

export const scenarios = [
  {
    name: 'many-webhooks',
    what: 'fan-out 1 in a server that has 100,000 webhooks, and in the same before it had them',
    async run(scenario) {
      const { report } = scenario;
      const count = scenario.quick ? 10_000 : 100_000;
      const server = await scenario.server();
      const nginx = await scenario.nginx();
      await server.venue('v0');
      await server.webhook('v0', nginx.url());
      const load = { venues: 'v:1', connections: scenario.connections, seconds: scenario.seconds(10) };
      const before = await scenario.measured(server, async () => {
        const loaded = await server.load(load);
        const delivered = await scenario.drain(server, loaded.accepted);
        report.check(loaded.refused === 0 && delivered === loaded.accepted,
          `with one webhook ${loaded.accepted} were accepted and ${delivered} delivered`);
        return loaded;
      });
      report.add('cpu_us_before', 'server CPU a delivery, with one webhook', before.cpuSeconds / before.result.accepted * 1e6,
        format.micros(before.cpuSeconds / before.result.accepted * 1e6));
      await server.stop();
      await server.makeWebhooks('other', count);
      const begin = performance.now();
      await server.start({ timeoutMs: 60_000 });
      report.add('ready_s', `start with ${format.count(count)} webhooks, until ready`, (performance.now() - begin) / 1000,
        format.seconds((performance.now() - begin) / 1000));
      await scenario.throughput({ server, nginx, load });
    },
  },
  {
    name: 'purge',
    what: 'changes at 1,000 a second while a million old rows are purged, and without',
    async run(scenario) {
      const { report } = scenario;
      const webhooks = 10;
      const server = await scenario.server();
      const receiver = await ownReceivers(scenario, server, 'v', webhooks);
      await server.stop();
      const filled = await server.fill('v', webhooks, scenario.quick ? 200_000 : 1_000_000, 'ended');
      report.add('old', 'old events, each with a delivery', filled, format.count(filled));
      const load = { venues: `v:${webhooks}`, connections: 64, rate: scenario.options.rate ?? 1000, seconds: scenario.seconds(15), ...receiver };

      await server.start();
      const without = await server.load(load);
      report.latency('without', 'without a purge: from when it was to be sent', without.arrivals);
      checkAll(report, without);
      await server.stop();

      // So short a retention is looked after every second.
      await server.start({ flags: ['--retention', '10s'] });
      await sleep(1500);
      const left = async () => (await server.call('GET', `/api/events?limit=1&until=${Date.now() - hour}`)).data.length;
      const cost = await scenario.measured(server, () => server.load(load));
      const beside = cost.result;
      report.latency('beside', 'while old ones are purged', beside.arrivals);
      checkAll(report, beside);
      const ratio = beside.arrivals.p99_ms / without.arrivals.p99_ms;
      report.add('p99_ratio', 'p99 while it purges, by p99 without', ratio, ratio.toFixed(2));
      report.check(await left() > 0, 'the purge was over before all was measured: fewer --seconds');
      report.rate('rate', 'contacts', beside.accepted / beside.seconds);
      scenario.reportCost(cost, beside.accepted);
      await server.stop();
      await scenario.reportYardstickAlone(beside.accepted / beside.seconds);
    },
  },
];
