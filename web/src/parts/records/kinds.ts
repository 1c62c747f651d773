// Contacts and accounts: their documented fields, in groups as a form shows them, and how one is called.
import { IconBuildingSkyscraper, IconUser } from '@tabler/icons-react';

import type { Kind } from '@/queries/records';

export type FieldKind = 'text' | 'email' | 'phone' | 'account' | 'yes_no';

export interface DocumentedField {
  name: string;
  kind: FieldKind;
}

export interface FieldGroup {
  name: 'identity' | 'reach' | 'company' | 'address' | 'billing';
  fields: DocumentedField[];
}

const text = (name: string): DocumentedField => ({ name, kind: 'text' });
const addressOf = (prefix: string) =>
  ['address_line_1', 'address_line_2', 'postal_code', 'city', 'country'].map((name) => text(prefix + name));

export const fieldGroups: Record<Kind, FieldGroup[]> = {
  contact: [
    { name: 'identity', fields: [text('first_name'), text('last_name'), text('title'), { name: 'account_id', kind: 'account' }] },
    {
      name: 'reach',
      fields: [
        { name: 'email', kind: 'email' },
        { name: 'phone', kind: 'phone' },
        { name: 'landline_phone', kind: 'phone' },
        { name: 'optin_marketing', kind: 'yes_no' },
      ],
    },
    { name: 'address', fields: addressOf('') },
  ],
  account: [
    { name: 'company', fields: [text('name'), text('legal_name'), text('company_type'), text('company_registration_id'), text('vat_number')] },
    { name: 'address', fields: addressOf('') },
    { name: 'billing', fields: addressOf('billing_') },
  ],
};

export const collections = { contact: 'clients', account: 'accounts' } as const;
export const glyphs = { contact: IconUser, account: IconBuildingSkyscraper } as const;

export { nameOf } from '@/queries/records';

export function pathOf(kind: Kind, venueId: string, id: string): string {
  return `/${kind}s/${encodeURIComponent(venueId)}/${encodeURIComponent(id)}`;
}
