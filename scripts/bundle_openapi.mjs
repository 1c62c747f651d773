// bundle_openapi.mjs OUT: makes the description of the API, one file, from its parts in src/api/openapi. There openapi.json
// holds what concerns all of the API and lists the parts in their order (`x-parts`); each part describes the paths, webhooks
// and components of one area. A name that two parts define, a `$ref` to a name that no part defines, and a file that
// `x-parts` does not list are errors.
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../src/api/openapi');

function fail(message) {
  console.error(`bundle_openapi: ${message}`);
  process.exit(1);
}

function read(file) {
  try {
    return JSON.parse(readFileSync(join(folder, file), 'utf8'));
  } catch (error) {
    return fail(`src/api/openapi/${file}: ${error.message}`);
  }
}

// Adds the members of `from` to `into`. An object that both have is merged in the same way, `depth` levels down; below that
// a name may be there once.
function merge(into, from, file, depth) {
  for (const [name, value] of Object.entries(from)) {
    if (!(name in into)) into[name] = value;
    else if (depth > 0) merge(into[name], value, file, depth - 1);
    else fail(`src/api/openapi/${file}: another part defines ${name} too`);
  }
}

function checkReferences(value, bundle) {
  if (typeof value !== 'object' || value === null) return;
  if (typeof value.$ref === 'string') {
    const found = value.$ref.slice(2).split('/').reduce((inside, name) => inside?.[name], bundle);
    if (found === undefined) fail(`no part defines ${value.$ref}`);
  }
  for (const inner of Object.values(value)) checkReferences(inner, bundle);
}

const out = process.argv[2];
if (out === undefined) fail('usage: bundle_openapi.mjs OUT');
const { 'x-parts': parts, ...head } = read('openapi.json');
for (const file of readdirSync(folder)) {
  if (file !== 'openapi.json' && !parts.includes(file.replace(/\.json$/, ''))) {
    fail(`src/api/openapi/${file}: x-parts in openapi.json does not list it`);
  }
}

const described = { paths: {}, webhooks: {}, components: {} };
for (const part of parts) {
  const file = `${part}.json`;
  const { paths = {}, webhooks = {}, components = {}, ...others } = read(file);
  for (const name of Object.keys(others)) fail(`src/api/openapi/${file}: ${name} is none of paths, webhooks, components`);
  merge(described, { paths, webhooks }, file, 1);
  merge(described, { components }, file, 2);
}
const bundle = { ...head, ...described };
checkReferences(bundle, bundle);

// The file is left alone if it would be the same, so that nothing is made from it again.
const text = `${JSON.stringify(bundle, null, 1)}\n`;
if (!existsSync(out) || readFileSync(out, 'utf8') !== text) {
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(`${out}.new`, text);
  renameSync(`${out}.new`, out);
}
