import { expect, test } from 'vitest';

import { highlight } from './highlight';

test('colours lose no letter', () => {
  for (const text of ["const a = 'x // y'; // why\n", 'curl -X POST \\\n  -H \'A: b\'', 'POST https://x/y\nHost: x\nA-B: 1', '', '"open']) {
    for (const language of ['code', 'http', 'shell'] as const) {
      expect(highlight(text, language).map((piece) => piece.text).join('')).toBe(text);
    }
  }
});

test('an address is no comment, and a word in a text is none of the language', () => {
  const kinds = highlight("fetch('https://x') // return", 'code').filter(({ kind }) => kind !== null);
  expect(kinds).toEqual([{ kind: 'string', text: "'https://x'" }, { kind: 'comment', text: '// return' }]);
});
