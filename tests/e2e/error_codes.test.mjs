// Every sentence with which the sources refuse something has a code of its own (src/api/http/complaint.cc), so that a client
// can say it in another language.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { root } from '../harness/shakehook.mjs';

const unescaped = (literal) => JSON.parse(`"${literal}"`);

// The sentences of the table, as patterns.
function sentences() {
  const table = readFileSync(path.join(root, 'src/api/http/complaint.cc'), 'utf8');
  const part = table.slice(table.indexOf('kValidation'), table.indexOf('kProblems'));
  return [...part.matchAll(/\{"([a-z_]+)",\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\}/g)].map(([, code, literals]) => {
    const text = [...literals.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, each]) => unescaped(each)).join('');
    const pattern = text.split(/(\{[a-z_]+\})/).map((piece) => (/^\{[a-z_]+\}$/.test(piece) ? '.+' : piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))).join('');
    return { code, pattern: new RegExp(`^${pattern}$`, 's') };
  });
}

// Returns the text of a C++ expression of literals and values, with "1" for each value; null if it begins with no literal.
function saidBy(expression) {
  let text = '';
  for (const [, literal, value] of expression.matchAll(/"((?:[^"\\]|\\.)*)"|\+\s*([A-Za-z_:(][^"+]*)/g)) {
    if (literal !== undefined) text += unescaped(literal);
    else if (value.trim() !== '') text += '1';
  }
  return text === '' ? null : text;
}

function refusals() {
  const found = [];
  const patterns = [
    /\bRefuse\((?:"[a-z_.]*"|k?[A-Za-z_]+),\s*((?:"(?:[^"\\]|\\.)*"|[^;"])*?)\);/g,
    /\bInvalid\("[A-Za-z_.-]*",\s*((?:"(?:[^"\\]|\\.)*"|[^;"])*?)\)\)?;/g,
    /errors(?:_)?\.push_back\(\{[^,(]*(?:\([^)]*\))?[^,(]*,\s*((?:"(?:[^"\\]|\\.)*"|[^;"])*?)\}\);/g,
  ];
  for (const folder of ['src/api', 'src/model', 'src/records', 'src/jobs']) {
    for (const file of readdirSync(path.join(root, folder), { recursive: true }).filter((name) => name.endsWith('.cc') && !name.endsWith('_test.cc'))) {
      const source = readFileSync(path.join(root, folder, file), 'utf8');
      for (const pattern of patterns) {
        for (const [, expression] of source.matchAll(pattern)) {
          if (!/^\s*("|std::string\(")/.test(expression) || /"\)\s*:|\?/.test(expression)) continue;
          found.push({ file, text: saidBy(expression) });
        }
      }
    }
  }
  return found;
}

test('every sentence that refuses something has a code', () => {
  const known = sentences();
  const said = refusals().filter(({ text }) => text !== null);
  assert.ok(known.length > 100 && said.length > 50, `${known.length} sentences, ${said.length} refusals: too few to be all`);
  const without = said.filter(({ text }) => !known.some(({ pattern }) => pattern.test(text)));
  assert.deepEqual(without, []);
});
