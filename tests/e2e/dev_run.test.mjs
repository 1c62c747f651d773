// ./dev run: a server and a receiver, what to do next, and an end that leaves nothing behind.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

test('a checkout that was copied or moved does not build the old one', async (t) => {
  const folder = await temporaryFolder(t);
  const forget = (home) => {
    const build = path.join(folder, 'build/release');
    mkdirSync(build, { recursive: true });
    writeFileSync(path.join(build, 'CMakeCache.txt'), `CMAKE_BUILD_TYPE:STRING=Release\n${home ? `CMAKE_HOME_DIRECTORY:INTERNAL=${home}\n` : ''}`);
    const script = 'source "$0/scripts/setup.sh"; cd "$1"; forget_moved_build build/release; ls build/release 2>/dev/null || true';
    return execFileSync('bash', ['-euo', 'pipefail', '-c', script, root, folder], { cwd: root, encoding: 'utf8' });
  };
  assert.equal(forget(folder), 'CMakeCache.txt\n');
  symlinkSync(folder, `${folder}.link`);
  t.after(() => rmSync(`${folder}.link`));
  assert.equal(forget(`${folder}.link`), 'CMakeCache.txt\n', 'the same by another name');
  assert.equal(forget(''), 'CMakeCache.txt\n');
  for (const elsewhere of [root, '/no/such/place']) {
    assert.equal(forget(elsewhere), `./dev: build/release was made for ${elsewhere}; it is made anew for ${folder}\n`);
  }
});
