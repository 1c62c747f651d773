// What the documents tell a reader to run is run, as it is written.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';

import { eventually } from '../harness/eventually.mjs';
import { Receiver } from '../harness/receiver.mjs';
import { program, quickFlags, root, Shakehook, temporaryFolder } from '../harness/shakehook.mjs';

const readDocument = (name) => readFile(path.join(root, name), 'utf8');
const bash = (script, folder) => promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder });

// The fenced blocks of a document in their order, as {language, text}.
function blocksOf(markdown) {
  return [...markdown.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(([, language, text]) => ({ language, text }));
}

test('the quick start of the README makes a delivery arrive', async (t) => {
  const readme = await readDocument('README.md');
  const [, part] = readme.match(/<!-- quick start -->([^]*?)<!-- \/quick start -->/);
  const folder = await temporaryFolder(t);
  const server = await Shakehook.start(t, { folder: path.join(folder, 'data'), flags: quickFlags });
  const receiver = await Receiver.start(t);
  // Only the two addresses are others, because the documented ones may be in use.
  const script = blocksOf(part).map(({ text }) => text).join('\n')
    .replaceAll('http://127.0.0.1:8080', server.url)
    .replaceAll('127.0.0.1:9000', `127.0.0.1:${receiver.port}`);
  assert.ok(script.includes(server.url) && script.includes(`:${receiver.port}`), 'the addresses are not the documented');
  await bash(script, folder);
  await receiver.received(1);
  const [payload] = receiver.payloads();
  assert.equal(payload.event, 'contact.created');
  assert.equal(payload.data.email, 'john.doe@example.com');
  await eventually(async () => (await server.api.deliveries('status=delivered')).length === 1, 'delivery');
});

test('the commands that ./dev run prints are those of the README', async () => {
  const readme = await readDocument('README.md');
  const printed = await readDocument('scripts/run.sh');
  for (const path of ['/api/venues', '/api/webhooks', '/api/venues/venue123/contacts']) {
    assert.ok(readme.includes(path) && printed.includes(path), path);
  }
});

test('the worked signature is what openssl makes of it', async (t) => {
  const blocks = blocksOf(await readDocument('docs/wire-format.md'));
  const at = blocks.findIndex(({ text }) => text.includes('openssl dgst'));
  const { stdout } = await bash(blocks[at].text, await temporaryFolder(t));
  assert.equal(stdout, blocks[at + 1].text);
  assert.match(stdout, /^[0-9a-f]{64}\n$/);
});

test('the request that is shown is one that is sent', async (t) => {
  const [shown] = blocksOf(await readDocument('docs/wire-format.md'));
  const [head, body] = shown.text.trimEnd().split('\n\n');
  assert.equal(Number(head.match(/Content-Length: (\d+)/)[1]), Buffer.byteLength(body));
  const { api } = await Shakehook.start(t);
  const receiver = await Receiver.start(t);
  await api.post('/api/venues-groups', { id: 'group456', name: 'Paris venues' });
  await api.venue('venue123', { venues_group_id: 'group456' });
  await api.contact({ id: 'contact-456' });
  await api.webhook(receiver.url);
  await api.delete('/api/venues/venue123/contacts/contact-456');
  const [request] = await receiver.received(1);
  const names = head.split('\n').slice(1).map((line) => line.split(':')[0]);
  assert.deepEqual(request.rawHeaders.filter((_, i) => i % 2 === 0), names);
  assert.equal(request.body.toString().replace(/"timestamp":\d+/, ''), body.replace(/"timestamp":\d+/, ''));
});

test('every flag of serve stands in the documentation, with its default', async () => {
  const { stdout } = await promisify(execFile)(program, ['serve', '--help']);
  const text = await readDocument('docs/configuration.md');
  const flags = [...stdout.matchAll(/^ +(?:-h,)?--([a-z-]+)/gm)].map(([, name]) => name).filter((name) => name !== 'help');
  assert.ok(flags.length > 15, `${flags}`);
  for (const flag of flags) assert.ok(text.includes(`--${flag}`), `--${flag} is not documented`);
});

test('links between the documents lead somewhere', async () => {
  const { stdout } = await promisify(execFile)('git', ['ls-files', '*.md'], { cwd: root });
  for (const name of stdout.trim().split('\n')) {
    const text = await readDocument(name);
    for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)) {
      const found = path.join(path.dirname(name), target);
      const { stdout: listed } = await promisify(execFile)('git', ['ls-files', '--', found], { cwd: root });
      assert.ok(listed, `${name} links to ${target}`);
    }
  }
});
