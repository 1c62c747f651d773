// Every part of Mantine that a page imports must have its styles in src/styles.ts; what is not on the first page (dates,
// charts, drop zone) brings them where it is used.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const source = new URL('../src/', import.meta.url).pathname;
const styles = createRequire(import.meta.url).resolve('@mantine/core/styles.css').replace(/\.css$/, '');
const listed = readFileSync(path.join(source, 'styles.ts'), 'utf8');

const missing = new Set();
const apart = ['charts', 'dates', 'dropzone'];
for (const file of readdirSync(source, { recursive: true }).filter((name) => /\.tsx?$/.test(name))) {
  const text = readFileSync(path.join(source, file), 'utf8');
  for (const name of apart) {
    const used = text.includes(`from '@mantine/${name}'`);
    if (used && !text.includes(`import '@mantine/${name}/styles.layer.css'`)) missing.add(`@mantine/${name}/styles.layer.css, in ${file}`);
  }
  for (const [, names] of text.matchAll(/import {([^}]*)} from '@mantine\/core'/g)) {
    for (const name of names.split(',').map((part) => part.trim().split(' ')[0])) {
      const sheet = `@mantine/core/styles/${name}.layer.css`;
      if (existsSync(path.join(styles, `${name}.css`)) && !listed.includes(`'${sheet}'`)) missing.add(sheet);
    }
  }
}
for (const sheet of missing) console.error(`error: these styles are not imported: ${sheet}`);
process.exitCode = missing.size === 0 ? 0 : 1;
