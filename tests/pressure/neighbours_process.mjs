// The neighbours' own process: it makes their changes at a modest rate, receives their deliveries, and looks at /healthz,
// all by one clock that no hostile request disturbs. neighbours.mjs starts it and talks to it.
import http from 'node:http';

import { percentiles } from './percentiles.mjs';

const changesPerSecond = 10;  // for each neighbour
const healthEveryMs = 100;
const streamEveryMs = 1_000;
const answerMsMax = 30_000;
const tickMs = 2;

const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });
const changes = new Map();  // by the mark that the change carries in its first name
const health = [];
const streams = [];
let phase = 'warm';
let unexpected = 0;
let repeated = 0;

// The response's status and text, or a word for why there was none.
function call(options, body) {
  return new Promise((resolve) => {
    const request = http.request({ timeout: answerMsMax, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece) => { text += piece; });
      response.on('end', () => resolve({ status: response.statusCode, text }));
      response.on('error', (error) => resolve({ error: error.code ?? error.message }));
    });
    request.on('timeout', () => request.destroy(Object.assign(new Error('no answer'), { code: `no answer in ${answerMsMax / 1000} s` })));
    request.on('error', (error) => resolve({ error: error.code ?? error.message }));
    request.end(body);
  });
}

// A refusal as a few words that can be counted.
function wordsOf({ status, text }) {
  let detail = '';
  try {
    detail = JSON.parse(text).detail;
  } catch {
    detail = text.slice(0, 60);
  }
  return `${status} ${detail}`.slice(0, 100);
}

const receiver = http.createServer((request, response) => {
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => {
    const at = performance.now();
    response.writeHead(204).end();
    const { data } = JSON.parse(Buffer.concat(pieces));
    const change = changes.get(data.first_name);
    if (!change) unexpected += 1;
    else if (change.arrivedAt) repeated += 1;
    else change.arrivedAt = at;
  });
});

async function change(url, { venue, key }, number) {
  const mark = `${venue} ${number}`;
  // Every other change edits what the one before it made.
  const edits = number % 2 === 1;
  const id = `contact-${number - (number % 2)}`;
  const path = edits ? `/api/venues/${venue}/contacts/${id}` : `/api/venues/${venue}/contacts`;
  const body = JSON.stringify({ ...(edits ? {} : { id }), first_name: mark, last_name: 'Neighbour', email: 'neighbour@example.com' });
  const made = { phase, startedAt: performance.now() };
  changes.set(mark, made);
  const answer = await call({
    agent, host: url.hostname, port: url.port, method: edits ? 'PATCH' : 'POST', path,
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) },
  }, body);
  made.answeredAt = performance.now();
  made.accepted = answer.status === 200 || answer.status === 201;
  if (!made.accepted) made.failure = answer.error ?? wordsOf(answer);
}

// Each on a connection of its own, as somebody who comes just now.
async function lookAtHealth(url) {
  const look = { phase, startedAt: performance.now() };
  health.push(look);
  const answer = await call({ agent: false, host: url.hostname, port: url.port, path: '/healthz' });
  look.ms = performance.now() - look.startedAt;
  if (answer.status !== 200) look.failure = answer.error ?? wordsOf(answer);
}

// A neighbour begins to listen, and leaves when it is let in.
function openStream(url, { key }) {
  return new Promise((resolve) => {
    const look = { phase };
    streams.push(look);
    const request = http.get({
      agent: false, timeout: answerMsMax, host: url.hostname, port: url.port, path: '/api/stream', headers: { Authorization: `Bearer ${key}` },
    }, (response) => {
      if (response.statusCode !== 200) look.failure = `${response.statusCode}`;
      request.destroy();
      resolve();
    });
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', (error) => { look.failure ??= error.code ?? error.message; resolve(); });
  });
}

let running = true;
const underWay = new Set();

function start(promise) {
  underWay.add(promise);
  promise.finally(() => underWay.delete(promise));
}

// An open loop: a stall of the server holds back no change that is due meanwhile, but for the edit of a contact that is
// still being made.
function begin({ url: text, neighbours }) {
  const url = new URL(text);
  const beganAt = performance.now();
  const intervalMs = 1000 / changesPerSecond;
  const lines = neighbours.map((neighbour, index) =>
    ({ neighbour, number: 0, nextAt: beganAt + index * intervalMs / neighbours.length, before: Promise.resolve() }));
  let nextHealthAt = beganAt;
  let nextStreamAt = beganAt;
  const tick = () => {
    if (!running) return;
    const now = performance.now();
    for (const line of lines) {
      while (line.nextAt <= now) {
        const number = line.number++;
        const make = () => change(url, line.neighbour, number);
        line.before = number % 2 === 1 ? line.before.then(make) : make();
        start(line.before);
        line.nextAt += intervalMs;
      }
    }
    if (nextHealthAt <= now) {
      start(lookAtHealth(url));
      nextHealthAt = now + healthEveryMs;
    }
    if (nextStreamAt <= now) {
      start(openStream(url, neighbours[0]));
      nextStreamAt = now + streamEveryMs;
    }
    setTimeout(tick, tickMs);
  };
  tick();
}

function countBy(words) {
  const counts = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

function summaryOf(name) {
  const made = [...changes.values()].filter((change) => change.phase === name);
  const accepted = made.filter((change) => change.accepted);
  const looks = health.filter((look) => look.phase === name);
  return {
    changes: made.length,
    failures: countBy(made.filter((change) => change.failure).map((change) => change.failure)),
    answers: percentiles(made.map((change) => (change.answeredAt ?? Infinity) - change.startedAt)),
    // Deliveries that have not arrived are counted in `missing`; in the percentiles they would have no number.
    arrivals: percentiles(accepted.filter((change) => change.arrivedAt).map((change) => change.arrivedAt - change.startedAt)),
    missing: accepted.filter((change) => !change.arrivedAt).length,
    health: percentiles(looks.map((look) => look.ms ?? answerMsMax)),
    healthFailures: countBy(looks.filter((look) => look.failure).map((look) => look.failure)),
    streamFailures: countBy(streams.filter((look) => look.phase === name && look.failure).map((look) => look.failure)),
  };
}

// Ends the load, waits for answers and deliveries, at most so long, and tells what was measured.
async function finish({ msMax }) {
  running = false;
  const end = performance.now() + msMax;
  const settled = () => underWay.size === 0 &&
    [...changes.values()].every((change) => !change.accepted || change.arrivedAt);
  while (!settled() && performance.now() < end) await new Promise((resolve) => { setTimeout(resolve, 20); });
  const phases = [...new Set([...changes.values()].map((change) => change.phase))];
  return {
    phases: Object.fromEntries(phases.map((name) => [name, summaryOf(name)])), unexpected, repeated,
    unanswered: underWay.size,
  };
}

const commands = {
  listen: () => new Promise((resolve) => {
    receiver.listen(0, '127.0.0.1', () => resolve({ receiver: `http://127.0.0.1:${receiver.address().port}` }));
  }),
  begin: (arguments_) => begin(arguments_),
  phase: ({ name }) => { phase = name; },
  finish,
};

process.on('message', async ({ number, command, arguments_ }) => {
  const answer = await commands[command](arguments_);
  process.send({ number, answer });
});
process.on('disconnect', () => process.exit(0));
