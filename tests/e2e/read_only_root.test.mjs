// A container with a read-only root: nothing can be written but the folder of the database, no temporary folder, nor the
// folder that the server was started in. In a mount namespace of its own, which takes root.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { eventually } from '../harness/eventually.mjs';
import { Process, Shakehook, cleanEnvironment, program, root, temporaryFolder } from '../harness/shakehook.mjs';

const skip = spawnSync('unshare', ['-m', 'true']).status === 0 ? false : 'no mount namespaces here (needs root)';

// $1 is the only folder that can be written afterwards; the rest is the command.
const readOnlyRoot = `
set -e
folder="$1"; shift
mount --make-rprivate /
mount --bind "$folder" "$folder"
for mounted in $(awk '{print $2}' /proc/mounts | sort -u); do
  case "$mounted" in "$folder" | /proc* | /dev* | /sys*) ;; *) mount -o remount,bind,ro "$mounted" 2>/dev/null || : ;; esac
done
mount -o remount,bind,rw "$folder"
for temporary in /tmp /var/tmp /usr/tmp .; do
  if [ -d "$temporary" ] && touch "$temporary/shakehook-writable" 2>/dev/null; then
    echo "$temporary can be written" >&2
    exit 9
  fi
done
exec "$@"`;

class OnReadOnlyRoot extends Shakehook {
  async launch(port = 0) {
    const environment = cleanEnvironment(this.environment);
    for (const name of ['TMPDIR', 'SQLITE_TMPDIR']) delete environment[name];
    this.process = new Process('unshare', [
      '-m', 'sh', '-c', readOnlyRoot, 'sh', this.folder, program, 'serve', '--listen', `127.0.0.1:${port}`,
      '--database', `sqlite:${this.database}`, '--allow-target', '127.0.0.0/8', '--allow-http-targets', ...this.more ?? [],
    ], { cwd: '/', env: environment });
    await this.settle();
  }
}

async function start(t, { folder, more, environment } = {}) {
  const server = new OnReadOnlyRoot();
  server.folder = folder ?? await temporaryFolder(t);
  server.database = path.join(server.folder, 'shakehook.db');
  server.environment = environment ?? {};
  server.flags = {};
  server.more = more;
  t.after(() => server.endOfTest());
  await server.launch();
  return server;
}

const contacts = '/api/venues/venue123/contacts';
const batchOf = (count, bytes, city) => Array.from({ length: count }, (_, i) => ({
  id: `c${i}`, first_name: `Guest ${i}`, city, address_line_1: 'x'.repeat(bytes),
}));

test('batches, imports and deletes need no folder but the database\'s', { skip }, async (t) => {
  const server = await start(t);
  await server.api.venue();
  await server.api.webhook('http://127.0.0.1:34567/hook', { enabled: false });
  for (const [count, city] of [[100, 'Lyon'], [1000, 'Paris'], [1000, 'Nantes']]) {
    const response = await server.api.call('POST', `${contacts}/batch`, batchOf(count, 900, city));
    assert.equal(response.status, 200, `${count}: ${JSON.stringify(response.body).slice(0, 300)}`);
  }
  const rows = Array.from({ length: 3000 }, (_, i) => `i${i},Guest,${'y'.repeat(200)}`).join('\n');
  const started = await server.api.post(`/api/venues/venue123/imports?kind=contact`, `id,first_name,city\n${rows}\n`, { 'Content-Type': 'text/csv' });
  await eventually(async () => (await server.api.get(`/api/imports/${started.id}`)).state === 'done', 'end of the import', 60_000);
  const imported = await server.api.get(`/api/imports/${started.id}`);
  assert.equal(imported.created, 3000);
  assert.doesNotMatch(server.process.errors, /cannot/);
});

test('the purge needs no folder but the database\'s', { skip }, async (t) => {
  const server = await start(t, { more: ['--retention', '5s'] });
  await server.api.venue();
  await server.api.webhook('http://127.0.0.1:34567/hook', { enabled: false });
  for (const city of ['Lyon', 'Paris']) await server.api.post(`${contacts}/batch`, batchOf(1000, 500, city));
  await eventually(async () => (await server.api.get('/api/events')).data.length === 0, 'the purge', 60_000);
  assert.doesNotMatch(server.process.errors, /cannot/);
});

test('a database of the first schema with many rows is brought up to date', { skip }, async (t) => {
  const folder = await temporaryFolder(t);
  const database = path.join(folder, 'shakehook.db');
  const sample = readFileSync(path.join(root, 'tests/upgrade/schema_1.sql'), 'utf8');
  // Some tens of megabytes to sort for the indexes that came later.
  const more = `
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
    INSERT INTO event SELECT 900000000000000000 + i, randomblob(16), i % 6, 0, 1795474000000 + i, 1795474000000 + i, 1, NULL,
      1, NULL, '{"event":"contact.created"}' FROM n;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
    INSERT INTO resource (number, venue, kind, id, version, last_timestamp, last_event, data, email, search)
      SELECT 1000000 + i, 1, 1, hex(randomblob(16)), 1, 1795474000000 + i, i,
        '{"id":"x","last_name":"Guest ' || hex(randomblob(20)) || '","created_at":1795474000000}', NULL, hex(randomblob(40)) FROM n;`;
  execFileSync('sqlite3', [database], { input: `${sample}\n${more}` });
  const masterKey = Buffer.from(Array.from({ length: 32 }, (_, i) => i)).toString('base64');
  writeFileSync(path.join(folder, 'master.key'), `${masterKey}\n`, { mode: 0o600 });
  const server = await start(t, { folder, environment: { SHAKEHOOK_ADMIN_KEY: 'a-key-of-the-environment-0123456789' } });
  assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
  assert.ok((await server.api.get('/api/venues')).data.length > 0);
});
