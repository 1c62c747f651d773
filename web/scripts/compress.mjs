// Compresses dist/ in place, as the server sends it: assets/a.js becomes assets/a.js.gz. index.html stays as it is,
// because the server writes into it. Says what the first page weighs.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url).pathname;
const compressible = /\.(js|css|svg|json)$/;
const firstLoadBytesMax = 250 * 1024;

// zopfli makes gzip files that are some 4 % smaller; where it is not installed, zlib does.
function compress(file) {
  if (spawnSync('zopfli', ['--i5', file]).status === 0) return;
  writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
}

for (const entry of readdirSync(dist, { recursive: true })) {
  const file = path.join(dist, entry);
  if (!statSync(file).isFile() || !compressible.test(file)) continue;
  compress(file);
  rmSync(file);
}

const page = readFileSync(path.join(dist, 'index.html'), 'utf8');
const needed = [...page.matchAll(/(?:src|href)="\/([^"]+)"/g)].map(([, name]) => name).filter((name) => compressible.test(name));
const bytes = needed.reduce((sum, name) => sum + statSync(path.join(dist, `${name}.gz`)).size, page.length);
console.log(`The first page: ${Math.ceil(bytes / 1024)} KiB compressed, ${needed.length} files`);
if (bytes > firstLoadBytesMax) {
  console.error(`error: the first page is over ${firstLoadBytesMax / 1024} KiB compressed`);
  process.exitCode = 1;
}
