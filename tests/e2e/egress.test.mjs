// How deliveries leave: through an egress proxy (one of ours, and tinyproxy), and from an address that is chosen. In a
// network of its own, where endpoints have addresses that are not loopback's.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { makeCertificates } from '../harness/certificates.mjs';
import { ConnectProxy } from '../harness/connect_proxy.mjs';
import { eventually, sleep } from '../harness/eventually.mjs';
import { freePort } from '../harness/free_port.mjs';
import { inOwnNetwork, ip, writeHosts } from '../harness/own_network.mjs';
import { Receiver } from '../harness/receiver.mjs';
import { Process, quickFlags, run, Shakehook, temporaryFolder } from '../harness/shakehook.mjs';

const address = '192.0.2.10';
const password = 'a-Secret-of-the-proxy';
const flags = { ...quickFlags, 'allow-target': ['192.0.2.0/24', '2001:db8::/32'] };

// A receiver that is reached by name, and the API with a venue.
async function start(t, { more = {}, tls } = {}) {
  const server = await Shakehook.start(t, { flags: { ...flags, ...more } });
  await server.api.venue();
  const receiver = await Receiver.start(t, { address, tls });
  receiver.url = `${tls ? 'https' : 'http'}://hooks.example:${receiver.port}/x`;
  return { server, api: server.api, receiver };
}

async function delivered(api, count = 1) {
  return eventually(async () => {
    const found = await api.deliveries('status=delivered');
    return found.length === count && found;
  }, `${count} deliveries`);
}

const said = (server) => server.process.output + server.process.errors;

if (inOwnNetwork(import.meta.url)) {
  ip('address', 'add', `${address}/32`, 'dev', 'lo');
  ip('address', 'add', '2001:db8::10/128', 'dev', 'lo');
  writeHosts(`127.0.0.1 localhost\n${address} hooks.example\n10.0.0.1 inside.example\n127.0.0.1 proxy.example\n`);

  test('deliveries go through the proxy to checked addresses, TLS is verified end to end, and the password is nowhere', async (t) => {
    const folder = await temporaryFolder(t);
    const { ca, key, cert } = makeCertificates(folder, 'DNS:hooks.example');
    const proxy = await ConnectProxy.start(t, { credentials: `user:${password}` });
    const url = `http://user:${password}@proxy.example:${proxy.port}`;
    const { server, api, receiver } = await start(t, {
      more: { 'egress-proxy': url, 'ca-file': ca, 'log-level': 'debug', 'access-log': true }, tls: { key: readFileSync(key), cert: readFileSync(cert) },
    });
    const clear = await Receiver.start(t, { address });
    await api.webhook(receiver.url);
    await api.webhook(`http://hooks.example:${clear.port}/y`);
    await api.webhook(`http://[2001:db8::10]:${clear.port}/z`);
    const wrong = await api.webhook(`https://${address}:${receiver.port}/w`);
    await assert.rejects(api.webhook('http://10.0.0.1/'), /422/);
    const inside = await api.webhook('http://inside.example/');
    await api.contact({ id: 'c1', first_name: 'Noël' });
    await receiver.received(1);
    await clear.received(1);
    const failed = (webhook) => eventually(async () => {
      const [found] = await api.deliveries(`webhook_id=${webhook.id}`);
      return found?.attempt_count > 0 && api.get(`/api/deliveries/${found.id}`);
    }, 'a failed attempt');
    const { attempts } = await failed(wrong);
    assert.equal(attempts[0].error.class, 'tls');
    assert.match(attempts[0].error.message, /certificate/i);
    assert.equal((await failed(inside)).attempts[0].error.class, 'forbidden_address');
    const targets = new Set(proxy.targets());
    assert.ok(targets.has(`${address}:${receiver.port}`) && targets.has(`${address}:${clear.port}`), [...targets].join());
    assert.ok(targets.has(`[2001:db8::10]:${clear.port}`), [...targets].join());
    assert.ok(![...targets].some((target) => /[a-z]\.example|10\.0\.0\.1/.test(target)), [...targets].join());
    for (const { headers } of receiver.requests) assert.equal(headers['proxy-authorization'], undefined);

    const metrics = (await api.call('GET', '/metrics')).body;
    const check = run('config', 'check', '--egress-proxy', url);
    const doctor = run('doctor', '--egress-proxy', url);
    await Promise.all([check.exit, doctor.exit]);
    assert.match(doctor.output, /ok +way out .*by the proxy at proxy\.example:\d+/);
    const bad = run('serve', '--egress-proxy', `socks5://user:${password}@proxy.example:1`);
    assert.equal((await bad.exit).code, 1);
    assert.match(bad.errors, /--egress-proxy: the proxy must begin with http:\/\//);
    const basic = Buffer.from(`user:${password}`).toString('base64');
    for (const text of [said(server), metrics, check.output + check.errors, doctor.output + doctor.errors, bad.output + bad.errors]) {
      assert.ok(!text.includes(password) && !text.includes(basic), 'the password is told');
    }
  });

  test('a proxy that is down or refuses makes deliveries wait, and counts no attempt', async (t) => {
    const port = await freePort();
    const { server, api, receiver } = await start(t, { more: { 'egress-proxy': `http://user:${password}@127.0.0.1:${port}`, 'max-retries': 1 } });
    const webhook = await api.webhook(receiver.url);
    const waits = async (pattern) => {
      await sleep(700);
      const pending = await api.deliveries('status=pending');
      assert.deepEqual(pending.map((delivery) => delivery.attempt_count), pending.map(() => 0));
      assert.ok(pending.length > 0);
      const tested = await api.post(`/api/webhooks/${webhook.id}/test`, { event: 'contact.created' });
      assert.match(JSON.stringify(tested.attempts), pattern);
      assert.match((await api.call('GET', '/metrics')).body, /shakehook_own_fault\{reason="proxy"\} 1/);
    };
    await api.contact({ id: 'down' });
    await waits(/The sending server's proxy cannot be reached; the endpoint was not asked/);
    assert.equal(said(server).match(/deliveries wait because this server lacks something.*proxy/g)?.length, 1, said(server));
    const doctor = run('doctor', '--egress-proxy', `http://127.0.0.1:${port}`);
    await doctor.exit;
    assert.match(doctor.output, /BAD +way out .*which cannot be reached: Connection refused/);
    const proxy = await ConnectProxy.start(t, { port, credentials: `user:${password}` });
    await delivered(api, 1);
    for (const [status, pattern] of [[407, /wants other credentials \(407\)/], [403, /refuses to connect \(403\)/]]) {
      proxy.refusal = status;
      for (const socket of proxy.sockets) socket.destroy();
      await api.contact({ id: `refused-${status}` });
      await waits(pattern);
      proxy.refusal = null;
      await eventually(async () => (await api.deliveries('status=pending')).length === 0, 'the deliveries go on');
    }
    for (const delivery of await delivered(api, 3)) assert.equal(delivery.attempt_count, 1);
    // An endpoint that the proxy does not reach has failed, and that counts.
    await receiver.close();
    for (const socket of proxy.sockets) socket.destroy();
    await api.contact({ id: 'unreachable' });
    // Beside it are the tests from before.
    const gone = await eventually(async () => (await api.deliveries('status=failed')).find((each) => each.attempt_count === 2), 'failed delivery');
    const { attempts } = await api.get(`/api/deliveries/${gone.id}`);
    assert.equal(attempts.length, 2);
    assert.match(attempts[0].error.message, /The host cannot be reached by the sending server's proxy \(502\)/);
  });

  test('a proxy that hangs makes deliveries wait; an endpoint that does not react behind one that answers has failed', async (t) => {
    const proxy = await ConnectProxy.start(t);
    const { server, api, receiver } = await start(t, { more: { 'egress-proxy': `http://127.0.0.1:${proxy.port}`, 'delivery-timeout': '1500ms', 'max-retries': 0 } });
    await api.webhook(receiver.url);
    proxy.hangs = true;
    await api.contact({ id: 'c1' });
    await eventually(() => /deliveries wait because this server lacks something.*proxy does not answer/.test(said(server)), 'the line', 10_000);
    assert.equal((await api.deliveries('status=pending'))[0].attempt_count, 0);
    proxy.hangs = false;
    const [delivery] = await delivered(api);
    assert.equal(delivery.attempt_count, 1);
    proxy.waitsFor = '192.0.2.66:8080';
    await api.webhook(`http://${proxy.waitsFor}/`);
    await api.contact({ id: 'c2' });
    const failed = await eventually(async () => (await api.deliveries('status=failed'))[0], 'the failed delivery', 10_000);
    const { attempts } = await api.get(`/api/deliveries/${failed.id}`);
    assert.deepEqual(attempts.map(({ error }) => error.class), ['timeout']);
  });

  test('an endpoint that the proxy refuses, and no other, has failed, and the proxy is no fault of this machine any more', async (t) => {
    const proxy = await ConnectProxy.start(t);
    const { server, api, receiver } = await start(t, { more: { 'egress-proxy': `http://127.0.0.1:${proxy.port}`, threads: 1 } });
    const refused = await Receiver.start(t, { address });
    proxy.refusal = 403;
    proxy.refused = `${address}:${refused.port}`;
    const alone = await api.webhook(`http://hooks.example:${refused.port}/x`);
    await api.contact({ id: 'c1' });
    const fault = async () => /shakehook_own_fault\{reason="proxy"\} 1/.test((await api.call('GET', '/metrics')).body);
    await eventually(fault, 'the proxy is at fault: it refuses all that it is asked for');
    await api.webhook(receiver.url);
    // A new connection each time.
    for (let i = 2; ; ++i) {
      await api.contact({ id: `c${i}` });
      await receiver.received(i - 1);
      for (const socket of proxy.sockets) socket.destroy();
      if ((await api.deliveries(`webhook_id=${alone.id}`)).some(({ attempt_count: count }) => count > 0)) break;
      await sleep(300);
    }
    const tried = (await api.deliveries(`webhook_id=${alone.id}`)).find(({ attempt_count: count }) => count > 0);
    const { attempts } = await api.get(`/api/deliveries/${tried.id}`);
    assert.match(attempts[0].error.message, /The sending server's proxy refuses to connect to this host and port \(403\), and connects to others/);
    await eventually(async () => !await fault(), 'the alert ends', 20_000);
    assert.match(said(server), /deliveries go on: this server has again what it lacked/);
  });

  test('inboxes and this machine are reached without the proxy', async (t) => {
    const proxy = await ConnectProxy.start(t);
    const { api } = await start(t, { more: { 'egress-proxy': `http://127.0.0.1:${proxy.port}`, 'allow-target': '127.0.0.0/8' } });
    const receiver = await Receiver.start(t);
    const inbox = await api.post('/api/inboxes', { name: 'i', scope: { venue_id: 'venue123' } });
    await api.webhook(inbox.url);
    await api.webhook(receiver.url);
    await api.contact({ id: 'c1' });
    await delivered(api, 2);
    assert.deepEqual(proxy.targets(), []);
  });

  const hasTinyproxy = spawnSync('sh', ['-c', 'command -v tinyproxy']).status === 0;
  test('tinyproxy passes deliveries on', { skip: hasTinyproxy ? false : 'tinyproxy is not installed' }, async (t) => {
    const folder = await temporaryFolder(t);
    const { ca, key, cert } = makeCertificates(folder, 'DNS:hooks.example');
    const port = await freePort();
    const file = path.join(folder, 'tinyproxy.conf');
    writeFileSync(file, `Port ${port}\nListen 127.0.0.1\nTimeout 60\nMaxClients 50\nLogLevel Connect\nBasicAuth user ${password.replaceAll('-', '')}\n`);
    const tinyproxy = new Process('tinyproxy', ['-d', '-c', file]);
    t.after(() => tinyproxy.end('SIGTERM'));
    const { server, api, receiver } = await start(t, {
      more: { 'egress-proxy': `http://user:${password.replaceAll('-', '')}@127.0.0.1:${port}`, 'ca-file': ca },
      tls: { key: readFileSync(key), cert: readFileSync(cert) },
    });
    await api.webhook(receiver.url);
    for (let i = 0; i < 20; ++i) await api.contact({ id: `c${i}` });
    await delivered(api, 20);
    assert.match(tinyproxy.output + tinyproxy.errors, new RegExp(`CONNECT ${address.replaceAll('.', '\\.')}:${receiver.port}`));
    assert.doesNotMatch(tinyproxy.output + tinyproxy.errors, /CONNECT hooks\.example/);
    // With a wrong password it waits.
    await server.restart({ flags: { ...server.flags, 'egress-proxy': `http://user:wrong@127.0.0.1:${port}` } });
    await server.api.contact({ id: 'late' });
    await eventually(() => /wants other credentials/.test(said(server)), 'the line', 10_000);
    assert.equal((await server.api.deliveries('status=pending'))[0].attempt_count, 0);
  });

  test('deliveries come from the address of --bind-out, and by its family alone', async (t) => {
    const { server, api } = await start(t, { more: { 'bind-out': ['127.0.0.2'], 'allow-target': ['127.0.0.0/8', '::1/128'] } });
    const receiver = await Receiver.start(t);
    const peers = [];
    receiver.server.on('connection', (socket) => peers.push(socket.remoteAddress));
    await api.webhook(receiver.url);
    const six = await Receiver.start(t, { address: '::1' });
    const other = await api.webhook(`http://[::1]:${six.port}/`);
    await api.contact({ id: 'c1' });
    await receiver.received(1);
    assert.deepEqual(new Set(peers), new Set(['127.0.0.2']));
    await eventually(async () => (await api.deliveries(`webhook_id=${other.id}`))[0]?.attempt_count > 0, 'attempt by IPv6');
    assert.equal(six.requests.length, 0);
    await server.restart({ flags: { ...server.flags, 'bind-out': ['127.0.0.2', '2001:db8::10'] } });
    await six.received(1);
  });

  test('an address that the machine has not is refused at the start, and one that it loses makes deliveries wait', async (t) => {
    for (const [given, reason] of [[['192.0.2.99'], /--bind-out: 192\.0\.2\.99 is no address of this machine/], [['a-name'], /--bind-out: "a-name" is not an IP address/],
      [['127.0.0.2', '127.0.0.3'], /--bind-out: "127\.0\.0\.3" is the second IPv4 address/], [['0.0.0.0'], /--bind-out: "0\.0\.0\.0" is no address of one machine/]]) {
      const bad = run('serve', '--listen', '127.0.0.1:0', ...given.flatMap((each) => ['--bind-out', each]));
      t.after(() => bad.end('SIGKILL'));
      assert.equal((await bad.exit).code, 1, bad.output);
      assert.match(bad.errors, reason);
    }
    ip('address', 'add', '192.0.2.20/32', 'dev', 'lo');
    const { server, api, receiver } = await start(t, { more: { 'bind-out': '192.0.2.20' } });
    const peers = [];
    receiver.server.on('connection', (socket) => peers.push(socket.remoteAddress));
    await api.webhook(receiver.url);
    ip('address', 'del', '192.0.2.20/32', 'dev', 'lo');
    await api.contact({ id: 'c1' });
    await eventually(() => /deliveries wait because this server lacks something.*source address/.test(said(server)), 'the line');
    assert.equal((await api.deliveries('status=pending'))[0].attempt_count, 0);
    ip('address', 'add', '192.0.2.20/32', 'dev', 'lo');
    const [delivery] = await delivered(api);
    assert.equal(delivery.attempt_count, 1);
    assert.deepEqual(new Set(peers), new Set(['192.0.2.20']));
  });
}
