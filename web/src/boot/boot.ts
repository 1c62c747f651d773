// Runs before the first paint and before the dashboard's own code is there: sets light or dark, has the browser load what the
// page at this address begins with, and sends the requests of every page. A file of its own, because the page's policy allows
// no inline script, and small, because the page waits for it (scripts/first_files.ts makes it).
import { languageOfBrowser } from './first_language';
import { firstPage, needsSession } from './first_page';
import { askEarly, firstAddresses } from './first_responses';

// The files of each page module and of each area of texts ("en/home"), as places in `names`; scripts/first_files.ts knows them.
declare const FIRST_FILES: { names: string[]; pages: Record<string, number[]>; texts: Record<string, number[]> };

function readStored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // Storage may be forbidden; then the system decides.
  }
}

const chosen = readStored('shakehook-color-scheme');
const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');

const first = firstPage(location.pathname, location.search);
if (needsSession(location.pathname)) {
  document.documentElement.setAttribute('data-framed', '');
  askEarly([...firstAddresses, ...(first?.asks ?? [])]);
}

const listed = FIRST_FILES;
const language = languageOfBrowser();
const files = new Set([
  ...(first === null ? [] : (listed.pages[first.page] ?? [])),
  ...['common', 'errors', ...(first?.areas ?? [])].flatMap((area) => listed.texts[`${language}/${area}`] ?? []),
]);
for (const number of files) {
  const file = listed.names[number]!;
  const link = document.createElement('link');
  link.href = file;
  link.crossOrigin = '';
  if (file.endsWith('.css')) {
    link.rel = 'preload';
    link.as = 'style';
  } else {
    link.rel = 'modulepreload';
  }
  document.head.append(link);
}
