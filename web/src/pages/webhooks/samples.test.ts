import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { samples } from './samples';

interface Description {
  webhooks: Record<string, { post: { requestBody: { content: { 'application/json': { example: unknown } } } } }>;
}

test('the samples are the examples of the description, keys in their order', () => {
  const description = JSON.parse(readFileSync(new URL('../../../../build/openapi.json', import.meta.url), 'utf8')) as Description;
  const examples = Object.entries(description.webhooks).map(([event, { post }]) => [event, post.requestBody.content['application/json'].example]);
  expect(examples.length).toBe(6);
  expect(JSON.stringify(Object.entries(samples).toSorted())).toBe(JSON.stringify(examples.toSorted()));
});
