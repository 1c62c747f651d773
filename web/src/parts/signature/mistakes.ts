// Which mistake gives exactly the signature that somebody computed: every way of reading the key, of changing the body and
// of writing the digest is tried. All of it happens in the browser; the secret goes nowhere.
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

export const keyReadings = ['right', 'without_prefix', 'decoded', 'previous', 'newline_in_key'] as const;
export const bodyReadings = ['right', 'newline', 'carriage_return', 'spaced', 'indented', 'escaped', 'spaced_escaped', 'sorted', 'data_only', 'empty'] as const;
export const writings = ['right', 'capitals', 'base64', 'prefixed'] as const;

export type KeyReading = (typeof keyReadings)[number];
export type BodyReading = (typeof bodyReadings)[number];
export type Writing = (typeof writings)[number];

export interface Finding {
  key: KeyReading | 'none';
  body: BodyReading;
  writing: Writing;
}

export interface SignedBy {
  secret: string;
  // The secret before a rotation, while the overlap lasts.
  previous?: string | null;
}

const prefix = 'whsec_';

function decoded(secret: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(secret.slice(prefix.length)), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}

function keysOf({ secret, previous }: SignedBy): [KeyReading, Uint8Array][] {
  const stripped = secret.startsWith(prefix) ? secret.slice(prefix.length) : null;
  const bytes = stripped === null ? null : decoded(secret);
  return [
    ['right', utf8ToBytes(secret)],
    ...(stripped === null ? [] : [['without_prefix', utf8ToBytes(stripped)] as [KeyReading, Uint8Array]]),
    ...(bytes === null ? [] : [['decoded', bytes] as [KeyReading, Uint8Array]]),
    ...(previous ? [['previous', utf8ToBytes(previous)] as [KeyReading, Uint8Array]] : []),
    ['newline_in_key', utf8ToBytes(`${secret}\n`)],
  ];
}

const escapeUnicode = (text: string) => text.replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

// As Python's json.dumps puts it: spaces behind commas and colons, outside of texts.
function spaced(compact: string): string {
  return compact.replace(/"(?:[^"\\]|\\.)*"|[,:]/g, (part) => (part === ',' || part === ':' ? `${part} ` : part));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, sorted(each)]));
}

function bodiesOf(body: string): [BodyReading, string][] {
  const all: [BodyReading, string][] = [['right', body], ['newline', `${body}\n`], ['carriage_return', `${body}\r\n`], ['empty', '']];
  try {
    const parsed: unknown = JSON.parse(body);
    const compact = JSON.stringify(parsed);
    all.push(['spaced', spaced(body)], ['indented', JSON.stringify(parsed, null, 2)], ['indented', JSON.stringify(parsed, null, 4)]);
    all.push(['escaped', escapeUnicode(compact)], ['escaped', escapeUnicode(compact).replaceAll('/', '\\/')], ['spaced_escaped', escapeUnicode(spaced(compact))]);
    all.push(['sorted', JSON.stringify(sorted(parsed))]);
    if (typeof parsed === 'object' && parsed !== null && 'data' in parsed) all.push(['data_only', JSON.stringify(parsed.data)]);
  } catch {
    // A body that is no JSON has no other spelling.
  }
  return all;
}

const toBase64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));

export function signatureOf(secret: string, body: string): string {
  return bytesToHex(hmac(sha256, utf8ToBytes(secret), utf8ToBytes(body)));
}

// The fewest mistakes that give what was computed; all of them "right": it is the signature. Null: no mistake that we know.
export function findMistake(computed: string, body: string, by: SignedBy): Finding | null {
  const typed = computed.trim().replace(/^["']|["']$/g, '');
  const bare = typed.replace(/^(sha256=|v1[,=])/i, '');
  const isPrefixed = bare !== typed;
  const found: Finding[] = [];
  const compare = (key: Finding['key'], reading: BodyReading, digest: Uint8Array) => {
    const hex = bytesToHex(digest);
    const writing: Writing | null = bare === hex ? (isPrefixed ? 'prefixed' : 'right') : bare.toLowerCase() === hex ? 'capitals' : bare.replace(/=+$/, '') === toBase64(digest).replace(/=+$/, '') ? 'base64' : null;
    if (writing !== null) found.push({ key, body: reading, writing });
  };
  for (const [reading, text] of bodiesOf(body)) {
    const bytes = utf8ToBytes(text);
    for (const [key, secret] of keysOf(by)) compare(key, reading, hmac(sha256, secret, bytes));
    compare('none', reading, sha256(bytes));
  }
  const mistakes = ({ key, body: reading, writing }: Finding) => [key, reading, writing].filter((each) => each !== 'right').length;
  return found.toSorted((a, b) => mistakes(a) - mistakes(b))[0] ?? null;
}
