// The examples of packaging/proxies as they are, but for ports, the certificate and the server's address: TLS, the
// redirect to it, large bodies, who asks, signing in, and a stream that nothing holds back.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import test from 'node:test';

import { setUp } from '../harness/browser_session.mjs';
import { eventually } from '../harness/eventually.mjs';
import { freePort } from '../harness/free_port.mjs';
import { hasProxy } from '../harness/reverse_proxy.mjs';
import { Process, quickFlags, root, Shakehook, temporaryFolder } from '../harness/shakehook.mjs';

const name = 'hooks.example.com';
const password = 'correct horse battery';
const contacts = '/api/venues/venue123/contacts';

// Replaces each, and fails where the example does not hold it.
function replaceAll(text, replacements) {
  for (const [from, to] of replacements) {
    assert.ok(text.includes(from), `the example has no "${from}"`);
    text = text.replaceAll(from, to);
  }
  return text;
}

const examples = {
  nginx: {
    file: 'nginx.conf',
    adapt: (text, { folder, clear, tls, upstream }) => `
      daemon off; user root; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
      events {}
      http {
        access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
        fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
        ${replaceAll(text, [['listen 80;', `listen 127.0.0.1:${clear};`], ['listen 443 ssl;', `listen 127.0.0.1:${tls} ssl;`],
    [`/etc/ssl/${name}.pem`, `${folder}/certificate.pem`], [`/etc/ssl/${name}.key`, `${folder}/key.pem`], ['127.0.0.1:8080', upstream]])}
      }`,
    command: (file, folder) => ['nginx', ['-p', folder, '-e', `${folder}/error.log`, '-c', file]],
  },
  haproxy: {
    file: 'haproxy.cfg',
    adapt: (text, { folder, clear, tls, upstream }) => replaceAll(text, [['bind :80\n', `bind 127.0.0.1:${clear}\n`], ['bind :443 ', `bind 127.0.0.1:${tls} `],
      [`/etc/haproxy/${name}.pem`, `${folder}/both.pem`], ['127.0.0.1:8080', upstream]]),
    command: (file) => ['haproxy', ['-db', '-f', file]],
  },
  caddy: {
    file: 'Caddyfile',
    adapt: (text, { folder, clear, tls, upstream }) => `{
  admin off
  http_port ${clear}
  https_port ${tls}
  default_bind 127.0.0.1
}
${replaceAll(text, [[`\n${name} {\n`, `\n${name} {\n\ttls ${folder}/certificate.pem ${folder}/key.pem\n`], ['127.0.0.1:8080', upstream]])}`,
    command: (file) => ['caddy', ['run', '--config', file, '--adapter', 'caddyfile']],
  },
};

async function startExample(t, kind, upstream) {
  const folder = await temporaryFolder(t);
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', `/CN=${name}`,
    '-addext', `subjectAltName=DNS:${name}`, '-keyout', 'key.pem', '-out', 'certificate.pem'], { cwd: folder, stdio: 'pipe' });
  const certificate = await readFile(path.join(folder, 'certificate.pem'), 'utf8');
  await writeFile(path.join(folder, 'both.pem'), certificate + await readFile(path.join(folder, 'key.pem'), 'utf8'));
  const [clear, tls] = [await freePort(), await freePort()];
  const example = await readFile(path.join(root, 'packaging/proxies', examples[kind].file), 'utf8');
  const file = path.join(folder, 'proxy.conf');
  await writeFile(file, examples[kind].adapt(example, { folder, clear, tls, upstream }));
  const home = path.join(folder, 'home');
  await mkdir(home);
  const [command, args] = examples[kind].command(file, folder);
  const proxy = new Process(command, args, { env: { PATH: process.env.PATH, HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home } });
  t.after(() => proxy.end('SIGTERM'));
  const agent = new https.Agent({ ca: certificate, servername: name, keepAlive: false });
  t.after(() => agent.destroy());
  const open = (method, target, { headers = {}, body, from = '127.0.0.1' } = {}) => new Promise((resolve, reject) => {
    const request = https.request({ host: '127.0.0.1', port: tls, path: target, method, agent, localAddress: from, headers: { Host: name, ...headers } }, resolve);
    request.on('error', reject).end(body);
  });
  const ask = async (method, target, options) => {
    const response = await open(method, target, options);
    let text = '';
    for await (const piece of response.setEncoding('utf8')) text += piece;
    return { status: response.statusCode, headers: response.headers, text };
  };
  await eventually(async () => {
    if (!proxy.running) throw new Error(`${kind} ended:\n${proxy.output}${proxy.errors}`);
    return ask('GET', '/readyz').then(({ status }) => status === 200, () => false);
  }, `${kind} answers over TLS`);
  return { clear, open, ask };
}

for (const kind of Object.keys(examples)) {
  test(`the example for ${kind}`, { skip: hasProxy(kind) ? false : `${kind} is not installed` }, async (t) => {
    const port = await freePort();
    const server = await Shakehook.start(t, { port, flags: { ...quickFlags, 'public-url': `https://${name}` } });
    const { clear, open, ask } = await startExample(t, kind, `127.0.0.1:${port}`);
    await setUp(server, password);
    const json = { 'Content-Type': 'application/json' };
    const key = { ...json, Authorization: `Bearer ${server.adminKey}` };

    const redirected = await new Promise((resolve, reject) => {
      http.get({ host: '127.0.0.1', port: clear, path: '/docs?a=b', headers: { Host: name }, agent: false }, (response) => resolve(response.resume())).on('error', reject);
    });
    assert.ok([301, 308].includes(redirected.statusCode), `${redirected.statusCode}`);
    assert.match(redirected.headers.location, /^https:\/\/hooks\.example\.com(:\d+)?\/docs\?a=b$/);

    // A browser's sign-in: the Host passes, and the cookie is for HTTPS alone.
    const signIn = (more) => ask('POST', '/api/session', { headers: { ...json, Origin: `https://${name}`, ...more.headers }, body: JSON.stringify({ email: 'ada@example.com', password: more.password }), from: more.from });
    const signedIn = await signIn({ password });
    assert.equal(signedIn.status, 201, signedIn.text);
    assert.match(`${signedIn.headers['set-cookie']}`, /; Secure/);

    // Who asks is whom the proxy saw, whatever a client wrote.
    assert.equal((await signIn({ password: 'a wrong password', from: '127.0.0.9', headers: { 'X-Forwarded-For': '203.0.113.7' } })).status, 401);
    const audit = await server.api.get('/api/audit?limit=5');
    assert.equal(audit.data.find(({ action }) => action === 'session.failed').detail, 'from 127.0.0.9');

    // A batch of nearly 16 MiB.
    await server.api.venue();
    const field = await server.api.post('/api/fields', { collection: 'clients', label: 'Notes', type: 'object', venue_id: 'venue123' });
    const items = Array.from({ length: 300 }, (_, i) => ({ id: `c${i}`, [field.code]: { note: 'x'.repeat(54_000) } }));
    const batch = await ask('POST', `${contacts}/batch`, { headers: key, body: JSON.stringify(items) });
    assert.equal(batch.status, 200, batch.text.slice(0, 500));

    let told = '';
    const stream = await open('GET', '/api/stream', { headers: key });
    t.after(() => stream.destroy());
    assert.equal(stream.headers['content-type'], 'text/event-stream');
    stream.setEncoding('utf8').on('data', (text) => { told += text; }).on('error', () => {});
    await server.api.webhook('http://127.0.0.1:8099/');
    await ask('POST', contacts, { headers: key, body: '{"id":"streamed"}' });
    await eventually(() => told.includes('streamed'), 'the stream tells of the delivery', 3_000);
  });
}
