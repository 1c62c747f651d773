// Code in colours: texts, comments, numbers and words that languages share. No grammar: what it does not know is plain.

export interface Piece {
  kind: 'string' | 'comment' | 'number' | 'word' | 'name' | null;
  text: string;
}

export type CodeLanguage = 'code' | 'http' | 'shell';

const words = 'const|let|var|function|return|import|from|export|if|else|elsif|unless|end|for|foreach|while|new|class|def|do|then|require|require_once|use|package|func|type|struct|echo|print|exit|die|throw|raise|try|catch|except|async|await|true|false|null|nil|None|True|False|not|and|or|in|is|as|public|private|static';
// The only group that matches says which kind it is.
const patterns: Record<CodeLanguage, RegExp> = {
  code: new RegExp(`(?<string>"(?:\\\\.|[^"\\\\\\n])*"|'(?:\\\\.|[^'\\\\\\n])*'|\`(?:\\\\.|[^\`\\\\])*\`)|(?<comment>(?<![:\\w])//[^\\n]*|(?<=^|\\s)#[^\\n]*|/\\*[^]*?\\*/)|(?<word>\\b(?:${words})\\b)|(?<number>\\b\\d+(?:\\.\\d+)?\\b)`, 'gm'),
  http: /(?<word>^(?:GET|POST|PUT|PATCH|DELETE|HEAD)\b)|(?<name>^[A-Za-z][\w-]*(?=: ))|(?<number>^\d{3}$)/gm,
  shell: /(?<string>'[^']*'|"(?:\\.|[^"\\])*")|(?<word>^curl\b)|(?<name>(?<=\s)--?[A-Za-z][\w-]*)/gm,
};
// Longer texts stay plain: a page stays light.
const textMax = 20_000;

export function highlight(text: string, language: CodeLanguage): Piece[] {
  if (text.length > textMax) return [{ kind: null, text }];
  const pieces: Piece[] = [];
  let at = 0;
  for (const found of text.matchAll(patterns[language])) {
    if (found.index > at) pieces.push({ kind: null, text: text.slice(at, found.index) });
    const kind = Object.entries(found.groups ?? {}).find(([, value]) => value !== undefined)?.[0] ?? null;
    pieces.push({ kind: kind as Piece['kind'], text: found[0] });
    at = found.index + found[0].length;
  }
  if (at < text.length) pieces.push({ kind: null, text: text.slice(at) });
  return pieces;
}
