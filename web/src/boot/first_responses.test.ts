import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { askEarly, fetchOrTake, forgetEarly, readEarly, takeBody } from './first_responses';

const realFetch = globalThis.fetch;
let asked: string[] = [];

function serve(responses: Record<string, () => Response>) {
  asked = [];
  globalThis.fetch = ((address: string | Request) => {
    const path = typeof address === 'string' ? address : new URL(address.url).pathname;
    asked.push(path);
    return Promise.resolve(responses[path]!());
  }) as typeof fetch;
}
const request = (path: string) => new Request(`http://localhost${path}`);

beforeEach(() => {
  vi.spyOn(performance, 'now').mockReturnValue(1_000);
});

afterEach(() => {
  vi.restoreAllMocks();
  forgetEarly();
  globalThis.fetch = realFetch;
});

it('a body that came before it was wanted is given once', async () => {
  serve({ '/api/users': () => Response.json({ data: ['Ada'] }) });
  askEarly(['/api/users']);
  await readEarly(['/api/users', '/api/never-asked']);
  expect(takeBody('/api/users')).toEqual({ data: ['Ada'] });
  expect(takeBody('/api/users')).toBeUndefined();
  await fetchOrTake(request('/api/users'));
  expect(asked).toEqual(['/api/users', '/api/users']);
});

it('a refusal, and what is no JSON, is left for who asks', async () => {
  serve({ '/api/audit': () => new Response('{}', { status: 403 }), '/api/keys': () => new Response('<html>') });
  askEarly(['/api/audit', '/api/keys']);
  await readEarly(['/api/audit', '/api/keys']);
  expect([takeBody('/api/audit'), takeBody('/api/keys')]).toEqual([undefined, undefined]);
  expect((await fetchOrTake(request('/api/audit'))).status).toBe(403);
  expect(await (await fetchOrTake(request('/api/keys'))).text()).toBe('<html>');
  expect(asked).toEqual(['/api/audit', '/api/keys']);
});

it('a response that is asked for while it is read goes to who asks', async () => {
  serve({ '/api/users': () => Response.json({ data: [] }) });
  askEarly(['/api/users']);
  const reading = readEarly(['/api/users']);
  const response = await fetchOrTake(request('/api/users'));
  await reading;
  expect(await response.json()).toEqual({ data: [] });
  expect(takeBody('/api/users')).toBeUndefined();
});

it('what came long ago is asked for anew', async () => {
  serve({ '/api/users': () => Response.json({ data: ['Ada'] }) });
  askEarly(['/api/users']);
  await readEarly(['/api/users']);
  vi.spyOn(performance, 'now').mockReturnValue(60_000);
  expect(takeBody('/api/users')).toBeUndefined();
});

it('nothing of one session is kept for another', async () => {
  serve({ '/api/users': () => Response.json({ data: ['Ada'] }) });
  askEarly(['/api/users']);
  await readEarly(['/api/users']);
  forgetEarly();
  expect(takeBody('/api/users')).toBeUndefined();
});
