// How the dashboard does in the large world (large_world.mjs), in figures, on a processor slowed down four times:
//
//   node tests/browser/size.mjs           SCALE=0.1 a smaller world, MINUTES=5 of live deliveries (0: none), PAGES=users,home some
//                                         pages (none: PAGES=none), VISITS=1 instead of 3,
//                                         SLOWED=1 a processor that is not slowed, LOADED=1 each file's bytes
//
// For each page, the median of the visits: when its first row is there, the longest task, how many nodes, and how many compressed bytes a first
// visit loads. Then live pages are left open under 500 deliveries a second: of each the longest task in that time, its nodes
// and its heap. The tables are printed as the docs have them. Ends with 1 where a figure is above its goal.
import { setTimeout as sleep } from 'node:timers/promises';

import { chromium } from 'playwright-core';

import { administrator, startDashboard } from './dashboard.mjs';
import { fillLargeWorld } from './large_world.mjs';

const goals = { rowMs: 1_500, taskMs: 200, nodes: 3_000, kib: 250, heapMib: 60 };
const slowedDown = Number(process.env.SLOWED ?? 4);
const settleMs = 1_500;
const waitMsMax = 120_000;
const deliveriesPerSecond = 500;

const scale = Number(process.env.SCALE ?? 1);
const minutes = Number(process.env.MINUTES ?? 5);
const visits = Number(process.env.VISITS ?? 3);

const failing = ({ webhooks }) => `/webhooks/${webhooks.find(({ kind }) => kind === 'failing').id}`;
// A page, and what its first row is.
const row = 'main table tbody tr, main [role=list] > *, main li';
const pages = [
  { name: 'home', address: '/', first: 'main h1' },
  { name: 'contacts', address: '/contacts', first: row },
  { name: 'contacts of a venue', address: '/v/venue-000/contacts', first: row },
  { name: 'contacts found', address: '/contacts?q=lefevre', first: row },
  { name: 'a contact', address: '/contacts/venue-000/guest-0', first: 'main h1' },
  { name: 'webhooks', address: '/webhooks', first: row },
  { name: 'webhooks of a group', address: '/g/group-00/webhooks', first: row },
  { name: 'a failing webhook', address: failing, first: 'main [role=tabpanel]' },
  { name: 'deliveries', address: '/deliveries', first: row },
  { name: 'events', address: '/events', first: row },
  { name: 'a venue', address: '/venues/venue-000', first: 'main h1' },
  { name: 'inboxes', address: '/inboxes', first: 'main section, main [class*=Paper]' },
  { name: 'integrations', address: '/settings/integrations', first: row },
  { name: 'venues', address: '/settings/venues', first: row },
  { name: 'users', address: '/settings/users', first: row },
  { name: 'audit', address: '/settings/audit', first: row },
  { name: 'notices', address: '/settings/notices', first: 'main h1' },
];
const livePages = [{ name: 'home', address: '/' }, { name: 'deliveries', address: '/deliveries' }, { name: 'a failing webhook', address: failing }];

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });

// A visitor who has never been here: nothing is in the cache.
async function visitor(server) {
  const context = await browser.newContext({ baseURL: server.url, viewport: { width: 1360, height: 860 }, locale: 'en-GB' });
  const response = await context.request.post(`${server.url}/api/session`, { data: { email: administrator.email, password: administrator.password } });
  if (response.status() !== 201) throw new Error(await response.text());
  const page = await context.newPage();
  const protocol = await context.newCDPSession(page);
  await protocol.send('Network.enable');
  return { context, page, protocol };
}

async function measure(server, { address, first }) {
  const { context, page, protocol } = await visitor(server);
  page.setDefaultTimeout(waitMsMax);
  const addresses = new Map();
  const loaded = [];
  protocol.on('Network.requestWillBeSent', ({ requestId, request }) => addresses.set(requestId, new URL(request.url)));
  protocol.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => loaded.push({ bytes: encodedDataLength, address: addresses.get(requestId) }));
  await page.addInitScript(observeTasks);
  await protocol.send('Emulation.setCPUThrottlingRate', { rate: slowedDown });
  await page.goto(address, { waitUntil: 'commit' });
  const shown = await page.waitForFunction((selector) => {
    const element = document.querySelector(selector);
    return element !== null && element.getBoundingClientRect().height > 0 && performance.now();
  }, first, { timeout: waitMsMax, polling: 'raf' });
  const rowMs = await shown.jsonValue();
  await sleep(settleMs);
  const taskMs = await longestTask(page);
  const nodes = await page.evaluate(() => document.querySelectorAll('*').length);
  await context.close();
  if (process.env.LOADED) for (const { bytes, address: { pathname, search } } of loaded.toSorted((a, b) => b.bytes - a.bytes)) console.log(`  ${String(bytes).padStart(7)} ${pathname}${search}`);
  const kib = Math.round(loaded.reduce((sum, { bytes }) => sum + bytes, 0) / 1024);
  return { rowMs: Math.round(rowMs), taskMs, nodes, kib };
}

// Changes contacts, of two venues after the other, so that this many deliveries a second fall due.
async function deliver(server, world, signal) {
  const perChange = world.webhooks.length / world.venues.length;
  const changes = Math.ceil(deliveriesPerSecond / perChange / 2);
  for (let second = 0; !signal.aborted; ++second) {
    const due = Date.now() + 1_000;
    for (const venue of [world.venues[(2 * second) % world.venues.length], world.venues[(2 * second + 1) % world.venues.length]]) {
      await server.api.post(`/api/venues/${venue.id}/contacts/batch`, Array.from({ length: changes }, (_, i) => ({ id: `guest-${i}`, title: `${second}.${i}` })));
    }
    await sleep(Math.max(0, due - Date.now()), undefined, { signal }).catch(() => {});
  }
}

const observeTasks = () => {
  globalThis.tasks = [];
  new PerformanceObserver((list) => globalThis.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask', buffered: true });
};
const longestTask = (page) => page.evaluate(() => Math.round(Math.max(0, ...globalThis.tasks)));

// Leaves these pages open beside each other, each in a profile of its own, while deliveries are made.
async function live(server, world) {
  const open = [];
  for (const { name, address } of livePages) {
    const { context, page, protocol } = await visitor(server);
    await page.addInitScript(observeTasks);
    await protocol.send('Emulation.setCPUThrottlingRate', { rate: slowedDown });
    await page.goto(typeof address === 'function' ? address(world) : address);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    open.push({ name, context, page, protocol });
  }
  await sleep(settleMs);
  for (const { page } of open) await page.evaluate(() => { globalThis.tasks.length = 0; });
  const stop = new AbortController();
  const delivering = deliver(server, world, stop.signal);
  const received = () => Object.values(world.receivers).reduce((sum, { count }) => sum + count, 0);
  const before = received();
  const began = Date.now();
  await sleep(minutes * 60_000);
  stop.abort();
  await delivering;
  const perSecond = Math.round((received() - before) / ((Date.now() - began) / 1_000));
  const table = {};
  for (const { name, context, page, protocol } of open) {
    const taskMs = await longestTask(page);
    await protocol.send('HeapProfiler.collectGarbage');
    const { usedSize } = await protocol.send('Runtime.getHeapUsage');
    const nodes = await page.evaluate(() => document.querySelectorAll('*').length);
    table[name] = judged(`${name}, live`, { taskMs, nodes, heapMib: Math.round(usedSize / 1024 / 1024) });
    await context.close();
  }
  return { perSecond, table };
}

// The median of each figure.
function median(all) {
  const of = (figure) => all.map((each) => each[figure]).toSorted((a, b) => a - b)[Math.floor((all.length - 1) / 2)];
  return Object.fromEntries(Object.keys(all[0]).map((figure) => [figure, of(figure)]));
}

// Prints a table in Markdown.
function print(table, heads) {
  console.log(`\n| page | ${heads.map(([, head]) => head).join(' | ')} |\n|---|${heads.map(() => '---:').join('|')}|`);
  for (const [name, figures] of Object.entries(table)) console.log(`| ${name} | ${heads.map(([key]) => figures?.[key]?.toLocaleString('en-GB') ?? '').join(' | ')} |`);
}

const missed = [];
function judged(name, figures) {
  for (const [figure, value] of Object.entries(figures)) {
    if (value > (goals[figure] ?? Infinity)) missed.push(`${name}: ${figure} ${value}, the goal is ${goals[figure]}`);
  }
  return figures;
}

const ends = [];
const holder = { after: (end) => ends.push(end), signal: new AbortController().signal };
const server = await startDashboard(holder, { flags: { 'allow-target': '127.0.0.0/8', 'allow-http-targets': true } });
try {
  const began = Date.now();
  const world = await fillLargeWorld(holder, server, { scale });
  console.log(`filled in ${Math.round((Date.now() - began) / 1_000)} s: ${world.venues.length} venues, ${world.webhooks.length} webhooks`);
  const wanted = process.env.PAGES?.split(',');
  const table = {};
  for (const { name, address, first } of pages) {
    const where = typeof address === 'function' ? address(world) : address;
    if (wanted && !wanted.includes(name)) continue;
    try {
      const seen = [];
      for (let visit = 0; visit < visits; ++visit) seen.push(await measure(server, { address: where, first }));
      table[name] = judged(name, median(seen));
    } catch (error) {
      missed.push(`${name}: ${error.message}`);
    }
    console.log(name, JSON.stringify(table[name]));
  }
  print(table, [['rowMs', 'first row, ms'], ['taskMs', 'longest task, ms'], ['nodes', 'nodes'], ['kib', 'first load, KiB']]);
  if (minutes > 0) {
    const { perSecond, table: figures } = await live(server, world);
    console.log(`\n${minutes} minutes live, ${perSecond} requests a second arrived at the receivers`);
    print(figures, [['taskMs', 'longest task, ms'], ['nodes', 'nodes'], ['heapMib', 'heap, MiB']]);
  }
  console.log(missed.length === 0 ? 'all goals are met' : `above the goals:\n  ${missed.join('\n  ')}`);
} finally {
  await browser.close();
  for (const end of ends.toReversed()) await end();
}
process.exit(missed.length === 0 ? 0 : 1);
