// The texts of the language that was chosen, for components:
//
//   const { t } = useTranslation('webhooks');
//   t('page.title')                      texts/<language>/webhooks.json
//   t('owed.count', { count: 3 })        "count_one", "count_other", as the language's rules of plurals say
//   <Trans t={t} i18nKey="since" components={{ ago: <Time … /> }} />      "failing since <ago/>"
//
// A component waits (Suspense) until its area's texts are there. The types are i18next's, which knows every key; what runs
// is this file, a tenth of its size.
import { Fragment, type ReactNode, use, useMemo, useSyncExternalStore } from 'react';
import type * as typed from 'react-i18next';

import type { Language } from '@/boot/first_language';
import { pluralRules } from './formats';

type Texts = { [key: string]: string | Texts };
type Values = Record<string, unknown>;
type Translate = (key: string, values?: Values) => string;

const files = import.meta.glob<{ default: Texts }>('./*/*.json');
const loaded = new Map<string, Texts>();
const loading = new Map<string, Promise<unknown>>();
const listeners = new Set<() => void>();
let language: Language = 'en';

export function loadArea(of: Language, area: string): Promise<unknown> {
  const path = `./${of}/${area}.json`;
  let promise = loading.get(path);
  if (promise === undefined) {
    const file = files[path];
    if (file === undefined) throw new Error(`no texts at ${path}`);
    promise = file().then(({ default: texts }) => {
      loaded.set(path, texts);
      // React reads a promise with a status without waiting for it once more.
      void Object.assign(loading.get(path)!, { status: 'fulfilled', value: undefined });
    });
    // A file that did not come is asked for again by whoever needs it next.
    promise.catch(() => loading.delete(path));
    loading.set(path, promise);
  }
  return promise;
}

// Resolves once all that is shown can be shown in that language.
export async function setLanguage(next: Language) {
  const areas = new Set(['common', 'errors', ...[...loading.keys()].map((path) => path.split('/')[2]!.replace('.json', ''))]);
  await Promise.all([...areas].map((area) => loadArea(next, area)));
  language = next;
  document.documentElement.lang = next;
  for (const listener of listeners) listener();
}

function find(area: string, key: string): string | undefined {
  let at: string | Texts | undefined = loaded.get(`./${language}/${area}.json`);
  for (const part of key.split('.')) at = typeof at === 'object' ? at[part] : undefined;
  return typeof at === 'string' ? at : undefined;
}

export function fill(text: string, values: Values): string {
  return text.replace(/{{\s*(\w+)\s*}}/g, (_, name: string) => String(values[name] ?? ''));
}

// The forms of a count, best first.
export function formsOf(key: string, count: number, of: string): string[] {
  const rule = pluralRules(of).select(count);
  return [...(count === 0 ? [`${key}_zero`] : []), `${key}_${rule}`, `${key}_other`, key];
}

function translate(areas: readonly string[], key: string, values: Values = {}): string {
  const keys = typeof values['count'] === 'number' ? formsOf(key, values['count'], language) : [key];
  for (const area of areas) {
    for (const each of keys) {
      const text = find(area, each);
      if (text !== undefined) return fill(text, values);
    }
  }
  return key;
}

// For what is no component: returns how to find a text of that area, in the language that is shown now; null: there is none.
export async function loadTexts(area: string): Promise<(key: string, values?: Values) => string | null> {
  const path = `./${language}/${area}.json`;
  await loadArea(language, area);
  return (key, values = {}) => {
    const text = loaded.get(path)?.[key];
    return typeof text === 'string' ? fill(text, values) : null;
  };
}

const i18n = {
  get language() {
    return language;
  },
  // "errors:field.required"
  exists(path: string) {
    const [area = '', key = ''] = path.split(':');
    return find(area, key) !== undefined;
  },
};

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function useTexts(area: string | readonly string[] = 'common') {
  const now = useSyncExternalStore(subscribe, () => language);
  const areas = typeof area === 'string' ? area : area.join(' ');
  // Each time, because React wants the same calls when it renders again what has waited.
  for (const each of areas.split(' ')) use(loadArea(now, each));
  return useMemo(() => {
    const t: Translate = (key, values) => translate(areas.split(' '), key, values);
    return { t, i18n: { ...i18n, language: now } };
  }, [areas, now]);
}

export const useTranslation = useTexts as unknown as typeof typed.useTranslation;

interface TransProps {
  t: unknown;
  i18nKey: string;
  values?: Values;
  components: Record<string, ReactNode>;
}

// A text with elements in it.
function Filled({ t, i18nKey, values, components }: TransProps) {
  const parts = (t as Translate)(i18nKey, values).split(/<(\w+)\s*\/>|<(\w+)><\/\w+>/);
  // Split gives text, and the two groups of each match.
  return parts.map((part, at) => <Fragment key={at}>{at % 3 === 0 ? part : part !== undefined && components[part]}</Fragment>);
}

export const Trans = Filled as unknown as typeof typed.Trans;
