import { expect, test } from 'vitest';

import { fill, formsOf } from './translation';

test('a text is filled with what it names', () => {
  expect(fill('{{count}} of {{ all }} work', { count: 2, all: 3 })).toBe('2 of 3 work');
  expect(fill('by {{name}}', {})).toBe('by ');
  expect(fill('{{a}}', { a: '{{b}}', b: 'never' })).toBe('{{b}}');
});

test('a count takes the form of its language', () => {
  expect(formsOf('waits', 0, 'en')).toEqual(['waits_zero', 'waits_other', 'waits_other', 'waits']);
  expect(formsOf('waits', 1, 'en')[0]).toBe('waits_one');
  expect(formsOf('waits', 0, 'fr')).toEqual(['waits_zero', 'waits_one', 'waits_other', 'waits']);
  expect(formsOf('waits', 1_000_000, 'fr')[0]).toBe('waits_many');
});

// One word per thing. A pattern for each word that something else is called by.
const otherWords: Record<string, [RegExp, string][]> = {
  en: [[/\bguest or company\b/i, 'contact or account'], [/\bmailbox of this server\b/i, 'test inbox']],
  fr: [
    [/périmètre/i, 'portée'],
    [/\b(le|du|son|tout son) portée/i, 'la portée'],
    [/société/i, 'compte'],
    [/\b(nouvel|nouveaux) essais?\b/i, 'relance'],
    [/\b(lieu|lieux|site|sites)\b/i, 'établissement'],
    [/boîtes? (de réception|d’essai)/i, 'boîte de test'],
  ],
};
test.each(Object.keys(otherWords))('one word is used for one thing: %s', (language) => {
  const said: string[] = [];
  const walk = (texts: object, file: string, key: string) => {
    for (const [name, text] of Object.entries(texts)) {
      const at = key === '' ? name : `${key}.${name}`;
      if (typeof text !== 'string') walk(text as object, file, at);
      else for (const [other, word] of otherWords[language]!) if (other.test(text)) said.push(`${file} ${at}: ${text} (${word})`);
    }
  };
  const files = Object.entries(import.meta.glob<{ default: object }>('./*/*.json', { eager: true })).filter(([path]) => path.startsWith(`./${language}/`));
  expect(files.length).toBeGreaterThan(15);
  for (const [path, { default: texts }] of files) walk(texts, path.slice(2), '');
  expect(said).toEqual([]);
});
