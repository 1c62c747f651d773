import { expect, it } from 'vitest';

import { guessMapping, targetsOf } from './column_guess';

it('columns are proposed by name and by label, each field once', () => {
  expect(guessMapping(['First name', 'E-MAIL', 'email', 'Shoes', ''], targetsOf('contact', []), { email: 'E-mail' })).toEqual([
    'first_name', 'email', null, null, null,
  ]);
});
