import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';

import { expect, it } from 'vitest';

import { languages, verifyCodeIn } from './verify_code';

// How each language runs a file.
const runs = {
  Node: ['node', 'vector.mjs'],
  Python: ['python3', 'vector.py'],
  PHP: ['php', 'vector.php'],
  Ruby: ['ruby', 'vector.rb'],
  Go: ['go', 'run', 'vector.go'],
} as const;
const folder = new URL('./verify/', import.meta.url).pathname;

function isThere(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

it('the fixed example is the same in every language, and right', async () => {
  const found = new Set<string>();
  for (const language of languages) {
    const { vector } = await verifyCodeIn(language);
    const secret = /whsec_[\w+/=]+/.exec(vector)![0];
    const body = /{"event".*}}/.exec(vector)![0];
    const expected = /\b[0-9a-f]{64}\b/.exec(vector)![0];
    expect(createHmac('sha256', secret).update(body).digest('hex')).toBe(expected);
    found.add(`${secret} ${body}`);
  }
  expect(found.size).toBe(1);
});

for (const language of languages) {
  const [program, ...args] = runs[language];
  it.skipIf(!isThere(program))(`the fixed example runs in ${language}`, () => {
    expect(execFileSync(program, args, { cwd: folder, encoding: 'utf8' }).trim()).toBe('right');
  }, 60_000);
}
