// The programs of tests/packaging/requirements.txt, which ./dev test --all installs into a folder of their own.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { root } from '../harness/shakehook.mjs';

const place = path.join(root, 'build/packaging_tools');

// The path of a program; undefined where it is not installed.
export function tool(name) {
  const file = path.join(place, 'bin', name);
  return existsSync(file) ? file : undefined;
}

// The path of a file within a package.
export function fileOf(name) {
  const lib = path.join(place, 'lib');
  const [python] = existsSync(lib) ? readdirSync(lib) : [];
  const file = path.join(lib, python ?? '', 'site-packages', name);
  return existsSync(file) ? file : undefined;
}

// The reason to skip what needs the file; false: it is there.
export const missing = (file) => (file ? false : 'tests/packaging/requirements.txt is not installed (./dev test --all does it)');
