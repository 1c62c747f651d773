import { describe, expect, it } from 'vitest';

import { problemOf } from './problem';

describe('problemOf', () => {
  it('keeps what the server says, and when to try again', () => {
    const response = new Response(null, { status: 429, headers: { 'Retry-After': '7' } });
    const problem = problemOf(response, { type: '/docs#problem-too-many-requests', title: 'Too Many Requests', status: 429, detail: 'Slow down.' });
    expect(problem).toMatchObject({ status: 429, message: 'Slow down.', retryAfterSeconds: 7, errors: [] });
  });

  it('makes one of an answer that is not a problem', () => {
    const problem = problemOf(new Response('<html>', { status: 500, statusText: 'Internal Server Error' }), '<html>');
    expect(problem).toMatchObject({ status: 500, message: 'Internal Server Error', retryAfterSeconds: null });
  });
});
