// Receivers that mean no good, all at the same time, against the real program. For each: a verdict in time, a reason in
// plain words, no effect on the webhook next door, and memory that stays where it was.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import test from 'node:test';
import { gzipSync } from 'node:zlib';

import { eventually, sleep } from '../harness/eventually.mjs';
import { Receiver } from '../harness/receiver.mjs';
import { quickFlags, Shakehook, temporaryFolder } from '../harness/shakehook.mjs';
import { makeCertificates } from './certificates.mjs';
import { startHostileReceiver } from './hostile_receiver.mjs';

const timeoutMs = 2_500;
const latenessMsMax = 500;
const memoryGrowthKbMax = 48 * 1024;
const neighbourMsMax = 1_500;  // also on a machine that does other work

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const megabyte = 'x'.repeat(1 << 20);
const bomb = gzipSync(Buffer.alloc(32 << 20)).toString('latin1');

// The receiver's behaviour once a request is there; and the verdict: a status that counts as delivered, or the
// failure's class and the words of its message.
const silence = () => new Promise(() => {});
const answer = (text) => async (peer) => { await peer.request(); await peer.send(text); };
const cases = {
  'says nothing': { behave: silence, fails: 'timeout', words: /No response came within/ },
  'sends its headers a byte a second': {
    behave: async (peer) => { await peer.request(); await peer.drip(ok, 1_000); }, fails: 'timeout', words: /headers were not complete/ },
  'sends its body a byte a second': {
    behave: async (peer) => {
      await peer.request();
      await peer.send('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n');
      await peer.drip('b'.repeat(100), 1_000);
    },
    delivered: 200 },
  'answers just in time': {
    behave: async (peer) => { await peer.request(); await sleep(timeoutMs - 700); await peer.send(ok); }, delivered: 200 },
  'answers just too late': {
    behave: async (peer) => { await peer.request(); await sleep(timeoutMs + 200); await peer.send(ok); },
    fails: 'timeout', words: /No response came within/ },
  'resets before its headers': {
    behave: async (peer) => { await peer.request(); peer.reset(); }, fails: 'connection_closed', words: /was (reset|closed)/ },
  'resets in its headers': {
    behave: async (peer) => { await peer.request(); await peer.send('HTTP/1.1 200 OK\r\nConte'); await sleep(50); peer.reset(); },
    fails: 'connection_closed', words: /was (reset|closed)/ },
  'resets after its headers': {
    behave: async (peer) => {
      await peer.request();
      await peer.send('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n');
      await sleep(50);
      peer.reset();
    },
    delivered: 200 },
  'resets in its body': {
    behave: async (peer) => {
      await peer.request();
      await peer.send('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf');
      await sleep(50);
      peer.reset();
    },
    delivered: 200 },
  'closes at once': { behave: (peer) => peer.end(), fails: 'connection_closed', words: /was (reset|closed)/ },
  'sends 1xx without end': {
    behave: async (peer) => { await peer.request(); await peer.flood('HTTP/1.1 102 Processing\r\n\r\n'.repeat(1000), 1e5); },
    fails: 'invalid_response', words: /./ },
  'speaks HTTP/1.0': { behave: async (peer) => { await answer('HTTP/1.0 200 OK\r\n\r\nbye')(peer); peer.end(); }, delivered: 200 },
  'gives no reason phrase': { behave: answer('HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n'), delivered: 200 },
  'gives a length and chunks': {
    behave: answer('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'),
    fails: 'invalid_response', words: /./ },
  'gives two lengths': {
    behave: answer('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'), fails: 'invalid_response', words: /./ },
  'gives chunks of no size': { behave: answer('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'), delivered: 200 },
  'gives chunks of every size there is': {
    behave: answer('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\n'), delivered: 200 },
  'sends chunk extensions without end': {
    behave: async (peer) => {
      await peer.request();
      await peer.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;');
      await peer.flood(megabyte, 10_000);
    },
    delivered: 200 },
  'sends headers without end': {
    behave: async (peer) => { await peer.request(); await peer.send('HTTP/1.1 200 OK\r\nX: '); await peer.flood(megabyte, 10_000); },
    fails: 'invalid_response', words: /64 KiB/ },
  'sends a body of 10 GB': {
    behave: async (peer) => {
      await peer.request();
      await peer.send(`HTTP/1.1 200 OK\r\nContent-Length: ${10 * 2 ** 30}\r\n\r\n`);
      await peer.flood(megabyte, 10 * 1024);
    },
    delivered: 200 },
  'sends a gzip bomb': {
    behave: async (peer) => {
      await peer.request();
      await peer.send(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n${bomb}`);
    },
    delivered: 200 },
  'sends garbage': {
    behave: async (peer) => { await peer.request(); await peer.flood('\xff\x00\x80garbage\n', 10); },
    fails: 'invalid_response', words: /./ },
  'speaks SSH': { behave: answer('SSH-2.0-OpenSSH_9.2\r\n'), fails: 'invalid_response', words: /HTTP/ },
  'answers 99': { behave: answer('HTTP/1.1 99 Low\r\nContent-Length: 0\r\n\r\n'), fails: 'invalid_response', words: /./ },
  'answers 700': { behave: answer('HTTP/1.1 700 High\r\nContent-Length: 0\r\n\r\n'), fails: 'status', words: /answered 700/ },
  'answers 200OK': { behave: answer('HTTP/1.1 200OK\r\nContent-Length: 0\r\n\r\n'), fails: 'invalid_response', words: /./ },
  'answers 204 with a body': { behave: answer('HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello'), delivered: 204 },
  'changes the protocol': {
    behave: answer('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n'), fails: 'invalid_response', words: /./ },
  'redirects inward': {
    behave: answer('HTTP/1.1 307 Temporary Redirect\r\nLocation: http://169.254.169.254/latest/meta-data/\r\nContent-Length: 0\r\n\r\n'),
    fails: 'status', words: /redirects are not followed/ },
};

const secureCases = (certificates) => ({
  'has an expired certificate': { secure: certificates.expired, fails: 'tls', words: /expired/i },
  'has a certificate that is not valid yet': { secure: certificates.notYetValid, fails: 'tls', words: /not (yet )?valid|valid (only )?from/i },
  'has a certificate of its own making': { secure: certificates.selfSigned, fails: 'tls', words: /self|signed|authority|trust/i },
  'has a certificate for another name': { secure: certificates.wrongName, fails: 'tls', words: /name|localhost/i },
  'leaves the intermediate certificate out': {
    secure: certificates.withoutItsIntermediate, fails: 'tls', words: /intermediate|chain|authority|issuer/i },
  'speaks TLS 1.1 only': {
    secure: { ...certificates.good, minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
    fails: 'tls', words: /./ },
  'demands a client certificate': {
    secure: { ...certificates.good, requestCert: true, rejectUnauthorized: true, ca: certificates.good.cert }, fails: 'tls', words: /./ },
  'speaks plain text where TLS is asked': { plain: (peer) => peer.send('HTTP/1.1 400 Bad Request\r\n\r\n'), fails: 'tls', words: /does not speak TLS/ },
  'is silent in the TLS handshake': { plain: silence, fails: 'timeout', words: /handshake/ },
  'sends its handshake a byte a second': {
    plain: (peer) => peer.drip('\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03', 1_000), fails: 'timeout', words: /handshake/ },
});

// Neither accepts nor refuses: the room for those that wait is full.
async function startFullListener(t) {
  const script = "require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () { console.log(this.address().port); })";
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const port = Number(await new Promise((resolve) => { child.stdout.once('data', resolve); }));
  child.kill('SIGSTOP');
  const waiting = Array.from({ length: 6 }, () => net.connect(port, '127.0.0.1').on('error', () => {}));
  t.after(() => waiting.forEach((socket) => socket.destroy()));
  await sleep(100);
  return { port };
}

function memoryPeakKb(server) {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${server.process.child.pid}/status`, 'utf8'))[1]);
}

test('receivers that mean no good', { timeout: 120_000 }, async (t) => {
  const certificates = makeCertificates(await temporaryFolder(t));
  const flags = { ...quickFlags, 'delivery-timeout': `${timeoutMs}ms`, 'max-retries': 0, 'ca-file': certificates.caFile };
  const server = await Shakehook.start(t, { flags });
  const { api } = server;
  await api.venue();
  const neighbour = await Receiver.start(t, {});
  await api.webhook(neighbour.url, { name: 'neighbour' });
  await api.contact({ id: 'first' });
  await neighbour.received(1);

  const all = { ...cases, 'never accepts': { fails: 'timeout', words: /connect/i } };
  const webhooks = {};
  for (const [name, { behave }] of Object.entries(all)) {
    const receiver = behave ? await startHostileReceiver(t, { behave }) : await startFullListener(t);
    webhooks[name] = await api.webhook(`http://127.0.0.1:${receiver.port}/`, { name });
  }
  for (const [name, hostile] of Object.entries(secureCases(certificates))) {
    const receiver = await startHostileReceiver(t, hostile.plain ? { behave: hostile.plain } : { behave: answer(ok), secure: hostile.secure });
    all[`over TLS ${name}`] = hostile;
    webhooks[`over TLS ${name}`] = await api.webhook(`https://localhost:${receiver.port}/`, { name });
  }
  for (const name of ['says nothing', 'sends its headers a byte a second', 'resets in its headers', 'sends headers without end',
    'sends a body of 10 GB', 'answers just in time', 'answers just too late']) {
    const receiver = await startHostileReceiver(t, { behave: cases[name].behave, secure: certificates.good });
    all[`over TLS ${name}`] = cases[name];
    webhooks[`over TLS ${name}`] = await api.webhook(`https://localhost:${receiver.port}/`, { name });
  }

  const before = memoryPeakKb(server);
  await api.contact({ id: 'second' });
  await neighbour.received(2);
  // The neighbour is sent to all the while.
  const latencies = [];
  for (let i = 0; i < 20; ++i) {
    const start = Date.now();
    const count = neighbour.requests.length;
    await api.contact({ id: `neighbours-${i}` });
    await neighbour.received(count + 1);
    latencies.push(Date.now() - start);
    await sleep(100);
  }
  const deliveries = async (name) => api.get(`/api/deliveries?limit=200&webhook_id=${webhooks[name].id}`);
  for (const [name, { fails, words, delivered }] of Object.entries(all)) {
    await t.test(`a receiver that ${name}`, async () => {
      const first = await eventually(async () => {
        const found = (await deliveries(name)).data.find((delivery) => delivery.resource_id === 'second');
        return found?.status !== 'pending' ? found : null;
      }, 'verdict', 20_000);
      const { status, attempts } = await api.get(`/api/deliveries/${first.id}`);
      assert.equal(attempts.length, 1);
      const [attempt] = attempts;
      assert.ok(attempt.duration_ms <= timeoutMs + latenessMsMax, `the verdict took ${attempt.duration_ms} ms`);
      if (delivered) {
        assert.equal(status, 'delivered', JSON.stringify(attempt.error));
        assert.equal(attempt.status_code, delivered);
      } else {
        assert.equal(status, 'failed');
        assert.equal(attempt.error.class, fails, attempt.error.message);
        assert.match(attempt.error.message, words);
        assert.match(attempt.error.message, /^[A-Z].*\.$/s, 'a sentence');
      }
      assert.ok((attempt.response_body ?? '').length <= 4096);
    });
  }
  await t.test('the webhook next door notices nothing', () => {
    assert.ok(Math.max(...latencies) < neighbourMsMax, `${latencies} ms`);
  });
  await t.test('memory stays where it was', () => {
    const growth = memoryPeakKb(server) - before;
    assert.ok(growth < memoryGrowthKbMax, `${growth} KB more`);
  });
});

// The request on the old connection gets no byte of an answer, so the attempt goes on over a new one.
test('a kept-alive connection that closes at the moment of its reuse costs no attempt', async (t) => {
  const server = await Shakehook.start(t);
  const { api } = server;
  await api.venue();
  const receiver = await startHostileReceiver(t, {
    behave: async (peer, number) => {
      await peer.request();
      await peer.send(ok);
      if (number > 0) return;
      await peer.request();
      peer.reset();
    },
  });
  await api.webhook(`http://127.0.0.1:${receiver.port}/`);
  for (const id of ['one', 'two']) {
    await api.contact({ id });
    const delivery = await eventually(async () => {
      const [found] = await api.deliveries();
      return found?.resource_id === id && found.status === 'delivered' ? found : null;
    }, `delivery of ${id}`);
    assert.equal(delivery.attempt_count, 1);
  }
  assert.equal(receiver.connections(), 2);
});
