// packaging/kubernetes/shakehook.yaml by the schemas of Kubernetes itself.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { Process, root, temporaryFolder } from '../harness/shakehook.mjs';
import { missing, tool } from './tools.mjs';

const validate = tool('kubernetes-validate');
const manifest = path.join(root, 'packaging/kubernetes/shakehook.yaml');
// The oldest that is still in use and that the validator has, and the newest.
const versions = ['1.30', '1.37'];

async function check(version, file) {
  const process = new Process(validate, ['--strict', '-k', version, file]);
  const { code } = await process.exit;
  return { code, text: process.output + process.errors };
}

for (const version of versions) {
  test(`each resource is one of Kubernetes ${version}`, { skip: missing(validate) }, async () => {
    const { code, text } = await check(version, manifest);
    assert.equal(code, 0, text);
    assert.equal(text.match(/ passed for resource /g).length, readFileSync(manifest, 'utf8').split(/^---$/m).length, text);
  });
}

test('a misspelled field would be found', { skip: missing(validate) }, async (t) => {
  const file = path.join(await temporaryFolder(t), 'wrong.yaml');
  writeFileSync(file, readFileSync(manifest, 'utf8').replace('readOnlyRootFilesystem', 'readOnlyRootFileSystem'));
  assert.notEqual((await check(versions[1], file)).code, 0);
});
