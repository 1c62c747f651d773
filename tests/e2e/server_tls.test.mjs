// The server's own TLS (--tls-cert, --tls-key), to real clients: curl, openssl and Node; certificates that change under
// load, bad files, handshakes that nobody finishes.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';
import test from 'node:test';
import tls from 'node:tls';
import { promisify } from 'node:util';

import { makeCertificates } from '../harness/certificates.mjs';
import { eventually, sleep } from '../harness/eventually.mjs';
import { quickFlags, run, Shakehook, temporaryFolder } from '../harness/shakehook.mjs';

const runFile = promisify(execFile);
const fingerprint = (file) => new X509Certificate(readFileSync(file)).fingerprint256;

// Makes a certificate in a folder of its own below `folder`.
function issue(folder, name, options) {
  const own = path.join(folder, name);
  mkdirSync(own);
  return makeCertificates(own, 'DNS:localhost,IP:127.0.0.1', options);
}

// A server with TLS, and what asks it: `ask` gives {status, headers, body}.
async function start(t, { flags = {}, certificate } = {}) {
  const folder = await temporaryFolder(t);
  const issued = issue(folder, 'first', certificate);
  const [cert, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
  copyFileSync(issued.cert, cert);
  copyFileSync(issued.key, key);
  const server = await Shakehook.start(t, { folder: path.join(folder, 'data'), flags: { ...quickFlags, ...flags, 'tls-cert': cert, 'tls-key': key } });
  const { port } = new URL(server.url);
  const agent = new https.Agent({ keepAlive: false, ca: readFileSync(issued.ca) });
  return { server, folder, issued, cert, key, port, ask: (target, options) => ask(agent, port, target, options) };
}

function ask(agent, port, target, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const request = https.request({ agent, host: '127.0.0.1', port, path: target, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece) => { text += piece; });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: text })).on('error', reject);
    });
    request.on('error', reject).end(body);
  });
}

// The fingerprint of the certificate that a new connection is shown.
function shown(port) {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    }).on('error', reject);
  });
}

async function reloaded(server) {
  const lines = () => server.process.errors.match(/were set again|settings are not valid/g)?.length ?? 0;
  const before = lines();
  server.process.child.kill('SIGHUP');
  await eventually(() => lines() > before, 'the reload');
}

test('curl, openssl and Node are served by TLS 1.2 and 1.3, and by nothing older', async (t) => {
  const { server, issued, port, ask: get } = await start(t);
  assert.match(server.process.output, /API +https:\/\/127\.0\.0\.1:\d+\/api\n/);
  assert.equal((await get('/readyz')).status, 200);
  const curl = (...args) => runFile('curl', ['-sS', '--cacert', issued.ca, ...args, `https://127.0.0.1:${port}/readyz`]);
  for (const version of ['1.2', '1.3']) {
    const { stdout } = await curl(`--tlsv${version}`, '--tls-max', version, '-o', '/dev/null', '-w', '%{http_version} %{http_code} %{ssl_verify_result}');
    assert.equal(stdout, '1.1 200 0');
  }
  await assert.rejects(runFile('curl', ['-sS', `https://127.0.0.1:${port}/readyz`]), /certificate/);
  const client = (...args) => runFile('sh', ['-c', `openssl s_client -brief -connect 127.0.0.1:${port} ${args.join(' ')} </dev/null 2>&1`]).then(({ stdout }) => stdout, (error) => error.stdout);
  assert.match(await client('-tls1_2'), /Protocol version: TLSv1\.2/);
  assert.match(await client('-tls1_3', '-alpn', 'h2,http/1.1'), /Protocol version: TLSv1\.3/);
  assert.doesNotMatch(await client('-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'), /Protocol version/);
  assert.doesNotMatch(await client('-tls1_2', '-cipher', 'AES128-SHA'), /Protocol version/, 'no forward secrecy');
  assert.match(await client('-alpn', 'h2'), /no application protocol/);
});

test('the cookie of a session is for HTTPS alone, inboxes are reached, and the programs beside know TLS', async (t) => {
  const { server, cert, key, port, ask: get } = await start(t);
  const [, token] = server.process.output.match(/https:\/\/127\.0\.0\.1:\d+\/setup\?token=(\S+)/);
  const json = { 'Content-Type': 'application/json' };
  const setup = await get('/api/setup', { method: 'POST', headers: json,
    body: JSON.stringify({ token, name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' }) });
  assert.equal(setup.status, 201, setup.body);
  assert.match(setup.headers['set-cookie'][0], /; Secure/);
  assert.equal(setup.headers['strict-transport-security'], undefined);

  const authorized = { ...json, Authorization: `Bearer ${server.adminKey}` };
  const post = async (target, body) => {
    const response = await get(target, { method: 'POST', headers: authorized, body: JSON.stringify(body) });
    assert.ok(response.status < 300, response.body);
    return JSON.parse(response.body);
  };
  await post('/api/venues', { id: 'venue123', name: 'V' });
  const inbox = await post('/api/inboxes', { name: 'i', scope: { venue_id: 'venue123' } });
  assert.match(inbox.url, new RegExp(`^https://127\\.0\\.0\\.1:${port}/inbox/`));
  await post('/api/webhooks', { name: 'w', url: inbox.url, events: ['contact.created'], scope: { venue_id: 'venue123' } });
  await post('/api/venues/venue123/contacts', { id: 'c1', first_name: 'Noël' });
  await eventually(async () => {
    const { data } = JSON.parse((await get('/api/deliveries', { headers: authorized })).body);
    return data.length === 1 && data[0].status === 'delivered';
  }, 'delivery to the inbox');

  const metrics = (await get('/metrics', { headers: authorized })).body;
  const end = Number(metrics.match(/^shakehook_tls_certificate_expiry_timestamp_seconds ([\d.e+]+)$/m)[1]);
  assert.equal(end, Date.parse(new X509Certificate(readFileSync(cert)).validTo) / 1000);

  const flags = ['--tls-cert', cert, '--tls-key', key];
  const healthy = run('healthcheck', '--listen', `127.0.0.1:${port}`, ...flags);
  assert.deepEqual([(await healthy.exit).code, healthy.output], [0, 'ready\n'], healthy.errors);
  const clear = run('healthcheck', '--listen', `127.0.0.1:${port}`);
  assert.equal((await clear.exit).code, 1);
  assert.match(clear.errors, /400/);
  const doctor = run('doctor', '--listen', `0.0.0.0:${port}`, ...flags);
  await doctor.exit;
  assert.match(doctor.output, /warning +TLS certificate +\S+ expires in 1 days/);
  assert.match(doctor.output, /ok +listening/);
  const named = run('doctor', ...flags, '--public-url', 'https://elsewhere.example');
  await named.exit;
  assert.match(named.output, /TLS certificate/);
  await server.stop();
  const gone = run('healthcheck', '--listen', `127.0.0.1:${port}`, ...flags);
  assert.equal((await gone.exit).code, 1);
  assert.match(gone.errors, /no server answers at 127\.0\.0\.1:\d+: Connection refused/);
});

test('certificates change under load without a failed request', async (t) => {
  const { server, folder, issued, cert, key, port } = await start(t);
  const others = [issue(folder, 'second'), issue(folder, 'third')];
  const ca = [issued, ...others].map((each) => readFileSync(each.ca));
  let stopped = false;
  let asked = 0;
  const clients = Array.from({ length: 6 }, async (_, index) => {
    const agent = new https.Agent({ keepAlive: index % 2 === 0, ca, maxCachedSessions: 0 });
    while (!stopped) {
      const { status } = await ask(agent, port, '/readyz');
      assert.equal(status, 200);
      asked += 1;
    }
    agent.destroy();
  });
  const kept = tls.connect({ port, host: '127.0.0.1', ca });
  await new Promise((resolve, reject) => { kept.on('secureConnect', resolve).on('error', reject); });
  for (let i = 0; i < 10; ++i) {
    const next = [issued, ...others][(i + 1) % 3];
    copyFileSync(next.cert, cert);
    copyFileSync(next.key, key);
    await reloaded(server);
    await eventually(async () => await shown(port) === fingerprint(next.cert), 'the new certificate');
  }
  stopped = true;
  await Promise.all(clients);
  assert.ok(asked > 50, `${asked} requests`);
  assert.doesNotMatch(server.process.errors, /goes on with the certificate/);
  // The connection of before still works.
  let answer = '';
  kept.setEncoding('utf8').on('data', (text) => { answer += text; });
  kept.write('GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n');
  await eventually(() => answer.startsWith('HTTP/1.1 200'), 'answer over the old connection');
  assert.equal(kept.getPeerCertificate().fingerprint256, fingerprint(issued.cert));
  kept.destroy();
});

test('a bad new file is logged, and the certificate stays', async (t) => {
  const { server, folder, issued, cert, key, port } = await start(t);
  const [other, expired] = [issue(folder, 'other'), issue(folder, 'expired', { days: -1 })];
  const before = fingerprint(issued.cert);
  const spoil = async (change, reason) => {
    change();
    await reloaded(server);
    assert.match(server.process.errors.split('\n').at(-3), reason);
    assert.equal(await shown(port), before);
  };
  await spoil(() => copyFileSync(other.cert, cert), /goes on with the certificate that it has.*--tls-key: the key in \S+key\.pem does not belong to the certificate in/);
  await spoil(() => writeFileSync(cert, 'nonsense'), /--tls-cert: \S+cert\.pem holds no certificate/);
  await spoil(() => { copyFileSync(expired.cert, cert); copyFileSync(expired.key, key); }, /--tls-cert: \S+cert\.pem has expired/);
  copyFileSync(other.cert, cert);
  copyFileSync(other.key, key);
  await reloaded(server);
  await eventually(async () => await shown(port) === fingerprint(other.cert), 'the right one is taken');
});

test('a certificate that has expired is served, with a warning', async (t) => {
  const { server, cert, key, port } = await start(t, { certificate: { days: -1 } });
  assert.match(server.process.errors, /the server's certificate has expired/);
  assert.ok(await shown(port));
  const doctor = run('doctor', '--tls-cert', cert, '--tls-key', key);
  await doctor.exit;
  assert.match(doctor.output, /BAD +TLS certificate +\S+cert\.pem has expired/);
});

test('a start with bad files names the flag and the file', async (t) => {
  const folder = await temporaryFolder(t);
  const { cert, key } = issue(folder, 'a');
  const other = issue(folder, 'b');
  const write = (name, text) => { writeFileSync(path.join(folder, name), text); return path.join(folder, name); };
  const serve = async (...flags) => {
    const tried = run('serve', '--listen', '127.0.0.1:0', '--database', `sqlite:${folder}/data/shakehook.db`, ...flags);
    t.after(() => tried.end('SIGKILL'));
    assert.equal((await tried.exit).code, 1, tried.output);
    return tried.errors;
  };
  const locked = write('encrypted.key', execFileSync('openssl', ['pkcs8', '-topk8', '-in', key, '-passout', 'pass:secret'], { encoding: 'utf8' }));
  const cases = [
    [['--tls-cert', cert], /--tls-cert needs --tls-key/],
    [['--tls-key', key], /--tls-key needs --tls-cert/],
    [['--tls-cert', `${folder}/none.pem`, '--tls-key', key], /--tls-cert: cannot read \S+none\.pem: No such file/],
    [['--tls-cert', cert, '--tls-key', `${folder}/none.key`], /--tls-key: cannot read \S+none\.key: No such file/],
    [['--tls-cert', write('text.pem', 'hello'), '--tls-key', key], /--tls-cert: \S+text\.pem holds no certificate/],
    [['--tls-cert', cert, '--tls-key', cert], /--tls-key: \S+ holds no private key/],
    [['--tls-cert', cert, '--tls-key', other.key], /--tls-key: the key in \S+ does not belong to the certificate in/],
    [['--tls-cert', cert, '--tls-key', locked], /--tls-key: the key in \S+ is encrypted/],
    [['--tls-cert', cert, '--tls-key', key, '--public-url', 'http://h.example'], /--public-url: it begins with http:\/\//],
  ];
  for (const [flags, reason] of cases) assert.match(await serve(...flags), reason);
  const check = run('config', 'check', '--tls-cert', cert, '--tls-key', other.key);
  assert.equal((await check.exit).code, 1);
  assert.match(check.output, /--tls-key: the key in/);
  if (process.getuid() === 0) {
    chmodSync(key, 0o000);
    chmodSync(folder, 0o755);
    const { stdout } = await runFile('setpriv', ['--reuid=65534', '--clear-groups', 'sh', '-c', `cat ${key} 2>&1 || true`]);
    if (/Permission denied/.test(stdout)) {
      const { program } = await import('../harness/shakehook.mjs');
      await assert.rejects(runFile('setpriv', ['--reuid=65534', '--clear-groups', program, 'config', 'check', '--tls-cert', cert, '--tls-key', key]),
        (error) => /--tls-key: cannot read \S+: Permission denied/.test(error.stdout));
    }
  }
});

test('a client that forgot TLS is told', async (t) => {
  const { port } = await start(t);
  const answer = await new Promise((resolve, reject) => {
    http.get({ host: '127.0.0.1', port, path: '/api/venues' }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece) => { text += piece; }).on('end', () => resolve({ status: response.statusCode, text }));
    }).on('error', reject);
  });
  assert.equal(answer.status, 400);
  assert.match(answer.text, /https:\/\//);
});

// Two thousand: a half says nothing at all, a half the first bytes of a handshake.
test('handshakes that nobody finishes hurt nobody, hold little memory, and end', async (t) => {
  const { server, port, ask: get } = await start(t);
  const resident = () => Number(readFileSync(`/proc/${server.process.child.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]);
  assert.equal((await get('/readyz')).status, 200);
  const before = resident();
  const sockets = Array.from({ length: 2_000 }, (_, index) => {
    const socket = net.connect(port, '127.0.0.1', () => { if (index % 2) socket.write(Buffer.from([0x16, 3, 1, 2, 0, 1])); });
    return socket.on('error', () => {}).on('close', () => { socket.ended = true; }).resume();
  });
  t.after(() => sockets.forEach((socket) => socket.destroy()));
  await eventually(() => sockets.every((socket) => socket.readyState !== 'opening'), 'connections');
  let slowest = 0;
  for (const until = Date.now() + 5_000; Date.now() < until;) {
    const began = Date.now();
    assert.equal((await get('/readyz')).status, 200);
    slowest = Math.max(slowest, Date.now() - began);
    await sleep(100);
  }
  const grown = resident() - before;
  t.diagnostic(`slowest of the others ${slowest} ms; ${grown} KiB more for 2,000 connections`);
  assert.ok(slowest < 1_500, `${slowest} ms`);
  assert.ok(grown < 96 * 1024, `${grown} KiB`);
  await eventually(() => sockets.every((socket) => socket.ended), 'end of the handshakes', 15_000);
});
