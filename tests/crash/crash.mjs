// kill -9 under load, again and again; then what was answered is reconciled with what arrived, and with what is stored.
// `./dev crash --rounds=N --seed=S --seconds=X`. The moments of the kills and the receiver's failures follow from the
// seed; a round lasts X seconds at most. The last two lines count as those of node's test runner do.
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';

import { eventually, sleep } from '../harness/eventually.mjs';
import { Receiver, signatureOf } from '../harness/receiver.mjs';
import { quickFlags, Shakehook, temporaryFolder } from '../harness/shakehook.mjs';
import { Ledger } from './ledger.mjs';
import { Load } from './load.mjs';
import { randomFrom } from './random.mjs';

const connections = 16;
const webhooks = 2;
const runMsMin = 100;
const failingParts = [0.02, 0.02, 0.5, 1];  // the part of the requests that fails; each round takes one
const startMs = [0, 60];
const drainMsMax = 120_000;
const faultsShownMax = 20;
// So many that a receiver which refuses for rounds on end makes no delivery end as failed.
const flags = { ...quickFlags, 'log-level': 'error', 'max-retries': 100, 'retry-base': '200ms' };

const usage = '--rounds=N --seed=S --seconds=X';

function readArguments(texts) {
  const options = { rounds: 10, seed: Date.now() % 1_000_000, seconds: 1.5 };
  for (const text of texts) {
    const [, name, number] = text.match(/^--([a-z]+)=(\d+(?:\.\d+)?)$/) ?? [];
    const value = Number(number);
    const whole = name === 'seconds' || Number.isSafeInteger(value);
    if (!Object.hasOwn(options, name) || !whole || (name === 'seconds' && value * 1000 < runMsMin)) {
      console.error(`./dev crash: cannot use "${text}" (known: ${usage})`);
      process.exit(2);
    }
    options[name] = value;
  }
  return options;
}

// `mood.failingPart` of the requests fail.
function startReceiver(seed, mood, ledger, secrets) {
  const random = randomFrom(seed + 1);
  return Receiver.start(null, {
    keeps: false,
    answer: (request) => {
      const secret = secrets.get(request.path);
      if (request.headers['bookingshake-signature'] !== signatureOf(secret, request.body)) {
        ledger.faults.push(`a wrong signature on ${request.headers['idempotency-key']}`);
      }
      if (random.chance(mood.failingPart)) return 500;
      ledger.arrive(request.headers['idempotency-key'], request.body.toString());
      return 204;
    },
  });
}

async function allContacts(api) {
  const contacts = [];
  let cursor = '';
  do {
    const page = await api.get(`/api/venues/venue123/contacts?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    contacts.push(...page.data);
    cursor = page.next_cursor;
  } while (cursor);
  return contacts;
}

async function pendingOf(api) {
  const { data } = await api.get('/api/webhooks');
  return data.reduce((sum, { health }) => sum + health.pending, 0);
}

async function killWhileItStarts(server, ms) {
  const launched = server.launch().catch(() => {});
  await sleep(ms);
  await server.kill();
  await launched;
}

// Gives what is amiss, one text each. The data stays where something is.
async function crashAndReconcile({ rounds, seed, seconds }) {
  const folder = await temporaryFolder();
  console.log(`kill -9 under load: ${rounds} rounds of at most ${seconds} s, seed ${seed}, data in ${folder}`);
  const random = randomFrom(seed);
  const ledger = new Ledger();
  const secrets = new Map();
  const server = await Shakehook.start(null, { folder, flags });
  const mood = { failingPart: 0 };
  const receiver = await startReceiver(seed, mood, ledger, secrets);
  const load = new Load(ledger, connections);
  try {
    await server.api.venue();
    for (let i = 0; i < webhooks; ++i) {
      const url = new URL(`/hook-${i}`, receiver.url);
      secrets.set(url.pathname, (await server.api.webhook(url.href, { events: ['contact.created'] })).secret);
    }
    for (let round = 1; round <= rounds; ++round) {
      mood.failingPart = failingParts[random.between(0, failingParts.length - 1)];
      load.start(server);
      await sleep(random.between(runMsMin, Math.floor(seconds * 1000)));
      await server.kill();
      await load.stop();
      console.log(`round ${round}: ${ledger.promised.size} answered, ${load.unanswered.length} without a response, ` +
        `${ledger.missing().length} to arrive yet`);
      if (random.chance(0.3)) await killWhileItStarts(server, random.between(...startMs));
      await server.launch();
    }
    mood.failingPart = 0;
    load.start(server);
    await eventually(() => load.unanswered.length === 0, 'answer to what had none');
    await load.stop();
    await eventually(async () => await pendingOf(server.api) === 0, 'end of what is owed', drainMsMax,
      async () => `${await pendingOf(server.api)} pending`);
    ledger.reconcile(webhooks, await allContacts(server.api));
    if (load.refused.length > 0) ledger.faults.push(`${load.refused.length} refused, such as ${load.refused[0]}`);
    const { code } = await server.stop();
    if (code !== 0) ledger.faults.push(`it ended with ${code}`);
    const { stdout } = await promisify(execFile)('sqlite3', [server.database, 'PRAGMA integrity_check']);
    if (stdout !== 'ok\n') ledger.faults.push(`the database is damaged: ${stdout}`);
  } finally {
    await server.process.end('SIGKILL');
    await receiver.close();
  }
  console.log(`${ledger.promised.size} contacts answered and stored, ${ledger.arrived.size} arrived at ${webhooks} webhooks, ` +
    `${ledger.duplicates()} of the requests more than once`);
  if (ledger.faults.length === 0) await rm(folder, { recursive: true });
  return ledger.faults;
}

const options = readArguments(process.argv.slice(2));
const faults = await crashAndReconcile(options).catch((error) => [error.stack]);
for (const fault of faults.slice(0, faultsShownMax)) console.error(`FAULT: ${fault}`);
if (faults.length > 0) {
  const { rounds, seed, seconds } = options;
  console.error(`${faults.length} faults; repeat with --rounds=${rounds} --seed=${seed} --seconds=${seconds}`);
  process.exitCode = 1;
}
console.log(`# pass ${faults.length > 0 ? 0 : 1}\n# fail ${faults.length > 0 ? 1 : 0}`);
