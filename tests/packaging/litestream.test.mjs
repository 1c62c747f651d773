// packaging/litestream/litestream.yml with a real Litestream: what the server had committed is there again after its
// machine is gone.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { eventually } from '../harness/eventually.mjs';
import { Process, program, root, Shakehook, temporaryFolder } from '../harness/shakehook.mjs';
import { missing, tool } from './tools.mjs';

const litestream = tool('litestream');

async function succeed(file, ...args) {
  const process = new Process(file, args);
  const { code } = await process.exit;
  assert.equal(code, 0, `${args.join(' ')}\n${process.output}${process.errors}`);
  return process.output + process.errors;
}

test('Litestream copies while the server writes, and shakehook restore takes its copy', { skip: missing(litestream) }, async (t) => {
  const server = await Shakehook.start(t);
  const folder = await temporaryFolder(t);
  const given = readFileSync(path.join(root, 'packaging/litestream/litestream.yml'), 'utf8');
  const config = path.join(folder, 'litestream.yml');
  const replica = path.join(folder, 'replica');
  // A folder in place of the object store.
  const local = given.replace('/var/lib/shakehook/shakehook.db', server.database)
    .replace(/type: s3\n +bucket: .*\n( +)path: .*\n +region: .*\n/, `type: file\n$1path: ${replica}\n`);
  assert.ok(local.includes(replica) && local.includes(server.database), local);
  writeFileSync(config, local);

  const copying = new Process(litestream, ['replicate', '-config', config]);
  t.after(() => copying.end('SIGKILL'));
  await server.api.venue();
  for (let i = 0; i < 200; ++i) await server.api.contact({ id: `c${i}`, first_name: 'John' });
  await eventually(() => /interval=24h0m0s/.test(copying.output + copying.errors), 'it snapshots as the file says');
  // A second after the last change, which is what the file asks for, and some for a busy machine.
  await eventually(async () => {
    const copy = path.join(await temporaryFolder(t), 'copy.db');
    await succeed(litestream, 'restore', '-config', config, '-o', copy, server.database);
    const counted = new Process('sqlite3', [copy, "SELECT count(*) FROM resource WHERE id GLOB 'c*'"]);
    await counted.exit;
    return counted.output.trim() === '200';
  }, 'all changes are in the copy', 20_000);
  await server.api.get('/readyz');
  await server.kill();
  await copying.end();

  const copy = path.join(folder, 'back.db');
  await succeed(litestream, 'restore', '-config', config, '-o', copy, server.database);
  await succeed(program, 'restore', copy, '--force', '--database', `sqlite:${server.database}`);
  await server.launch();
  const { data } = await server.api.get('/api/venues/venue123/contacts?limit=200');
  assert.equal(data.length, 200);
  await server.api.contact({ id: 'after' });
  assert.doesNotMatch(copying.output + copying.errors, /level=ERROR|deprecat/i);
});
