// The receivers that the dashboard shows to be copied: each is started as its first line says, gets real deliveries, and
// must refuse what is not signed right.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFile, readFile, symlink, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import test from 'node:test';

import { eventually } from '../harness/eventually.mjs';
import { signatureOf } from '../harness/receiver.mjs';
import { cleanEnvironment, Process, root, Shakehook, temporaryFolder } from '../harness/shakehook.mjs';

const samples = path.join(root, 'web/src/pages/webhooks/verify');

function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

// Go of Debian 12 is older than the routes that the sample uses.
function hasGo() {
  try {
    const [, minor] = execFileSync('go', ['version'], { encoding: 'utf8' }).match(/go1\.(\d+)/);
    return Number(minor) >= 22;
  } catch {
    return false;
  }
}

// How each is started in a folder of its own; answers the command line.
const started = {
  'express.js': async (folder) => {
    await copyFile(path.join(samples, 'express.js'), path.join(folder, 'receiver.mjs'));
    await symlink(path.join(root, 'tests/e2e/node_modules'), path.join(folder, 'node_modules'));
    return ['node', 'receiver.mjs'];
  },
  'flask.py': async (folder, port) => {
    await copyFile(path.join(samples, 'flask.py'), path.join(folder, 'receiver.py'));
    return ['/usr/bin/python3', '-u', '-m', 'flask', '--app', 'receiver', 'run', '--port', `${port}`];
  },
  'receive.php': async (folder, port) => {
    await copyFile(path.join(samples, 'receive.php'), path.join(folder, 'receive.php'));
    return ['php', '-S', `127.0.0.1:${port}`, 'receive.php'];
  },
  'sinatra.rb': async (folder, port) => {
    await copyFile(path.join(samples, 'sinatra.rb'), path.join(folder, 'receiver.rb'));
    return ['ruby', 'receiver.rb', '-p', `${port}`, '-o', '127.0.0.1'];
  },
  'receive.go': async (folder, port) => {
    const source = await readFile(path.join(samples, 'receive.go'), 'utf8');
    await writeFile(path.join(folder, 'receive.go'), source.replace('":3000"', `"127.0.0.1:${port}"`));
    execFileSync('go', ['build', '-o', 'receiver', 'receive.go'], { cwd: folder, env: cleanEnvironment({ GOFLAGS: '-mod=mod' }) });
    return ['./receiver'];
  },
};

for (const [name, start] of Object.entries(started)) {
  test(`${name} takes what is signed right, and nothing else`, { skip: name.endsWith('.go') && !hasGo() }, async (t) => {
    const server = await Shakehook.start(t);
    await server.api.venue();
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/webhooks/bookingshake`;
    const { secret, id } = await server.api.webhook(url);
    const folder = await temporaryFolder(t);
    const [command, ...args] = await start(folder, port);
    const receiver = new Process(command, args, {
      cwd: folder, env: cleanEnvironment({ WEBHOOK_SECRET: secret, PORT: `${port}`, APP_ENV: 'production' }),
    });
    t.after(() => receiver.end('SIGKILL'));
    const post = (body, headers) => fetch(url, { method: 'POST', body, headers: { 'Content-Type': 'application/json', ...headers } });
    await eventually(() => fetch(url).then(() => true, () => false), `answer of ${name}`, 60_000, () => receiver.errors);

    await server.api.contact({ id: 'c1', first_name: 'Zoé', last_name: 'Müller 💙 "jr."' });
    const [delivery] = await eventually(async () => {
      const all = await server.api.deliveries(`webhook_id=${id}`);
      return all.length === 1 && all[0].status === 'delivered' && all;
    }, 'delivery', undefined, async () => JSON.stringify(await server.api.deliveries()) + receiver.errors);
    const said = () => receiver.output + receiver.errors;
    await eventually(() => /contact\.created c1/.test(said()), 'word of the delivery', undefined, said);
    assert.ok(said().includes(delivery.id), 'it logs the Idempotency-Key');

    const body = '{"event":"contact.created","data":{"id":"forged"}}';
    const right = signatureOf(secret, body);
    assert.equal((await post(body, { 'Bookingshake-Signature': right, 'Idempotency-Key': 'k' })).status, 204);
    for (const wrong of [signatureOf('whsec_other', body), right.slice(1), `${right}0`, '', 'é', 'sha256=' + right]) {
      const headers = { 'Bookingshake-Signature': Buffer.from(wrong).toString('latin1'), 'Idempotency-Key': 'k' };
      assert.equal((await post(body, headers)).status, 401, wrong);
    }
    assert.equal((await post(`${body} `, { 'Bookingshake-Signature': right, 'Idempotency-Key': 'k' })).status, 401);
    assert.equal((await post(body, { 'Idempotency-Key': 'k' })).status, 401, 'without a signature');
  });
}
