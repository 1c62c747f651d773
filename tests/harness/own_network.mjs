// A file of tests in a network and with mounts of its own, so that it may say what /etc/resolv.conf is and listen on
// port 53: the file runs itself once more inside.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const mark = 'SHAKEHOOK_TEST_NETWORK';
const enter = 'ip link set lo up && mount --bind "$0/resolv.conf" /etc/resolv.conf && mount --bind "$0/hosts" /etc/hosts && exec "$@"';

// True inside. Outside it makes the test that runs the file inside, and gives false.
export function inOwnNetwork(url) {
  if (process.env[mark]) return true;
  const usable = spawnSync('unshare', ['-n', '-m', 'ip', 'link', 'set', 'lo', 'up']).status === 0;
  const skip = usable ? false : 'needs root, unshare and ip for a network of its own';
  test('in a network of its own', { skip, timeout: 300_000 }, async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'shakehook-network-'));
    writeFileSync(path.join(folder, 'resolv.conf'), '');
    writeFileSync(path.join(folder, 'hosts'), '127.0.0.1 localhost\n');
    // NODE_TEST_CONTEXT would have the inner run speak to the outer one, not to this test.
    const { NODE_TEST_CONTEXT, ...environment } = process.env;
    const child = spawn(
      'unshare', ['-n', '-m', '--propagation', 'private', 'sh', '-c', enter, folder, process.execPath, fileURLToPath(url)],
      { env: { ...environment, [mark]: folder }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => { output += text; });
    const code = await new Promise((resolve) => { child.on('close', resolve); });
    if (process.env.TESTS_SAY_ALL) console.log(output);
    if (code !== 0) throw new Error(`inside:\n${output}`);
    if (!/^# tests [1-9]/m.test(output) && !/tests [1-9]/.test(output)) throw new Error(`no test ran:\n${output}`);
  });
  return false;
}

// Set the content of /etc/resolv.conf and /etc/hosts from now on. They are written in place, because the files are
// mounted.
export function writeResolvConf(text) { writeFileSync('/etc/resolv.conf', text); }
export function writeHosts(text) { writeFileSync('/etc/hosts', text); }
export function readHosts() { return readFileSync('/etc/hosts', 'utf8'); }

// Runs ip(8) inside.
export function ip(...args) {
  const { status, stderr } = spawnSync('ip', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`);
}
