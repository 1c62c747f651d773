// The languages. A file of texts per page area and language, loaded when a page asks for it (translation.tsx).
import { type Language, languageOfBrowser, rememberLanguage } from '@/boot/first_language';
import { loadArea, setLanguage } from './translation';

// The viewer's own variety of the language where there is one (en-GB), for dates and numbers.
export function localeOf(language: string): string {
  return navigator.languages.find((tag) => tag === language || tag.startsWith(`${language}-`)) ?? language;
}

export function chooseLanguage(language: Language) {
  rememberLanguage(language);
  void setLanguage(language);
}

// Resolves once there is text to show. `areas`: what the first page is going to ask for.
export function startTexts(areas: string[]): Promise<unknown> {
  const language = languageOfBrowser();
  const shown = setLanguage(language);
  return Promise.all([shown, ...areas.map((area) => loadArea(language, area).catch(() => {}))]);
}
