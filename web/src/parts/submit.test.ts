import { describe, expect, it } from 'vitest';

import { ApiProblem } from '@/api/problem';
import { fieldErrors } from './submit';

const refusal = (...errors: { field: string; detail: string }[]) =>
  new ApiProblem({
    type: '/docs#problem-validation', title: 'Unprocessable', status: 422, detail: 'no',
    errors: errors.map((each) => ({ ...each, code: 'invalid', params: {} })),
  });
const detailsOf = (problem: ApiProblem, fields: string[], rename = {}) => {
  const { errors, complete } = fieldErrors(problem, fields, rename);
  return { errors: Object.fromEntries(Object.entries(errors).map(([field, { detail }]) => [field, detail])), complete };
};

describe('fieldErrors', () => {
  it('gives each field the first reason that the server has for it', () => {
    const problem = refusal({ field: 'name', detail: 'is empty' }, { field: 'name', detail: 'is short' });
    expect(detailsOf(problem, ['name', 'url'])).toEqual({ errors: { name: 'is empty' }, complete: true });
  });

  it('finds the form field of a nested one', () => {
    const problem = refusal({ field: 'scope.venue_id', detail: 'is not there' }, { field: 'events[2]', detail: 'is unknown' });
    expect(detailsOf(problem, ['scope', 'events']).errors).toEqual({ scope: 'is not there', events: 'is unknown' });
  });

  it('renames where form and API differ', () => {
    const problem = refusal({ field: 'rights', detail: 'is empty' });
    expect(detailsOf(problem, ['level'], { rights: 'level' })).toEqual({ errors: { level: 'is empty' }, complete: true });
  });

  it('is incomplete where a reason belongs to no field, so that the form shows it', () => {
    expect(detailsOf(refusal({ field: 'limit', detail: 'is high' }), ['name']).complete).toBe(false);
    expect(detailsOf(refusal(), ['name']).complete).toBe(false);
  });
});
