// Prints THIRD_PARTY_NOTICES.txt: every licence text once, with all that is under it. Without versions of Debian's
// packages, so that it changes only with what is used.
import { components } from './components.mjs';

const rule = '='.repeat(100);
const byText = new Map();
for (const { name, license, source, text } of components()) {
  const lines = text.replaceAll('\r\n', '\n').replace(/[ \t]+$/gm, '');
  byText.set(lines, [...byText.get(lines) ?? [], `${name} (${license}) ${source}`]);
}
const parts = [...byText].map(([text, names]) => `${rule}\n${[...new Set(names)].join('\n')}\n${'-'.repeat(100)}\n${text}\n`);
process.stdout.write(`Shakehook contains these works of others. Each is under its own licence.\n\n${parts.join('\n')}`);
