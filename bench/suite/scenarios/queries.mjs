// The dashboard's questions over a long history.
import fs from 'node:fs';
import { format } from '../report.mjs';

const repeats = 30;
const day = 24 * 3600 * 1000;

// Milliseconds of each repetition.
async function timed(ask) {
  const times = [];
  for (let i = 0; i < repeats; ++i) {
    const begin = performance.now();
    await ask(i);
    times.push(performance.now() - begin);
  }
  return times;
}

// As bench_load gives them.
function percentiles(times) {
  times.sort((a, b) => a - b);
  const at = (part) => times[Math.min(times.length - 1, Math.floor(part * times.length))];
  return { count: times.length, p50_ms: at(0.5), p90_ms: at(0.9), p99_ms: at(0.99), max_ms: times.at(-1) };
}

export const scenarios = [
  {
    name: 'queries',
    what: 'the dashboard\'s lists and figures over 10,000,000 stored deliveries of ten webhooks',
    async run(scenario) {
      const { report } = scenario;
      const webhooks = 10;
      const venues = 20;
      const deliveries = scenario.options.deliveries ?? (scenario.quick ? 200_000 : 10_000_000);
      const server = await scenario.server();
      const ids = [];
      await server.call('POST', '/api/venues-groups', { id: 'group', name: 'Group' });
      for (let i = 0; i < venues; ++i) {
        await server.call('POST', '/api/venues', { id: `v${i}`, name: `v${i}`, venues_group_id: 'group' });
      }
      for (let i = 0; i < webhooks; ++i) {
        const { id } = await server.call('POST', '/api/webhooks', {
          name: `w${i}`, url: `http://127.0.0.1:18999/${i}`, scope: { venues_group_id: 'group' }, events: ['contact.created'],
        });
        ids.push(id);
      }
      await server.stop();
      const filling = performance.now();
      const filled = await server.fill('v', venues, Math.ceil(deliveries / webhooks), 'ended');
      report.add('stored', 'stored deliveries', filled,
        `${format.count(filled)}, made in ${((performance.now() - filling) / 1000).toFixed(0)} s; ` +
        `database ${format.megabytes(fs.statSync(`${server.folder}/shakehook.db`).size)}`);
      const begin = performance.now();
      await server.start({ timeoutMs: 120_000 });
      report.add('ready_s', 'start until ready', (performance.now() - begin) / 1000,
        format.seconds((performance.now() - begin) / 1000));

      const some = (await server.call('GET', '/api/deliveries?limit=200')).data;
      const one = some[Math.floor(some.length / 2)];
      const now = Date.now();
      const since = (i) => now - (i % 24) * day;
      const deliveriesBy = {
        'newest deliveries': () => '/api/deliveries?limit=50',
        'deliveries of a webhook': (i) => `/api/deliveries?limit=50&webhook_id=${ids[i % webhooks]}`,
        'deliveries that failed': () => '/api/deliveries?limit=50&status=failed',
        'deliveries of a webhook that failed': (i) => `/api/deliveries?limit=50&status=failed&webhook_id=${ids[i % webhooks]}`,
        'deliveries pending (none)': () => '/api/deliveries?limit=50&status=pending',
        'deliveries of an event type': () => '/api/deliveries?limit=50&event=contact.created',
        'deliveries of a type that never was': () => '/api/deliveries?limit=50&event=account.deleted',
        'deliveries of a day': (i) => `/api/deliveries?limit=50&since=${since(i) - day}&until=${since(i)}`,
        'deliveries of a resource': (i) => `/api/deliveries?limit=50&resource_id=${some[i].resource_id}`,
        'one delivery': (i) => `/api/deliveries/${some[i].id}`,
        'one resource\'s deliveries of a webhook': () => `/api/deliveries?resource_id=${one.resource_id}&webhook_id=${one.webhook_id}`,
        'newest events': () => '/api/events?limit=50',
        'contacts of a venue': (i) => `/api/venues/v${i % venues}/contacts?limit=50`,
        'contacts by a text': (i) => `/api/venues/v${i % venues}/contacts?limit=50&q=number%20${i}`,
        'contacts by a text that none has': (i) => `/api/venues/v${i % venues}/contacts?limit=50&q=nobody%20${i}`,
        'a venue\'s contacts by name': (i) => `/api/contacts?venue_id=v${i % venues}&sort=name&limit=50`,
        'a venue\'s newest contacts, by such a text': (i) => `/api/contacts?venue_id=v${i % venues}&sort=-created_at&limit=50&q=nobody%20${i}`,
        'a venue\'s contacts by name, by such a text': (i) => `/api/contacts?venue_id=v${i % venues}&sort=name&limit=50&q=nobody%20${i}`,
        'contacts by e-mail': (i) => `/api/venues/v${i % venues}/contacts?email=jb.moreau.${i}%40example.com`,
        'webhooks with their health': () => '/api/webhooks?limit=50',
        'a webhook\'s figures of a day': (i) => `/api/webhooks/${ids[i % webhooks]}/stats?window=24h`,
        'a webhook\'s figures of a month': (i) => `/api/webhooks/${ids[i % webhooks]}/stats?window=30d`,
      };
      let worst = 0;
      const all = [];
      const cost = await scenario.measured(server, async () => {
        for (const [what, url] of Object.entries(deliveriesBy)) {
          const times = await timed((i) => server.call('GET', url(i)));
          all.push(...times);
          const figures = percentiles(times);
          report.latency(what, what, figures);
          worst = Math.max(worst, figures.p99_ms);
        }
      });
      report.latency('all', 'all of them', percentiles(all));
      report.add('worst_p99_ms', 'the slowest p99', worst, format.ms(worst));
      const rate = all.length / (all.reduce((sum, time) => sum + time, 0) / 1000);
      report.rate('rate', 'questions, one after the other', rate);
      scenario.reportCost(cost, all.length, 'question');
      const none = await server.call('GET', '/api/contacts?venue_id=v0&q=nobody');
      report.check(none.data.length === 0, 'a text that none has was found');
      await server.stop();
    },
  },
];
