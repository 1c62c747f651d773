// Whole receivers, as files that can be run, and for each language a fixed example that shows whether its way of signing
// is the right one. A language is loaded when it is looked at.
interface VerifyCode {
  receiver: string;
  vector: string;
}

async function both(receiver: Promise<{ default: string }>, vector: Promise<{ default: string }>): Promise<VerifyCode> {
  return { receiver: (await receiver).default, vector: (await vector).default };
}

export const languages = ['Node', 'Python', 'PHP', 'Ruby', 'Go'] as const;
export type VerifyLanguage = (typeof languages)[number];

const loaders: Record<VerifyLanguage, () => Promise<VerifyCode>> = {
  Node: () => both(import('./verify/express.js?raw'), import('./verify/vector.mjs?raw')),
  Python: () => both(import('./verify/flask.py?raw'), import('./verify/vector.py?raw')),
  PHP: () => both(import('./verify/receive.php?raw'), import('./verify/vector.php?raw')),
  Ruby: () => both(import('./verify/sinatra.rb?raw'), import('./verify/vector.rb?raw')),
  Go: () => both(import('./verify/receive.go?raw'), import('./verify/vector.go?raw')),
};

const loaded = new Map<VerifyLanguage, Promise<VerifyCode>>();

// The same promise each time, as React wants it.
export function verifyCodeIn(language: VerifyLanguage): Promise<VerifyCode> {
  let code = loaded.get(language);
  if (code === undefined) {
    code = loaders[language]();
    code.catch(() => loaded.delete(language));
    loaded.set(language, code);
  }
  return code;
}
