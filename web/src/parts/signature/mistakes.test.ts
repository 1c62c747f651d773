import { createHash, createHmac } from 'node:crypto';

import { expect, it } from 'vitest';

import { findMistake, signatureOf } from './mistakes';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=';
const previous = 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';
const body = '{"event":"contact.created","timestamp":1731493800000,"data":{"id":"c-1","first_name":"Zoé","note":"a, b: c"}}';
const sign = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const hex = (key: string | Buffer, text: string) => sign(key, text).toString('hex');
const right = { key: 'right', body: 'right', writing: 'right' };
const find = (computed: string) => findMistake(computed, body, { secret, previous });

it('the right signature has no mistake', () => {
  expect(signatureOf(secret, body)).toBe(hex(secret, body));
  expect(find(hex(secret, body))).toEqual(right);
  expect(find(` "${hex(secret, body)}"\n`)).toEqual(right);
});

it('each mistake is named', () => {
  const bare = secret.slice('whsec_'.length);
  expect(find(hex(bare, body))).toEqual({ ...right, key: 'without_prefix' });
  expect(find(hex(Buffer.from(bare, 'base64'), body))).toEqual({ ...right, key: 'decoded' });
  expect(find(hex(previous, body))).toEqual({ ...right, key: 'previous' });
  expect(find(hex(`${secret}\n`, body))).toEqual({ ...right, key: 'newline_in_key' });
  expect(find(hex(secret, `${body}\n`))).toEqual({ ...right, body: 'newline' });
  const python = '{"event": "contact.created", "timestamp": 1731493800000, "data": {"id": "c-1", "first_name": "Zo\\u00e9", "note": "a, b: c"}}';
  expect(find(hex(secret, python))).toEqual({ ...right, body: 'spaced_escaped' });
  expect(find(hex(secret, JSON.stringify(JSON.parse(body), null, 2)))).toEqual({ ...right, body: 'indented' });
  expect(find(hex(secret, JSON.stringify((JSON.parse(body) as { data: unknown }).data)))).toEqual({ ...right, body: 'data_only' });
  expect(find(hex(secret, body).toUpperCase())).toEqual({ ...right, writing: 'capitals' });
  expect(find(sign(secret, body).toString('base64'))).toEqual({ ...right, writing: 'base64' });
  expect(find(`sha256=${hex(secret, body)}`)).toEqual({ ...right, writing: 'prefixed' });
  expect(find(createHash('sha256').update(body).digest('hex'))).toEqual({ ...right, key: 'none' });
});

it('two mistakes at once are both named', () => {
  expect(find(sign(Buffer.from(secret.slice(6), 'base64'), `${body}\n`).toString('base64'))).toEqual({ key: 'decoded', body: 'newline', writing: 'base64' });
});

it('what no mistake gives is not explained away', () => {
  expect(find('0'.repeat(64))).toBeNull();
  expect(find('')).toBeNull();
  expect(findMistake(hex('x', 'no json'), 'no json', { secret })).toBeNull();
});
