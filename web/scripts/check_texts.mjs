// Holds the languages against each other: the same files, in each the same keys, with the same placeholders.
import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../src/texts/', import.meta.url);
const reference = 'en';
const languages = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
const complaints = [];

// {"a.b": "text"} of a file's nested keys.
function flatten(texts, prefix = '', flat = {}) {
  for (const [key, value] of Object.entries(texts)) {
    if (typeof value === 'string') flat[prefix + key] = value;
    else flatten(value, `${prefix}${key}.`, flat);
  }
  return flat;
}

const files = (language) => readdirSync(new URL(`${language}/`, folder)).filter((name) => name.endsWith('.json')).sort();
const read = (language, file) => flatten(JSON.parse(readFileSync(new URL(`${language}/${file}`, folder), 'utf8')));
const placeholders = (text) => [...new Set(text.match(/{{[^}]+}}|<\/?\w+>/g) ?? [])].sort().join(' ');
// Languages differ in their plural forms (French has _many); of each key one is enough to stand for all.
const singular = (key) => key.replace(/_(zero|one|two|few|many|other)$/, '_*');

for (const language of languages.filter((name) => name !== reference)) {
  for (const file of new Set([...files(reference), ...files(language)])) {
    if (!files(language).includes(file) || !files(reference).includes(file)) {
      complaints.push(`${file} is in one of ${reference} and ${language} only`);
      continue;
    }
    const ours = read(reference, file);
    const theirs = read(language, file);
    const keys = (texts) => new Set(Object.keys(texts).map(singular));
    for (const key of keys(ours)) if (!keys(theirs).has(key)) complaints.push(`${language}/${file} lacks "${key}"`);
    for (const key of keys(theirs)) if (!keys(ours).has(key)) complaints.push(`${reference}/${file} lacks "${key}"`);
    for (const [key, text] of Object.entries(theirs)) {
      if (text.trim() === '') complaints.push(`${language}/${file} says nothing at "${key}"`);
      if (key in ours && placeholders(text) !== placeholders(ours[key])) {
        complaints.push(`${language}/${file} has other placeholders at "${key}"`);
      }
    }
  }
}
for (const complaint of complaints) console.error(`error: ${complaint}`);
process.exitCode = complaints.length === 0 ? 0 : 1;
