// JSON as a tree that keeps every literal as it is written: JSON.parse would lose the digits of large numbers.

export type JsonNode =
  | { kind: 'object'; entries: { key: string; value: JsonNode }[] }
  | { kind: 'array'; items: JsonNode[] }
  // `text`: as written, quotation marks and all.
  | { kind: 'string' | 'number' | 'word'; text: string };

const depthMax = 100;
const blank = /[\s]*/y;
const literals = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

// Null where it is no JSON.
export function parseJson(text: string): JsonNode | null {
  let at = 0;
  const skip = () => {
    blank.lastIndex = at;
    blank.exec(text);
    at = blank.lastIndex;
  };
  const take = (char: string) => {
    skip();
    if (text[at] !== char) return false;
    ++at;
    return true;
  };
  const literal = () => {
    skip();
    literals.lastIndex = at;
    const found = literals.exec(text);
    if (found === null) return null;
    at = literals.lastIndex;
    return found[0];
  };
  const read = (depth: number): JsonNode | null => {
    if (depth > depthMax) return null;
    if (take('{')) {
      const entries: { key: string; value: JsonNode }[] = [];
      if (take('}')) return { kind: 'object', entries };
      do {
        const key = literal();
        if (!key?.startsWith('"') || !take(':')) return null;
        const value = read(depth + 1);
        if (value === null) return null;
        entries.push({ key: JSON.parse(key) as string, value });
      } while (take(','));
      return take('}') ? { kind: 'object', entries } : null;
    }
    if (take('[')) {
      const items: JsonNode[] = [];
      if (take(']')) return { kind: 'array', items };
      do {
        const item = read(depth + 1);
        if (item === null) return null;
        items.push(item);
      } while (take(','));
      return take(']') ? { kind: 'array', items } : null;
    }
    const found = literal();
    if (found === null) return null;
    return { kind: found.startsWith('"') ? 'string' : /^[-\d]/.test(found) ? 'number' : 'word', text: found };
  };
  try {
    const root = read(0);
    skip();
    return at === text.length ? root : null;
  } catch {
    return null;
  }
}

// "data.custom_vip", "data.tags[0]", "data["first name"]": as JavaScript and most others reach it.
export function pathOf(parent: string, key: string | number): string {
  if (typeof key === 'number') return `${parent}[${key}]`;
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${parent}[${JSON.stringify(key)}]`;
  return parent === '' ? key : `${parent}.${key}`;
}

// A number that is a moment of our times, in ms; null for others.
export function momentOf(node: JsonNode): number | null {
  if (node.kind !== 'number' || !/^\d{13}$/.test(node.text)) return null;
  const at = Number(node.text);
  return at > Date.UTC(2001, 0) && at < Date.UTC(2100, 0) ? at : null;
}

export function sizeOf(node: JsonNode): number {
  if (node.kind === 'object') return node.entries.reduce((sum, { value }) => sum + sizeOf(value), 1);
  if (node.kind === 'array') return node.items.reduce((sum, item) => sum + sizeOf(item), 1);
  return 1;
}
