// The commands in the documents are run as they are written.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';

import { eventually } from '../harness/eventually.mjs';
import { Receiver } from '../harness/receiver.mjs';
import { program, root, Shakehook, temporaryFolder } from '../harness/shakehook.mjs';

const readDocument = (name) => readFile(path.join(root, name), 'utf8');
const bash = (script, folder) => promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder });

// The fenced blocks of a document in their order, as {language, text}.
function blocksOf(markdown) {
  return [...markdown.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(([, language, text]) => ({ language, text }));
}

// The text between <!-- name --> and <!-- /name -->.
function partOf(markdown, name) {
  const found = markdown.match(new RegExp(`<!-- ${name} -->([^]*?)<!-- /${name} -->`));
  assert.ok(found, `the marks of "${name}" are missing`);
  return found[1];
}

const isFree = (port) => new Promise((resolve) => {
  const probe = net.createServer().on('error', () => resolve(false));
  probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
});

test('the quick start of the README makes a delivery arrive', async (t) => {
  const scripts = blocksOf(partOf(await readDocument('README.md'), 'quick start'));
  assert.ok(scripts.length > 0 && scripts.every(({ language }) => language === 'sh'), 'blocks that are not sh');
  const folder = await temporaryFolder(t);
  // As it is written, but where the documented ports are taken: then on others.
  const asWritten = await isFree(8080) && await isFree(9000);
  t.diagnostic(asWritten ? 'on the documented ports' : '8080 or 9000 is taken: on other ports');
  const server = await Shakehook.start(t, { folder: path.join(folder, 'data'), port: asWritten ? 8080 : 0 });
  const receiver = await Receiver.start(t, { port: asWritten ? 9000 : 0 });
  await bash(scripts.map(({ text }) => text).join('\n').replaceAll('http://127.0.0.1:8080', server.url)
    .replaceAll('http://127.0.0.1:9000', `http://127.0.0.1:${receiver.port}`), folder);
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
  const [, section] = (await readDocument('docs/wire-format.md')).split('### A worked signature\n');
  assert.ok(section, 'its heading is missing');
  const [command, printed] = blocksOf(section);
  assert.equal(command.language, 'sh');
  const { stdout } = await bash(command.text, await temporaryFolder(t));
  assert.equal(stdout, printed.text);
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
  const flags = [...stdout.matchAll(/^ +--([a-z-]+).*?(?:\[(.*)\])?$/gm)];
  assert.ok(flags.length > 15, stdout);
  for (const [, flag, standard = ''] of flags) {
    const line = text.split('\n').find((row) => row.startsWith('|') && row.includes(`--${flag}`)) ?? text;
    assert.ok(line.includes(`--${flag}`), `--${flag} is not documented`);
    assert.ok(line.includes(standard), `--${flag} is documented without its default, ${standard}`);
  }
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
