import { expect, test } from 'vitest';

import type { CustomField } from '@/api/schema';
import { changeOf, newRecordOf, problemsOf, valuesOf } from './record_form';

const field = (type: CustomField['type'], more: Partial<CustomField> = {}) =>
  ({ code: `custom_${type}`, value: `custom_${type}`, type, label: type, isRequiredInBO: false, data: [], ...more }) as CustomField;

const options = [
  { label: 'None', value: 0 },
  { label: 'One', value: 1 },
  { label: 'One, in letters', value: '1' },
];
const fields = [
  field('select', { data: options }),
  field('multiselect', { data: options }),
  field('number'),
  field('object'),
  field('date', { isRequiredInBO: true }),
];

test('options keep their values, texts apart from integers', () => {
  const record = { id: 'c', created_at: 1, custom_select: '1', custom_multiselect: [0, '1'], custom_number: 2.5, custom_object: { a: 1 } };
  const values = valuesOf('contact', fields, record);
  expect(newRecordOf('contact', fields, { ...values, first_name: ' Zoé ' })).toEqual({
    first_name: 'Zoé',
    custom_select: '1',
    custom_multiselect: [0, '1'],
    custom_number: 2.5,
    custom_object: { a: 1 },
  });
  expect(changeOf('contact', fields, values, values)).toEqual({});
});

test('an edit sends what was changed, and null for what was emptied', () => {
  const before = valuesOf('contact', fields, { id: 'c', created_at: 1, email: 'a@b.example', city: 'Paris', optin_marketing: true, custom_number: 0 });
  expect(changeOf('contact', fields, { ...before, email: '', city: 'Lyon', optin_marketing: 'no', custom_number: '' }, before)).toEqual({
    email: null,
    city: 'Lyon',
    optin_marketing: false,
    custom_number: null,
  });
});

test('what is required, no e-mail address, or no JSON object is named', () => {
  const values = valuesOf('contact', fields, null);
  expect(problemsOf('contact', fields, { ...values, email: 'nobody', custom_object: '[1]' })).toEqual({
    email: 'email',
    custom_object: 'json',
    custom_date: 'required',
  });
  expect(problemsOf('contact', fields, { ...values, custom_date: '2026-11-23', custom_object: '{}' })).toEqual({});
});
