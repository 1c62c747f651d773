// From a change to its request at the receiver. Load and receiver are one program, so that one clock measures both; it
// checks every signature and that every contact came once.
import fs from 'node:fs';
import path from 'node:path';
import { freePort } from '../process.mjs';

// Webhooks of venues prefix0...: one each, on an address of its own, at bench_load's receiver.
export async function ownReceivers(scenario, server, prefix, count) {
  const port = await freePort();
  const secrets = path.join(scenario.folder, 'secrets');
  const lines = [];
  for (let i = 0; i < count; ++i) {
    await server.venue(`${prefix}${i}`);
    const { secret } = await server.webhook(`${prefix}${i}`, `http://127.${20 + (i >> 8)}.${i & 255}.1:${port}/${i}`);
    lines.push(`/${i} ${secret}\n`);
  }
  fs.writeFileSync(secrets, lines.join(''));
  return { receive: port, secrets };
}

export function checkAll(report, loaded) {
  report.check(loaded.refused === 0, `the API refused ${loaded.refused}`);
  report.check(loaded.missing === 0 && loaded.arrived === loaded.accepted,
    `${loaded.accepted} were accepted, ${loaded.arrived} arrived, ${loaded.missing} are missing`);
  report.check(loaded.came_twice === 0, `${loaded.came_twice} came twice`);
  report.check(loaded.wrongly_signed === 0, `${loaded.wrongly_signed} were wrongly signed`);
}

function reportLatency(scenario, loaded) {
  scenario.report.latency('answers', 'API answer', loaded.answers);
  scenario.report.latency('arrivals_after_answer', 'API answer to request at the receiver',
    loaded.arrivals_after_answer);
  scenario.report.latency('arrivals', 'from when it was to be sent to the receiver', loaded.arrivals);
  checkAll(scenario.report, loaded);
}

export const scenarios = [
  {
    name: 'idle-latency',
    what: '100 contacts a second, each alone',
    async run(scenario) {
      const server = await scenario.server();
      const receiver = await ownReceivers(scenario, server, 'v', 1);
      const cost = await scenario.measured(server, () => server.load({
        venues: 'v:1', rate: 100, connections: 2, seconds: scenario.seconds(10), ...receiver,
      }));
      scenario.report.rate('rate', 'contacts', cost.result.accepted / cost.result.seconds);
      reportLatency(scenario, cost.result);
      scenario.reportCost(cost, cost.result.accepted);
      await server.stop();
      await scenario.reportYardstickAlone(cost.result.accepted / cost.result.seconds);
    },
  },
  {
    name: 'half-rate-latency',
    what: 'contacts at half of the highest rate, open loop: a stall counts for all that should have been sent meanwhile',
    async run(scenario) {
      const server = await scenario.server();
      const receiver = await ownReceivers(scenario, server, 'v', 10);
      const load = { venues: 'v:10', connections: 128, ...receiver };
      let rate = scenario.options.rate;
      if (rate === undefined) {
        const top = await server.load({ ...load, connections: 64, seconds: scenario.quick ? 2 : 5 });
        scenario.report.check(top.arrived === top.accepted && top.wrongly_signed === 0,
          `at the highest rate ${top.accepted} were accepted and ${top.arrived} arrived`);
        scenario.report.rate('top_rate', 'highest rate, closed loop, same receiver', top.accepted / top.seconds);
        rate = Math.round(top.accepted / top.seconds / 2);
      }
      const cost = await scenario.measured(server,
        () => server.load({ ...load, rate, seconds: scenario.seconds(15) }));
      scenario.report.rate('rate', 'contacts', cost.result.accepted / cost.result.seconds);
      reportLatency(scenario, cost.result);
      scenario.reportCost(cost, cost.result.accepted);
      await server.stop();
      await scenario.reportYardstickAlone(cost.result.accepted / cost.result.seconds);
    },
  },
  {
    name: 'dead-webhooks',
    what: '100 healthy webhooks beside 1,000 dead ones (half refuse, half never answer) owed as many deliveries, and without',
    async run(scenario) {
      const { report } = scenario;
      const otherVenues = 100;
      const deadEach = 10;
      const server = await scenario.server();
      const receiver = await ownReceivers(scenario, server, 'v', 100);
      const closed = await freePort();
      const silent = await freePort();
      for (let i = 0; i < otherVenues; ++i) {
        await server.venue(`still${i}`);
        await server.venue(`dead${i}`);
        for (let j = 0; j < deadEach; ++j) {
          const url = `http://127.${30 + (j >> 1)}.${i}.1:${j % 2 ? closed : silent}/`;
          await server.webhook(`dead${i}`, url);
        }
      }
      const rate = scenario.options.rate ?? 1000;
      const load = {
        venues: 'v:100', rate, connections: 64, seconds: scenario.seconds(15), ...receiver, silent,
      };
      // The same changes with and without dead webhooks to tell of them, so that these are all that differs; and none.
      const others = (prefix) => ({ 'other-venues': `${prefix}:${otherVenues}`, 'other-rate': rate / deadEach });
      const alone = await server.load(load);
      report.latency('alone', 'healthy, alone: from when it was to be sent', alone.arrivals);
      checkAll(report, alone);
      const without = await server.load({ ...load, ...others('still') });
      report.latency('without', 'healthy, beside changes that nobody hears of', without.arrivals);
      checkAll(report, without);
      const cost = await scenario.measured(server, () => server.load({ ...load, ...others('dead') }));
      const beside = cost.result;
      report.latency('beside', 'healthy, beside as many that dead ones hear of', beside.arrivals);
      checkAll(report, beside);
      report.latency('beside_after_answer', 'the same from the API answer', beside.arrivals_after_answer);
      // The request is mostly at the receiver before the answer is at the client: what lies between the two is no
      // measure to divide by.
      const ratio = (other) => beside.arrivals.p99_ms / other.arrivals.p99_ms;
      report.add('p99_ratio', 'p99 beside the dead ones, by p99 alone', ratio(alone), ratio(alone).toFixed(2));
      report.add('p99_ratio_without', 'p99 beside them, by p99 with all but them', ratio(without), ratio(without).toFixed(2));
      report.add('dead_owed', 'deliveries owed to the dead ones meanwhile',
        beside.others_accepted * deadEach, String(beside.others_accepted * deadEach));
      report.rate('rate', 'contacts of the healthy ones', beside.accepted / beside.seconds);
      scenario.reportCost(cost, beside.accepted);
      await server.stop();
      await scenario.reportYardstickAlone(beside.accepted / beside.seconds);
    },
  },
];
