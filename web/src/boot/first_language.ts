// The language that the dashboard is shown in, as far as this browser says.
export const languages = { en: 'English', fr: 'Français' } as const;
export type Language = keyof typeof languages;

const storageKey = 'shakehook-language';

export function isLanguage(name: string | null | undefined): name is Language {
  return name != null && name in languages;
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

export function rememberLanguage(language: Language) {
  try {
    localStorage.setItem(storageKey, language);
  } catch {
    // It is forgotten with the page, then.
  }
}

export function languageOfBrowser(): Language {
  const wishes = [readChoice(), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return wishes.find(isLanguage) ?? 'en';
}
