// ./dev run: a server and a receiver, what to do next, and an end that leaves nothing behind.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import net from 'node:net';
import path from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';

import { Process, program, root, temporaryFolder } from '../harness/shakehook.mjs';

async function freeAddress() {
  const server = net.createServer();
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address();
  await new Promise((resolve) => { server.close(resolve); });
  return `127.0.0.1:${port}`;
}

function devRun(...args) {
  return new Process('bash', [path.join(root, 'scripts/run.sh'), ...args], {
    env: { ...process.env, TESTED_PROGRAM: program },
  });
}

test('the commands that it prints work as they are printed', async (t) => {
  const [listen, receiver, folder] = [await freeAddress(), await freeAddress(), await temporaryFolder(t)];
  const run = devRun(`--listen=${listen}`, `--receiver=${receiver}`, `--data=${folder}`);
  t.after(() => run.end('SIGTERM'));
  await run.says(/Ctrl-C stops both/);
  const [, commands] = run.output.match(/In another terminal, here:\n\n([^]*?)\nThe contact's POST/);
  await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', commands], { cwd: root });
  await run.says(/#1 contact\.created +POST \/webhooks\/bookingshake/);
  await run.says(/"last_name": "Doe"/);
  assert.equal((await run.end('SIGINT')).code, 0, run.errors);
  assert.match(run.errors, /stopped$/m);
  for (const address of [listen, receiver]) await assert.rejects(fetch(`http://${address}/`), address);
});

test('an address that is in use is one clear line', async (t) => {
  const taken = net.createServer();
  await new Promise((resolve) => { taken.listen(0, '127.0.0.1', resolve); });
  t.after(() => taken.close());
  const address = `127.0.0.1:${taken.address().port}`;
  for (const flag of ['--listen', '--receiver']) {
    const run = devRun(`${flag}=${address}`, `--data=${await temporaryFolder(t)}`);
    assert.equal((await run.exit).code, 1);
    assert.match(run.errors, new RegExp(`^\\./dev run: ${address} is in use; .*\n$`));
  }
});

test('a flag that is wrong ends both', async (t) => {
  const [listen, receiver] = [await freeAddress(), await freeAddress()];
  const run = devRun(`--listen=${listen}`, `--receiver=${receiver}`, `--data=${await temporaryFolder(t)}`, '--no-such-flag');
  assert.equal((await run.exit).code, 1);
  assert.match(run.errors, /--no-such-flag/);
  await assert.rejects(fetch(`http://${receiver}/`));
});
