// Every part of Mantine that a page imports must have its styles in src/styles.ts.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const source = new URL('../src/', import.meta.url).pathname;
const styles = createRequire(import.meta.url).resolve('@mantine/core/styles.css').replace(/\.css$/, '');
const listed = readFileSync(path.join(source, 'styles.ts'), 'utf8');

const missing = new Set();
for (const file of readdirSync(source, { recursive: true }).filter((name) => /\.tsx?$/.test(name))) {
  const text = readFileSync(path.join(source, file), 'utf8');
  for (const [, names] of text.matchAll(/import {([^}]*)} from '@mantine\/core'/g)) {
    for (const name of names.split(',').map((part) => part.trim().split(' ')[0])) {
      const sheet = `@mantine/core/styles/${name}.css`;
      if (existsSync(path.join(styles, `${name}.css`)) && !listed.includes(`'${sheet}'`)) missing.add(sheet);
    }
  }
}
for (const sheet of missing) console.error(`error: src/styles.ts lacks ${sheet}`);
process.exitCode = missing.size === 0 ? 0 : 1;
