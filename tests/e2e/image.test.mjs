// The OCI image: what is in it, and its tree run as a container engine runs it, with a read-only root, no capabilities and
// a user who owns nothing but the volume.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { gunzipSync } from 'node:zlib';

import { ApiClient } from '../harness/api_client.mjs';
import { freePort } from '../harness/free_port.mjs';
import { Receiver } from '../harness/receiver.mjs';
import { cleanEnvironment, Process, program, root, temporaryFolder } from '../harness/shakehook.mjs';

const bytesMax = 30e6;
const output = (file, ...args) => execFileSync(file, args, { encoding: 'utf8', maxBuffer: 64 << 20 });
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const skipRun = process.getuid() === 0 && spawnSync('unshare', ['-m', 'true']).status === 0 ? false : 'needs root and mount namespaces';

const build = (folder) => execFileSync('node', ['packaging/image/build.mjs', folder], { cwd: root, encoding: 'utf8', env: cleanEnvironment({ SHAKEHOOK_BUILD: path.dirname(program) }) }).trim();

async function unpack(t) {
  const folder = await temporaryFolder(t);
  const file = build(folder);
  const layout = path.join(folder, 'layout');
  mkdirSync(layout);
  output('tar', '-xf', file, '-C', layout);
  const readJson = (name) => JSON.parse(readFileSync(path.join(layout, name), 'utf8'));
  const place = ({ digest }) => `blobs/sha256/${digest.replace('sha256:', '')}`;
  const manifest = readJson(place(readJson('index.json').manifests[0]));
  const config = readJson(place(manifest.config));
  return { folder, file, layout, readJson, place, manifest, config, layer: path.join(layout, place(manifest.layers[0])) };
}

test('the image is whole, small, and the same each time', async (t) => {
  const { folder, file, layout, readJson, place, manifest, config, layer } = await unpack(t);
  assert.ok(statSync(file).size < bytesMax, `${statSync(file).size} bytes`);
  t.diagnostic(`${(statSync(file).size / 1e6).toFixed(1)} MB`);
  assert.equal(readJson('oci-layout').imageLayoutVersion, '1.0.0');
  for (const blob of readdirSync(path.join(layout, 'blobs/sha256'))) assert.equal(sha256(readFileSync(path.join(layout, 'blobs/sha256', blob))), blob);
  for (const part of [readJson('index.json').manifests[0], manifest.config, manifest.layers[0]]) assert.equal(statSync(path.join(layout, place(part))).size, part.size);
  assert.deepEqual(config.rootfs.diff_ids, [`sha256:${sha256(gunzipSync(readFileSync(layer)))}`]);
  assert.equal(config.config.User, '65532:65532');
  assert.deepEqual(config.config.Healthcheck.Test, ['CMD', '/usr/bin/shakehook', 'healthcheck']);
  // For older engines.
  const [old] = readJson('manifest.json');
  assert.deepEqual([old.Config, old.Layers], [place(manifest.config), [place(manifest.layers[0])]]);

  const listed = output('tar', '-tvf', layer);
  assert.doesNotMatch(listed, /\/(sh|bash|busybox|dash)$/m, 'no shell');
  assert.doesNotMatch(listed, /^.{3}[sS]|^.{6}[sS]/m, 'nothing that changes who one is');
  const foreign = listed.trim().split('\n').filter((line) => !/ 0\/0 /.test(line));
  assert.equal(foreign.length, 1, foreign.join('\n'));
  assert.match(foreign[0], /^drwx------ 65532\/65532 .*\.\/var\/lib\/shakehook\/$/);

  assert.equal(sha256(readFileSync(build(path.join(folder, 'again')))), sha256(readFileSync(file)));
});

// $1: the tree, $2: the volume, the rest: what the container runs.
const container = `
set -e
tree="$1"; volume="$2"; shift 2
mount --bind "$tree" "$tree"
mount --bind "$volume" "$tree/var/lib/shakehook"
mount -t proc proc "$tree/proc"
mount -o remount,bind,ro "$tree"
exec setpriv --no-new-privs --bounding-set=-all,+sys_chroot,+setuid,+setgid --inh-caps=-all \
  chroot --userspec=65532:65532 --groups=65532 "$tree" "$@"`;

test('a container of it serves, delivers and is found healthy, on a read-only root without a right', { skip: skipRun }, async (t) => {
  const { folder, config: { config }, layer } = await unpack(t);
  const tree = path.join(folder, 'tree');
  const volume = path.join(folder, 'volume');
  for (const made of [tree, volume]) mkdirSync(made);
  chownSync(volume, 65532, 65532);
  output('tar', '-xzpf', layer, '-C', tree);
  mkdirSync(path.join(tree, 'proc'), { recursive: true });
  const port = await freePort();
  const env = { ...Object.fromEntries(config.Env.map((each) => each.split('='))), SHAKEHOOK_LISTEN: `127.0.0.1:${port}`, SHAKEHOOK_ALLOW_TARGET: '127.0.0.0/8', SHAKEHOOK_ALLOW_HTTP_TARGETS: 'true' };
  const run = (...args) => new Process('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', container, 'sh', tree, volume, ...config.Entrypoint, ...args], { env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...env } });

  const sick = run('healthcheck');
  assert.equal((await sick.exit).code, 1, 'nothing runs yet');
  const server = run(...config.Cmd);
  t.after(() => server.end('SIGKILL'));
  await server.says(/is ready/);
  const status = readFileSync(`/proc/${server.child.pid}/status`, 'utf8');
  assert.match(status, /^Uid:\t65532\t65532\t65532\t65532$/m);
  assert.match(status, /^CapEff:\t0+$/m);
  assert.match(status, /^NoNewPrivs:\t1$/m);

  const api = new ApiClient(`http://127.0.0.1:${port}`, readFileSync(path.join(volume, 'admin.key'), 'utf8').trim());
  const receiver = await Receiver.start(t);
  await api.venue();
  await api.webhook(receiver.url);
  await api.contact({ id: 'c1' });
  await receiver.received(1);

  const healthy = run('healthcheck');
  assert.equal((await healthy.exit).code, 0, healthy.errors);
  const doctor = run('doctor');
  await doctor.exit;
  assert.match(doctor.output, /^ok +TLS trust .*ca-certificates\.crt/m);
  assert.match(doctor.output, /^ok +database folder/m);
  assert.equal((await server.end('SIGTERM')).code, 0);
});
