import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import type { AuditDetailCode } from '@/api/schema';
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

type Params = Record<string, string | number>;
const network = (network: string): [AuditDetailCode, Params] => ['from_network', { network }];

it.each<[[AuditDetailCode, Params][], string]>([
  [[network('10.0.0.0/24')], 'Depuis 10.0.0.0/24'],
  [[network('10.0.0.0/24'), ['with_wrong_code', {}]], 'Depuis 10.0.0.0/24, avec un code faux'],
  [[['with_recovery_code', {}]], 'Avec un code de secours'],
  [[['role', { role: 'manager' }], ['invited', {}]], '<manager>, sur invitation'],
  [[['field', { field: 'name' }], ['field', { field: 'must_change_password' }], ['field', { field: 'newer' }]], 'Nom, Mot de passe à changer, newer'],
  [[['reset', {}], ['by_operator', {}], ['without_second_factor', {}], network('::1')], 'Nouveau mot de passe, par l’opérateur, connexion en deux étapes désactivée, depuis ::1'],
  [[['without_overlap', {}]], 'L’ancien secret a pris fin aussitôt'],
  [[['with_overlap', { seconds: 86_400 }]], 'L’ancien secret vaut encore 24\u202fh'],
  [[['rows_into_venue', { count: 1, collection: 'contacts', venue: 'Villa, Opéra' }]], '1 ligne vers Villa, Opéra'],
  [[['import_counts', { created: 3, changed: 2, unchanged: 1, refused: 0, venue: 'venue123' }]], '3 créées, 2 modifiées, 1 inchangées, 0 refusées, dans venue123'],
  [[['deliveries_of_webhook', { count: 12, webhook: 'CRM, new' }]], '12 livraisons de CRM, new'],
  [[['disabled_after_days', { count: 5 }]], 'Après 5 jours d’échecs'],
])('details are told in the reader’s language: %j', (details, told) => {
  expect(detailText({ detail: 'in English', details: details.map(([code, params]) => ({ code, params })) }, french)).toBe(told);
});

it('a name at the beginning keeps its letters', () => {
  const session = (device: string) => detailText({ detail: '', details: [{ code: 'device', params: { device } }] }, french);
  expect(session('iPhone')).toMatch(/^iPhone/);
  expect(session('curl')).toMatch(/^curl/);
});

it('details without codes, or with a newer code, are told in the server’s words', () => {
  expect(detailText({ detail: 'from 10.0.0.0/24, wrong code', details: null }, french)).toBe('from 10.0.0.0/24, wrong code');
  expect(detailText({ detail: 'something new', details: [{ code: 'newer' as AuditDetailCode, params: {} }] }, french)).toBe('something new');
  expect(detailText({ detail: null, details: null }, french)).toBe('');
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
