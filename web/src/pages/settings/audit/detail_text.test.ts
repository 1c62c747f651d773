import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import en from '@/texts/en/audit.json';
import fr from '@/texts/fr/audit.json';
import { fill, formsOf } from '@/texts/translation';
import { detailText, valueText } from './detail_text';

const finder = (texts: unknown, locale: string) => (key: string, values: Record<string, string | number> = {}): string | null => {
  for (const each of typeof values['count'] === 'number' ? formsOf(key, values['count'], locale) : [key]) {
    let at: unknown = texts;
    for (const part of each.split('.')) at = (at as Record<string, unknown> | undefined)?.[part];
    if (typeof at === 'string') return fill(at, values);
  }
  return null;
};
const french = { find: finder(fr, 'fr'), role: (role: string) => `<${role}>`, locale: 'fr' };

it.each([
  ['from 10.0.0.0/24', 'Depuis 10.0.0.0/24'],
  ['from 10.0.0.0/24, wrong code', 'Depuis 10.0.0.0/24, avec un code faux'],
  ['with a recovery code', 'Avec un code de secours'],
  ['manager, invited', '<manager>, sur invitation'],
  ['viewer', '<viewer>'],
  ['name, role, must_change_password', 'Nom, Rôle, Mot de passe à changer'],
  ['reset by shakehook user reset, second factor off, from ::1', 'Nouveau mot de passe, par l’opérateur, connexion en deux étapes désactivée, Depuis ::1'],
  ['without an overlap', 'L’ancien secret a pris fin aussitôt'],
  ['with an overlap of 86400 s', 'L’ancien secret vaut encore 24\u202fh'],
  ['1 rows of contacts into the venue Villa, Opéra', '1 ligne vers Villa, Opéra'],
  ['3 created, 2 changed, 1 as they were, 0 refused, in the venue venue123', '3 créées, 2 modifiées, 1 inchangées, 0 refusées, dans venue123'],
  ['of 12 deliveries of the webhook CRM, new', '12 livraisons de CRM, new'],
  ['It was disabled after 5 days in which every attempt failed.', 'Après 5 jours d’échecs'],
  ['Something new, that nobody knows', 'Something new, that nobody knows'],
])('a detail is told in the reader’s language: %s', (detail, told) => {
  expect(detailText(detail, french)).toBe(told);
});

it('values of fields are words where they are codes', () => {
  expect(valueText(true, french.find)).toBe('Oui');
  expect(valueText('strict', french.find)).toBe('Strict');
  expect(valueText('Strictly mine', french.find)).toBe('Strictly mine');
  expect(valueText([], french.find)).toBe(null);
  expect(valueText(['contact.created', 'contact.deleted'], french.find)).toBe('contact.created, contact.deleted');
  expect(valueText(0, french.find)).toBe('0');
});

it('every field that the server names in a change has a word', () => {
  const source = (path: string) => readFileSync(new URL(`../../../../../src/${path}`, import.meta.url), 'utf8');
  const ofWebhooks = [...source('api/webhooks/webhook_changes.cc').matchAll(/changes\.Add(?:Entry)?\("(\w+)"/g)].map(([, field]) => field!);
  const ofChannels = [.../ChannelChanges[\s\S]*?\{("name"[^}]*)\}/.exec(source('api/notices/notice_json.cc'))![1]!.matchAll(/"(\w+)"/g)].map(([, field]) => field!);
  expect(ofWebhooks.length).toBeGreaterThan(7);
  expect(ofChannels.length).toBeGreaterThan(5);
  for (const texts of [en, fr]) expect([...ofWebhooks, ...ofChannels].filter((field) => !(field in texts.fields))).toEqual([]);
});
