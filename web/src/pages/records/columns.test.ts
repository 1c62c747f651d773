import { describe, expect, it } from 'vitest';

import { readColumns } from './columns';

describe('the columns of a list', () => {
  it('are the usual ones where none are kept, or nothing that can be read', () => {
    expect(readColumns('contact', null)).toEqual(['email', 'phone', 'city', 'created_at']);
    expect(readColumns('account', '{')).toEqual(['company_type', 'vat_number', 'city', 'created_at']);
  });
  it('stand in the order of the form, without what is no column', () => {
    expect(readColumns('contact', '["updated_at","city","gone","email"]')).toEqual(['email', 'city', 'updated_at']);
    expect(readColumns('contact', '[]')).toEqual([]);
  });
});
