// Lists what the program is made of: the libraries that it links or compiles, and the npm packages that are in the dashboard.
// A component is {name, version, license, text, source, purl}.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (...parts) => readFileSync(path.join(root, ...parts), 'utf8');

// A name of Debian's that carries a version differs from release to release; the first that is installed is taken.
const debianLibraries = [
  { name: 'OpenSSL', packages: ['libssl-dev'], license: 'Apache-2.0', source: 'https://www.openssl.org' },
  { name: 'libsodium', packages: ['libsodium-dev'], license: 'ISC', source: 'https://libsodium.org' },
  { name: 'c-ares', packages: ['libc-ares-dev'], license: 'MIT', source: 'https://c-ares.org' },
  { name: 'utf8proc', packages: ['libutf8proc-dev'], license: 'MIT', source: 'https://juliastrings.github.io/utf8proc/' },
  { name: 'spdlog', packages: ['libspdlog-dev'], license: 'MIT', source: 'https://github.com/gabime/spdlog' },
  { name: 'fmt', packages: ['libfmt-dev'], license: 'MIT', source: 'https://fmt.dev' },
  { name: 'CLI11', packages: ['libcli11-dev'], license: 'BSD-3-Clause', source: 'https://github.com/CLIUtils/CLI11' },
  {
    name: 'Boost', packages: ['libboost1.81-dev', 'libboost1.83-dev'], license: 'BSL-1.0', source: 'https://www.boost.org',
    // The copyright file names the authors of 17,000 files, of which few are compiled.
    text: (copyright) => copyright.match(/^License: BSL-1\.0\n((?: .*\n)+)/m)[1].replace(/^ \.?/gm, ''),
  },
  {
    name: 'libstdc++ and libgcc', packages: ['gcc-12-base', 'gcc-14-base'], license: 'GPL-3.0-or-later WITH GCC-exception-3.1',
    source: 'https://gcc.gnu.org',
    text: (copyright) => 'GPL, version 3 or later, with this exception, by which the program may be given on under its own licence:\n\n'
      + copyright.match(/^GCC RUNTIME LIBRARY EXCEPTION\n[^]*?(?=\n\n\n|\nThe [^\n]*license)/m)[0],
  },
];

function installedVersion(name) {
  try {
    const [status, version] = execFileSync('dpkg-query', ['-W', '-f', '${db:Status-Status} ${Version}', name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split(' ');
    return status === 'installed' ? version : undefined;
  } catch {
    return undefined;
  }
}

function debianComponent({ name, packages, license, source, text = (copyright) => copyright }) {
  const installed = packages.find((each) => installedVersion(each));
  if (!installed) throw new Error(`none of ${packages.join(', ')} is installed`);
  const version = installedVersion(installed);
  const copyright = readFileSync(`/usr/share/doc/${installed}/copyright`, 'utf8');
  return { name, version, license, source, text: text(copyright).trim(), purl: `pkg:deb/debian/${installed}@${encodeURIComponent(version)}` };
}

function bundledComponents() {
  const prometheus = {
    name: 'prometheus-cpp', version: '1.0.1', license: 'MIT', source: 'https://github.com/jupp0r/prometheus-cpp',
    text: read('third_party/prometheus-cpp/LICENSE').trim(), purl: 'pkg:github/jupp0r/prometheus-cpp@v1.0.1',
  };
  const carrier = 'third_party/sqlite/node_modules/better-sqlite3';
  const header = read(carrier, 'deps/sqlite3/sqlite3.h');
  const version = header.match(/^#define SQLITE_VERSION +"(.*)"/m)[1];
  const sqlite = {
    name: 'SQLite', version, license: 'blessing', source: 'https://www.sqlite.org',
    text: 'The authors of SQLite have dedicated its code to the public domain.', purl: `pkg:generic/sqlite@${version}`,
  };
  return [prometheus, sqlite];
}

// Describe types alone; nothing of them is in what is built.
const typesAlone = /^(@types\/.*|typescript|type-fest|tagged-tag|csstype|openapi-typescript-helpers)$/;

function dashboardComponents() {
  const { packages } = JSON.parse(read('web/package-lock.json'));
  return Object.entries(packages).filter(([place, { dev }]) => place && !dev).map(([place, { version, license }]) => {
    const name = place.replace(/^.*node_modules\//, '');
    const folder = path.join(root, 'web', place);
    if (!existsSync(folder)) throw new Error(`web/${place} is missing: run ./dev web`);
    const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort();
    const text = files.map((file) => readFileSync(path.join(folder, file), 'utf8').trim()).join('\n\n')
      || `Its package says no more than: ${license}.`;
    return { name, version, license, text, source: `https://www.npmjs.com/package/${name}`, purl: `pkg:npm/${name.replace('@', '%40')}@${version}` };
  }).filter(({ name }) => !typesAlone.test(name));
}

export function components() {
  return [...debianLibraries.map(debianComponent), ...bundledComponents(), ...dashboardComponents()];
}
