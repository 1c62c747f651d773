// Compresses dist/ in place, as the server sends it: assets/a.js becomes assets/a.js.br and assets/a.js.gz, as browsers take
// brotli over https and from their own machine alone. index.html stays as it is, because the server writes into it. Says
// what the frame weighs, which every first visit loads.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url).pathname;
const compressible = /\.(js|css|svg|json)$/;
// The rest of the 250 KiB of a first visit (tests/browser/first_load.test.mjs) is for the page and its data.
const frameBytesMax = 190 * 1024;

// zopfli makes gzip files that are some 4 % smaller; where it is not installed, zlib does.
function compress(file) {
  const text = readFileSync(file);
  writeFileSync(`${file}.br`, brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: text.length } }));
  if (spawnSync('zopfli', ['--i5', file]).status === 0) return;
  writeFileSync(`${file}.gz`, gzipSync(text, { level: 9 }));
}

for (const entry of readdirSync(dist, { recursive: true })) {
  const file = path.join(dist, entry);
  if (!statSync(file).isFile() || !compressible.test(file)) continue;
  compress(file);
  rmSync(file);
}

const page = readFileSync(path.join(dist, 'index.html'), 'utf8');
const needed = [...page.matchAll(/(?:src|href)="\/([^"]+)"/g)].map(([, name]) => name).filter((name) => compressible.test(name));
const bytes = needed.reduce((sum, name) => sum + statSync(path.join(dist, `${name}.br`)).size, page.length);
console.log(`The frame: ${Math.ceil(bytes / 1024)} KiB compressed, ${needed.length} files`);
if (bytes > frameBytesMax) {
  console.error(`error: the frame is over ${frameBytesMax / 1024} KiB compressed`);
  process.exitCode = 1;
}
