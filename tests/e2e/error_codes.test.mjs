// A refusal's code and sentence stand where it is made (src/base/complaint.h), and the compiler refuses a code that is not in
// the list. What it cannot see is held here: each code is used, and the dashboard's sentences name only values that every
// sentence of their code has.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { root } from '../harness/shakehook.mjs';

const read = (...where) => readFileSync(path.join(root, ...where), 'utf8');
const header = read('src/base/complaint.h');
const list = header.slice(header.indexOf('kComplaintCodes ='), header.indexOf('});'));
const codes = [...list.matchAll(/"([a-z_]+)"/g)].map(([, code]) => code);

// By code, the sentences of the sources, each as the set of its values' names.
function sentences() {
  const found = new Map(codes.map((code) => [code, []]));
  for (const file of readdirSync(path.join(root, 'src'), { recursive: true }).filter((name) => /\.(cc|h)$/.test(name) && !name.endsWith('_test.cc'))) {
    for (const [, code, literals] of read('src', file).matchAll(/"([a-z_]+)",\s*((?:"(?:[^"\\]|\\.)*"\s*)+)/g)) {
      if (!found.has(code)) continue;
      const text = [...literals.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, each]) => each).join('');
      if (!text.includes(' ')) continue;
      found.get(code).push({ file, text, names: new Set([...text.matchAll(/\{([a-z_]+)\}/g)].map(([, name]) => name)) });
    }
  }
  return found;
}

test('each code of the list is the code of a refusal', () => {
  assert.ok(codes.length > 100, `${codes.length} codes: too few to be all`);
  const used = sentences();
  assert.deepEqual(codes.filter((code) => used.get(code).length === 0), []);
});

for (const language of ['en', 'fr']) {
  test(`a sentence of the dashboard names only values that the server gives: ${language}`, () => {
    const used = sentences();
    const wrong = [];
    for (const [key, text] of Object.entries(JSON.parse(read('web/src/texts', language, 'refusals.json')))) {
      const code = key.replace(/_(one|many|other)$/, '');
      for (const [, name] of text.matchAll(/\{\{(\w+)\}\}/g)) {
        for (const sentence of used.get(key) ?? used.get(code) ?? []) {
          if (!sentence.names.has(name)) wrong.push(`${key}: ${name} is not in "${sentence.text}" (${sentence.file})`);
        }
      }
    }
    assert.deepEqual(wrong, []);
  });
}
