// Searches of contacts, by all kinds of words, in every order and scope.
import fs from 'node:fs';
import { format } from '../report.mjs';

const repeats = 20;
const venues = 100;
const groupVenues = 10;
// By the server's processor time, which other programs of the machine change less than the time on the clock.
const goalMs = 50;
const goalP90Ms = 150;
const goalMaxMs = 500;
const parts = [0.5, 0.9, 1];

function percentile(times, part) {
  times.sort((a, b) => a - b);
  return times[Math.min(times.length - 1, Math.floor(part * times.length))];
}

// Each kind of search asks for this, for the i-th time: words of contacts that there are. `some`: contacts of a
// venue. The most frequent last names are among them as often as they are borne.
function kindsOfWords(some) {
  const one = (i) => some[(i * 17) % some.length];
  const national = (i) => one(i).phone.replaceAll(' ', '').replace('+33', '0');
  const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const accented = some.filter(({ first_name: name }) => plain(name) !== name.toLowerCase());
  const counts = new Map();
  for (const { last_name: name } of some) counts.set(name, (counts.get(name) ?? 0) + 1);
  const frequent = [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  return {
    'no hit': (i) => `qzk${i}wxv`,
    'an e-mail': (i) => one(i).email,
    'an id': (i) => one(i).id,
    'a phone, 0612345678': national,
    'a phone, 06 12 34 56 78': (i) => national(i).replace(/(\d\d)(?=\d)/g, '$1 '),
    'first and last name': (i) => `${one(i).first_name} ${one(i).last_name}`,
    'last and first name': (i) => `${one(i).last_name} ${one(i).first_name}`,
    'a last name': (i) => one(i).last_name,
    'the most frequent last names': (i) => frequent[i % 4],
    'a first name': (i) => one(i).first_name,
    'a first name, its accents left out': (i) => plain(accented[i % accented.length].first_name),
    'a first name, in NFD': (i) => accented[i % accented.length].first_name.normalize('NFD'),
    'an e-mail\'s host': () => 'gmail.com',
    'three letters': (i) => one(i).last_name.slice(0, 3),
    'two letters': (i) => one(i).last_name.slice(0, 2),
    'two letters that few have': (i) => ['wq', 'x ', 'kk', 'qz', 'ww'][i % 5],
    'one letter': (i) => one(i).last_name.slice(0, 1),
  };
}

export const scenarios = [
  {
    name: 'searches',
    what: 'searches of 10,000,000 contacts of 100 venues, by all kinds of words, in every order and scope',
    async run(scenario) {
      const { report, options } = scenario;
      const contacts = options.contacts ?? (scenario.quick ? 200_000 : 10_000_000);
      const server = scenario.unstarted();
      if (!options.reuse) await make(scenario, server, contacts);
      await server.start({ timeoutMs: 120_000 });
      const some = (await server.call('GET', '/api/venues/v3/contacts?limit=200')).data;
      const words = kindsOfWords(some);
      const scopes = {
        'a venue': 'venue_id=v3',
        [`${groupVenues} venues`]: 'venues_group_id=group',
        [`${venues - groupVenues} venues`]: 'venues_group_id=large',
      };
      const lists = { 'a venue, by id': (q) => `/api/venues/v3/contacts?limit=50&q=${q}` };
      for (const [scope, by] of Object.entries(scopes)) {
        lists[`${scope}, newest first`] = (q) => `/api/contacts?${by}&sort=-created_at&limit=50&q=${q}`;
        lists[`${scope}, by name`] = (q) => `/api/contacts?${by}&sort=name&limit=50&q=${q}`;
      }
      const cost = await scenario.measured(server, async () => {
        let [worst, worstP90, worstOfAll] = [0, 0, 0];
        const slow = [];
        for (const [list, url] of Object.entries(lists)) {
          for (const [what, word] of Object.entries(words)) {
            const [times, processor] = [[], []];
            let rows = 0;
            for (let i = 0; i < repeats; ++i) {
              const [begun, before] = [performance.now(), server.processorMs()];
              const page = await server.call('GET', url(encodeURIComponent(word(i))));
              processor.push(server.processorMs() - before);
              times.push(performance.now() - begun);
              rows += page.data.length;
            }
            const [p50, p90, max] = parts.map((part) => percentile(processor, part));
            const [p50Clock, p90Clock, maxClock] = parts.map((part) => percentile(times, part));
            report.add(`${list}: ${what}`, `${list}: ${what}`,
              { p50_ms: p50, p90_ms: p90, max_ms: max, p50_clock_ms: p50Clock, p90_clock_ms: p90Clock, max_clock_ms: maxClock, rows: rows / repeats },
              `processor p50 ${format.ms(p50)}, p90 ${format.ms(p90)}, max ${format.ms(max)}; clock p50 ${format.ms(p50Clock)}, ` +
              `p90 ${format.ms(p90Clock)}, max ${format.ms(maxClock)}; ${format.count(rows / repeats)} rows`);
            worst = Math.max(worst, p50);
            worstP90 = Math.max(worstP90, p90);
            worstOfAll = Math.max(worstOfAll, max);
            if (p50 > goalMs || p90 > goalP90Ms || max > goalMaxMs) slow.push(`${list}: ${what}`);
          }
        }
        report.add('worst_p50_ms', 'the slowest p50', worst, format.ms(worst));
        report.add('worst_p90_ms', 'the slowest p90', worstP90, format.ms(worstP90));
        report.add('worst_ms', 'the slowest search', worstOfAll, format.ms(worstOfAll));
        report.add('slow', `kinds above ${goalMs} ms at p50, ${goalP90Ms} at p90 or ${goalMaxMs} at most`, slow, slow.length === 0 ? 'none' : slow.join('; '));
      });
      scenario.reportCost(cost, Object.keys(lists).length * Object.keys(words).length * repeats, 'search');
      await server.stop();
    },
  },
];

// Fills a database through the store, and has the server make the index for searches.
async function make(scenario, server, contacts) {
  const { report } = scenario;
  await server.start();
  for (const id of ['group', 'large']) await server.call('POST', '/api/venues-groups', { id, name: id });
  for (let i = 0; i < venues; ++i) {
    await server.call('POST', '/api/venues',
      { id: `v${i}`, name: `v${i}`, venues_group_id: i < groupVenues ? 'group' : 'large' });
  }
  await server.stop();
  let begin = performance.now();
  await server.people('v', venues, contacts);
  const bytes = (name) => fs.statSync(`${server.folder}/${name}`).size;
  report.add('stored', 'stored contacts', contacts,
    `${format.count(contacts)}, made in ${((performance.now() - begin) / 1000).toFixed(0)} s; ` +
    `database ${format.megabytes(bytes('shakehook.db'))}`);

  begin = performance.now();
  await server.makeSearchIndex();
  const indexed = (performance.now() - begin) / 1000;
  report.add('indexed_s', 'index made', indexed,
    `${format.seconds(indexed)}; ${format.megabytes(bytes('shakehook.db.search'))}, ` +
    `${format.bytes(bytes('shakehook.db.search') / contacts)} a contact`);
}
