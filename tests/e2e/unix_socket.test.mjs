// The server at a Unix socket (--listen unix:/PATH): who may connect, what becomes of its file, and a real nginx before it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';

import { eventually } from '../harness/eventually.mjs';
import { freePort } from '../harness/free_port.mjs';
import { Receiver } from '../harness/receiver.mjs';
import { hasProxy } from '../harness/reverse_proxy.mjs';
import { Process, quickFlags, run, temporaryFolder } from '../harness/shakehook.mjs';

const runFile = promisify(execFile);

function serve(t, folder, socket, ...flags) {
  const quick = Object.entries(quickFlags).flatMap(([name, value]) => (value === true ? [`--${name}`] : [`--${name}`, `${value}`]));
  const server = run('serve', '--listen', `unix:${socket}`, '--database', `sqlite:${folder}/shakehook.db`, ...quick, ...flags);
  t.after(() => server.end('SIGKILL'));
  return server;
}

// Asks over the socket, or over TCP where `to` has a port: gives {status, headers, text}.
function ask(to, target, { method = 'GET', headers = {}, body, from } = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request({ ...to, path: target, method, headers, localAddress: from, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece) => { text += piece; });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
    });
    request.on('error', reject).end(body);
  });
}

test('the socket serves, its file is for user and group, and goes with the server', async (t) => {
  const folder = await temporaryFolder(t);
  const socket = path.join(folder, 'api.sock');
  let server = serve(t, folder, socket);
  await server.says(/is ready/);
  assert.match(server.output, new RegExp(`curl --unix-socket ${socket} http://localhost/api/venues`));
  assert.equal((await ask({ socketPath: socket }, '/readyz')).status, 200);
  assert.equal(statSync(socket).mode & 0o7777, 0o660);
  assert.doesNotMatch(server.errors, /without TLS/);

  const healthy = run('healthcheck', '--listen', `unix:${socket}`);
  assert.deepEqual([(await healthy.exit).code, healthy.output], [0, 'ready\n'], healthy.errors);
  const doctor = run('doctor', '--listen', `unix:${socket}`, '--database', `sqlite:${folder}/shakehook.db`);
  await doctor.exit;
  assert.match(doctor.output, /ok +listening +unix:\S+ is in use/);
  assert.match(doctor.output, /warning +public URL +not set: no browser/);

  // A stranger on this machine.
  if (process.getuid() === 0) {
    chmodSync(folder, 0o755);
    const script = `require('net').connect('${socket}').on('error', (e) => console.log(e.code)).on('connect', () => { console.log('in'); process.exit(); })`;
    const { stdout } = await runFile('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, '-e', script]);
    assert.equal(stdout.trim(), 'EACCES');
  }

  // Another server does not take it, and leaves what is no socket alone.
  const second = serve(t, path.join(folder, 'other'), socket);
  assert.equal((await second.exit).code, 1);
  assert.match(second.errors, /cannot listen on unix:\S+api\.sock: another program listens there/);
  const file = path.join(folder, 'precious');
  writeFileSync(file, 'data');
  const third = serve(t, path.join(folder, 'third'), file);
  assert.equal((await third.exit).code, 1);
  assert.match(third.errors, /precious is there, and is no socket/);
  assert.equal(readFileSync(file, 'utf8'), 'data');
  assert.equal((await ask({ socketPath: socket }, '/readyz')).status, 200);

  // A kill leaves the file behind, and the next start takes its place.
  await server.end('SIGKILL');
  assert.ok(existsSync(socket));
  const gone = run('healthcheck', '--listen', `unix:${socket}`);
  assert.equal((await gone.exit).code, 1);
  assert.match(gone.errors, /no server answers at unix:\S+: Connection refused/);
  server = serve(t, folder, socket);
  await server.says(/is ready/);
  assert.equal((await ask({ socketPath: socket }, '/readyz')).status, 200);
  await server.end('SIGTERM');
  assert.ok(!existsSync(socket), 'its file is gone');
});

test('bad paths are refused with their flag', async (t) => {
  const folder = await temporaryFolder(t);
  for (const [socket, reason] of [['api.sock', /--listen: "api\.sock" is not the whole name of a file/],
    [`/${'x'.repeat(107)}`, /--listen: .* is too long for a Unix socket: it may have 107 bytes/],
    [`${folder}/none/api.sock`, /cannot listen on unix:\S+none\/api\.sock: No such file or directory/]]) {
    const server = serve(t, folder, socket);
    assert.equal((await server.exit).code, 1);
    assert.match(server.errors, reason);
  }
  const secure = serve(t, folder, `${folder}/a.sock`, '--tls-cert', 'a', '--tls-key', 'b');
  assert.equal((await secure.exit).code, 1);
  assert.match(secure.errors, /--tls-cert: a Unix socket takes no TLS/);
  const receive = run('receive', '--listen', `unix:${folder}/b.sock`);
  assert.equal((await receive.exit).code, 1);
  assert.match(receive.errors, /--listen: a receiver listens at HOST:PORT/);
});

test('nginx reaches it by proxy_pass http://unix:, and says who asks', { skip: hasProxy('nginx') ? false : 'nginx is not installed' }, async (t) => {
  const folder = await temporaryFolder(t);
  const socket = path.join(folder, 'api.sock');
  const port = await freePort();
  const server = serve(t, folder, socket, '--public-url', `http://127.0.0.1:${port}`, '--connections-per-address', '2');
  await server.says(/is ready/);
  const key = readFileSync(path.join(folder, 'admin.key'), 'utf8').trim();
  writeFileSync(path.join(folder, 'nginx.conf'), `
    daemon off; user root; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
    events {}
    http {
      access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
      fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
      client_max_body_size 16m;
      server {
        listen 127.0.0.1:${port};
        location / {
          proxy_pass http://unix:${socket};
          proxy_http_version 1.1;
          proxy_set_header Connection "";
          proxy_set_header Host $http_host;
          proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        }
      }
    }`);
  const nginx = new Process('nginx', ['-p', folder, '-e', `${folder}/error.log`, '-c', `${folder}/nginx.conf`]);
  t.after(() => nginx.end('SIGTERM'));
  const front = { host: '127.0.0.1', port };
  await eventually(() => ask(front, '/readyz').then(({ status }) => status === 200, () => false), 'nginx answers');

  const authorized = { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` };
  const inbox = await ask(front, '/api/inboxes', { method: 'POST', headers: authorized, body: JSON.stringify({ scope: { venue_id: 'v' } }) });
  assert.equal(inbox.status, 409);
  assert.match(inbox.text, /listens at a Unix socket, where no delivery could reach them\. Name a receiver of your own/);
  const post = async (target, body) => {
    const { status, text } = await ask(front, target, { method: 'POST', headers: authorized, body: JSON.stringify(body) });
    assert.ok(status < 300, text);
    return JSON.parse(text);
  };
  const receiver = await Receiver.start(t);
  await post('/api/venues', { id: 'venue123', name: 'V' });
  await post('/api/webhooks', { name: 'w', url: receiver.url, events: ['contact.created'], scope: { venue_id: 'venue123' } });
  // More at once than one address may have: what comes by the socket is a proxy's.
  await Promise.all(Array.from({ length: 20 }, (_, i) => post('/api/venues/venue123/contacts', { id: `c${i}` })));
  await receiver.received(20);

  // Who asks is whom nginx saw, whatever a client wrote.
  const signIn = await ask(front, '/api/session', { method: 'POST', from: '127.0.0.9', body: '{"email":"a@example.com","password":"wrong password"}',
    headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': '203.0.113.7' } });
  assert.equal(signIn.status, 401);
  const audit = JSON.parse((await ask(front, '/api/audit?limit=5', { headers: authorized })).text);
  assert.equal(audit.data.find(({ action }) => action === 'session.failed').detail, 'from 127.0.0.9');

});
