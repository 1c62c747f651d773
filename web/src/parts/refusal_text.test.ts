import { expect, it } from 'vitest';

import { sentenceOf } from './refusal_text';

const texts = { 'is wrong': 'Is wrong.', 'a quote in line # of #': 'Line {{0}}, of {{1}}.' };

it('a detail is told in the words that we have for it, with its numbers', () => {
  expect(sentenceOf(texts, 'is wrong')).toBe('Is wrong.');
  expect(sentenceOf(texts, 'a quote in line 12 of 400')).toBe('Line 12, of 400.');
});
it('another is told as the server says it', () => expect(sentenceOf(texts, 'has 3 legs')).toBe('Has 3 legs.'));
