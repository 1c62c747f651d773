// Searches of contacts, by all kinds of words, in every order and scope.
import fs from 'node:fs';
import { format } from '../report.mjs';
import { sleep } from '../process.mjs';

const repeats = 12;
const venues = 100;
const groupVenues = 10;
const indexedMsMax = 3_600_000;

function percentile(times, part) {
  times.sort((a, b) => a - b);
  return times[Math.min(times.length - 1, Math.floor(part * times.length))];
}

export const scenarios = [
  {
    name: 'searches',
    what: 'searches of 10,000,000 contacts of 100 venues, by all kinds of words, in every order and scope',
    async run(scenario) {
      const { report } = scenario;
      const contacts = scenario.options.contacts ?? (scenario.quick ? 200_000 : 10_000_000);
      const server = await scenario.server();
      for (const id of ['group', 'large']) await server.call('POST', '/api/venues-groups', { id, name: id });
      for (let i = 0; i < venues; ++i) {
        await server.call('POST', '/api/venues',
          { id: `v${i}`, name: `v${i}`, venues_group_id: i % venues < groupVenues ? 'group' : 'large' });
      }
      await server.stop();
      let begin = performance.now();
      await server.people('v', venues, contacts);
      const bytes = (name) => fs.statSync(`${server.folder}/${name}`).size;
      report.add('stored', 'stored contacts', contacts,
        `${format.count(contacts)}, made in ${((performance.now() - begin) / 1000).toFixed(0)} s; ` +
        `database ${format.megabytes(bytes('shakehook.db'))}`);

      // The index of an old database, that has none.
      for (const part of ['', '-wal', '-shm']) fs.rmSync(`${server.folder}/shakehook.db.search${part}`, { force: true });
      await server.start({ timeoutMs: 120_000 });
      begin = performance.now();
      const before = server.usage().cpuSeconds;
      let cpu = before;
      for (let still = 0; still < 8 && performance.now() - begin < indexedMsMax;) {
        await sleep(500);
        const now = server.usage().cpuSeconds;
        still = now - cpu < 0.02 ? still + 1 : 0;
        cpu = now;
      }
      report.add('indexed_s', 'index made anew', (performance.now() - begin) / 1000 - 4,
        `${format.seconds((performance.now() - begin) / 1000 - 4)}; CPU a contact ` +
        `${format.micros((cpu - before) / contacts * 1e6)}; ${format.megabytes(bytes('shakehook.db.search'))}, ` +
        `${format.bytes(bytes('shakehook.db.search') / contacts)} a contact`);

      // Words of contacts that there are.
      const some = (await server.call('GET', '/api/venues/v3/contacts?limit=200')).data;
      const one = (i) => some[(i * 17) % some.length];
      const words = {
        'no hit': (i) => `qzk${i}wxv`,
        'a rare word (an e-mail)': (i) => one(i).email,
        'a phone number': (i) => one(i).phone.replaceAll(' ', '').replace('+33', '0'),
        'two words (first and last name)': (i) => `${one(i).last_name} ${one(i).first_name}`,
        'a last name': (i) => one(i).last_name,
        'a frequent word (a first name)': (i) => one(i).first_name,
        'most of all (an e-mail\'s host)': () => 'gmail.com',
        'three letters': (i) => one(i).last_name.slice(0, 3),
        'two letters': (i) => one(i).last_name.slice(0, 2),
      };
      const scopes = {
        'a venue': 'venue_id=v3',
        [`a group of ${groupVenues}`]: 'venues_group_id=group',
        [`a group of ${venues - groupVenues}`]: 'venues_group_id=large',
      };
      const lists = { 'a venue, by id': (q) => `/api/venues/v3/contacts?limit=50&q=${q}` };
      for (const [scope, by] of Object.entries(scopes)) {
        lists[`${scope}, newest first`] = (q) => `/api/contacts?${by}&sort=-created_at&limit=50&q=${q}`;
        lists[`${scope}, by name`] = (q) => `/api/contacts?${by}&sort=name&limit=50&q=${q}`;
      }
      const cost = await scenario.measured(server, async () => {
        let worst = 0;
        for (const [list, url] of Object.entries(lists)) {
          for (const [what, word] of Object.entries(words)) {
            const times = [];
            for (let i = 0; i < repeats; ++i) {
              const begun = performance.now();
              await server.call('GET', url(encodeURIComponent(word(i))));
              times.push(performance.now() - begun);
            }
            const [p50, max] = [percentile(times, 0.5), percentile(times, 1)];
            report.add(`${list}: ${what}`, `${list}: ${what}`, { p50_ms: p50, max_ms: max },
              `p50 ${format.ms(p50)}, max ${format.ms(max)}`);
            worst = Math.max(worst, p50);
          }
        }
        report.add('worst_p50_ms', 'the slowest p50', worst, format.ms(worst));
      });
      scenario.reportCost(cost, Object.keys(lists).length * Object.keys(words).length * repeats, 'search');
      await server.stop();
    },
  },
];
