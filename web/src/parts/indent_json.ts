// JSON to be read by a person.

// Only spaces are added: JSON.parse would lose the digits of large numbers.
export function indentJson(compact: string): string {
  let depth = 0;
  let inText = false;
  let out = '';
  for (let i = 0; i < compact.length; ++i) {
    const char = compact[i]!;
    if (inText) {
      out += char;
      if (char === '\\') out += compact[++i] ?? '';
      else if (char === '"') inText = false;
    } else if (char === '"') {
      inText = true;
      out += char;
    } else if ((char === '{' || char === '[') && (compact[i + 1] === '}' || compact[i + 1] === ']')) {
      out += char + compact[++i]!;
    } else if (char === '{' || char === '[') {
      out += `${char}\n${'  '.repeat(++depth)}`;
    } else if (char === '}' || char === ']') {
      out += `\n${'  '.repeat(--depth)}${char}`;
    } else if (char === ',') {
      out += `,\n${'  '.repeat(depth)}`;
    } else {
      out += char === ':' ? ': ' : char;
    }
  }
  return out;
}
