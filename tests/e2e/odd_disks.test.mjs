// Backups and key files on disks that lack what local ones have: hard links, renaming without replacing, syncing of
// folders, modes, locks. A library that is loaded before the C library plays the disk.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test, { before } from 'node:test';

import { cleanEnvironment, Process, program, root, Shakehook, temporaryFolder } from '../harness/shakehook.mjs';

let shim;
before(async () => {
  shim = path.join(await temporaryFolder(), 'odd_disk.so');
  execFileSync('cc', ['-shared', '-fPIC', '-o', shim, path.join(root, 'tests/e2e/shim/odd_disk.c'), '-ldl']);
});

const share = 'link-eperm renameat2 sync-folder-einval mode locks';
const disks = {
  'a share without links, locks, modes and syncing of folders': share,
  'a disk that says EOPNOTSUPP of links': 'link-enotsup renameat2',
  'a disk without renaming that does not replace': 'renameat2',
  'a disk whose folders cannot be synced': 'sync-folder-einval',
  'a disk that cannot be synced at all': 'link-eperm renameat2 sync-folder-einval sync-file-einval',
};

function environment(folder, log, faults) {
  return { LD_PRELOAD: shim, ODD_FOLDER: folder, ODD_FAULTS: faults, ODD_LOG: log };
}

// A stopped server's database, and a folder on the odd disk.
async function prepare(t) {
  const server = await Shakehook.start(t);
  await server.api.venue();
  await server.api.contact({ id: 'contact-1' });
  await server.stop();
  const folder = path.join(server.folder, 'share');
  await mkdir(folder);
  const log = path.join(server.folder, 'refused.log');
  await writeFile(log, '');
  const backup = async (faults, ...args) => {
    const process = new Process(program, ['backup', ...args, '--database', `sqlite:${server.database}`],
      { cwd: server.folder, env: cleanEnvironment(environment(folder, log, faults)) });
    const { code } = await process.exit;
    return { code, output: process.output, errors: process.errors };
  };
  return { server, folder, log, backup };
}

for (const [name, faults] of Object.entries(disks)) {
  test(`a backup is made on ${name}`, async (t) => {
    const { folder, log, backup } = await prepare(t);
    const target = path.join(folder, 'copy.db');
    const made = await backup(faults, target);
    assert.equal(made.code, 0, made.errors);
    const refused = await readFile(log, 'utf8');
    for (const fault of faults.split(' ').filter((one) => !['mode', 'locks'].includes(one))) assert.match(refused, new RegExp(fault));
    assert.deepEqual(await readdir(folder), ['copy.db']);
    assert.equal((await stat(target)).mode & 0o777, 0o600);
    assert.equal(execFileSync('sqlite3', [target, 'PRAGMA integrity_check; SELECT count(*) FROM resource'], { encoding: 'utf8' }), 'ok\n1\n');

    const size = (await stat(target)).size;
    const again = await backup(faults, target);
    assert.equal(again.code, 1);
    assert.match(again.errors, /copy\.db: it exists already; --force replaces it/);
    assert.equal((await stat(target)).size, size);
    const forced = await backup(faults, '--force', target);
    assert.equal(forced.code, 0, forced.errors);
    assert.deepEqual(await readdir(folder), ['copy.db']);
  });

  test(`a first start makes its keys on ${name}, and the next one finds them`, async (t) => {
    const folder = await temporaryFolder(t);
    const log = path.join(await temporaryFolder(t), 'refused.log');
    await writeFile(log, '');
    const server = await Shakehook.start(t, { folder, environment: environment(folder, log, faults.replace('locks', '')) });
    await server.api.venue();
    assert.ok((await readFile(log, 'utf8')).includes('master.key') || faults.startsWith('sync-folder'));
    assert.deepEqual((await readdir(folder)).filter((file) => /\.key/.test(file)).sort(), ['admin.key', 'master.key']);
    await server.restart();
    await server.api.contact({ id: 'contact-1' });
  });

  test(`the master key is rotated on ${name}`, async (t) => {
    const { server, log } = await prepare(t);
    const rotated = new Process(program, ['rotate-master-key', '--database', `sqlite:${server.database}`],
      { cwd: server.folder, env: cleanEnvironment(environment(server.folder, log, faults.replace('locks', ''))) });
    assert.deepEqual(await rotated.exit, { code: 0, signal: null }, rotated.errors);
    await server.restart();
  });
}

test('a name that is taken while a backup is made is not overwritten', async (t) => {
  const { folder, backup } = await prepare(t);
  const target = path.join(folder, 'copy.db');
  // Two at once: one of them gets the name.
  const made = await Promise.all([1, 2, 3].map(() => backup(share, target)));
  assert.deepEqual(made.map(({ code }) => code).sort(), [0, 1, 1], JSON.stringify(made));
  for (const { code, errors } of made) if (code === 1) assert.match(errors, /exists/);
  assert.deepEqual(await readdir(folder), ['copy.db']);
});

// Where renaming cannot refuse to replace, an empty file claimed the name before, and a kill left that.
test('kill -9 just before a backup gets its name leaves nothing under it, and the next one is made', async (t) => {
  const { folder, log, backup } = await prepare(t);
  const target = path.join(folder, 'copy.db');
  const killed = await backup(`${share} kill-at-rename`, target);
  assert.equal(killed.code, null, killed.errors);
  assert.match(await readFile(log, 'utf8'), /kill-at-rename \S+copy\.db\n/);
  assert.ok(!(await readdir(folder)).includes('copy.db'), `${await readdir(folder)}`);
  const made = await backup(share, target);
  assert.equal(made.code, 0, made.errors);
  assert.equal(execFileSync('sqlite3', [target, 'PRAGMA quick_check'], { encoding: 'utf8' }), 'ok\n');
});

test('kill -9 just before a key gets its name keeps no later start from making it', async (t) => {
  const folder = await temporaryFolder(t);
  const log = path.join(await temporaryFolder(t), 'refused.log');
  await writeFile(log, '');
  const killed = new Process(program, ['serve', '--listen', '127.0.0.1:0', '--database', `sqlite:${folder}/shakehook.db`],
    { cwd: folder, env: cleanEnvironment(environment(folder, log, `${share.replace('locks', '')} kill-at-rename`)) });
  assert.deepEqual(await killed.exit, { code: null, signal: 'SIGKILL' }, killed.errors);
  assert.ok(!(await readdir(folder)).includes('master.key'), `${await readdir(folder)}`);
  const server = await Shakehook.start(t, { folder, environment: environment(folder, log, share.replace('locks', '')) });
  await server.api.venue();
});

test('a disk that can do none of it is found out before the copy is made', async (t) => {
  const { folder, backup } = await prepare(t);
  const refused = await backup(`${share} all-renames`, path.join(folder, 'copy.db'));
  assert.equal(refused.code, 1);
  assert.match(refused.errors, /^shakehook: cannot write the backup \S+copy\.db: Input\/output error\n$/);
  assert.deepEqual(await readdir(folder), []);
});

test('a disk that fails while the name is made durable leaves no backup that was reported as failed', async (t) => {
  const { folder, backup } = await prepare(t);
  const refused = await backup('sync-folder-eio', path.join(folder, 'copy.db'));
  assert.equal(refused.code, 1);
  assert.match(refused.errors, /copy\.db: Input\/output error/);
  assert.deepEqual(await readdir(folder), []);
});

test('a backup does not take the place of its own database, nor of a folder', async (t) => {
  const { server, folder, backup } = await prepare(t);
  const { ino } = await stat(server.database);
  execFileSync('ln', ['-s', server.database, path.join(folder, 'link.db')]);
  for (const target of [server.database, path.join(folder, '..', 'shakehook.db'), path.join(folder, 'link.db')]) {
    const refused = await backup('', '--force', target);
    assert.equal(refused.code, 1);
    assert.match(refused.errors, /it is the database itself/);
  }
  assert.match((await backup('', '--force', folder)).errors, /share: it is a folder/);
  assert.equal((await stat(server.database)).ino, ino);
});

test('a backup may have as long a name as the disk allows', async (t) => {
  const { folder, backup } = await prepare(t);
  const name = `${'n'.repeat(252)}.db`;
  const made = await backup('', path.join(folder, name));
  assert.equal(made.code, 0, made.errors);
  assert.deepEqual(await readdir(folder), [name]);
});
