// The languages. A file of texts per page area and language, loaded when a page asks for it (useTranslation('webhooks')).
import i18next, { type BackendModule } from 'i18next';
import { initReactI18next } from 'react-i18next';

export const languages = { en: 'English', fr: 'Français' } as const;
export type Language = keyof typeof languages;

const storageKey = 'shakehook-language';
const files = import.meta.glob<{ default: Record<string, unknown> }>('./*/*.json');

const backend: BackendModule = {
  type: 'backend',
  init() {},
  read(language, area, done) {
    const load = files[`./${language}/${area}.json`];
    if (load === undefined) {
      done(new Error(`no texts for ${language}/${area}`), false);
      return;
    }
    load().then(
      (texts) => done(null, texts.default),
      (error: unknown) => done(error as Error, true),
    );
  },
};

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
  void i18next.changeLanguage(language);
}

// Resolves once there is text to show.
export function startTexts(): Promise<unknown> {
  i18next.on('languageChanged', (language) => {
    document.documentElement.lang = language;
  });
  return i18next
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: firstLanguage(),
      supportedLngs: Object.keys(languages),
      fallbackLng: 'en',
      ns: ['common', 'errors'],
      defaultNS: 'common',
      interpolation: { escapeValue: false }, // React escapes
      returnNull: false,
    });
}
