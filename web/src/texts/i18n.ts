// The languages. A file of texts per page area and language, loaded when a page asks for it (translation.tsx).
import { loadArea, setLanguage } from './translation';

export const languages = { en: 'English', fr: 'Français' } as const;
export type Language = keyof typeof languages;

const storageKey = 'shakehook-language';

export function isLanguage(name: string | null | undefined): name is Language {
  return name != null && name in languages;
}

// The viewer's own variety of the language where there is one (en-GB), for dates and numbers.
export function localeOf(language: string): string {
  return navigator.languages.find((tag) => tag === language || tag.startsWith(`${language}-`)) ?? language;
}

function firstLanguage(): Language {
  const wishes = [readChoice(), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return wishes.find(isLanguage) ?? 'en';
}

function readChoice(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

// Returns whether a person chose the language in this browser, rather than the browser.
export function isLanguageChosen(): boolean {
  return isLanguage(readChoice());
}

export function chooseLanguage(language: Language) {
  try {
    localStorage.setItem(storageKey, language);
  } catch {
    // It is forgotten with the page, then.
  }
  void setLanguage(language);
}

// Resolves once there is text to show. `areas`: what the first page is going to ask for.
export function startTexts(areas: string[]): Promise<void> {
  const language = firstLanguage();
  const shown = setLanguage(language);
  for (const area of areas) void loadArea(language, area).catch(() => {});
  return shown;
}
