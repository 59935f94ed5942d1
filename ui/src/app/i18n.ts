/** Languages: base texts at once, each page's texts with the page. */

import i18next, { type BackendModule, type ReadCallback } from 'i18next';
import { initReactI18next } from 'react-i18next';

export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;
const KEY = 'marge_language';

type Texts = Record<string, unknown>;
const base: Record<Language, () => Promise<{ default: Record<string, Texts> }>> = {
  en: () => import('virtual:texts/en'),
  de: () => import('virtual:texts/de'),
};
/** `../pages/<namespace>/locales/<language>.json` */
const pages = import.meta.glob<{ default: Texts }>('../pages/*/locales/*.json');

const backend: BackendModule = {
  type: 'backend',
  init: () => undefined,
  read(language: string, namespace: string, callback: ReadCallback) {
    const load = async (): Promise<Texts> => {
      const own = pages[`../pages/${namespace}/locales/${language}.json`];
      return (own ? (await own()).default : (await base[language as Language]()).default[namespace]) ?? {};
    };
    load().then(
      (texts) => callback(null, texts as Parameters<ReadCallback>[1]),
      (error: unknown) => callback(error as Error, false),
    );
  },
};

/** The language that was chosen here, or the first of the browser's that there are texts for. */
export function chosenLanguage(): Language {
  const wanted = [localStorage.getItem(KEY), ...navigator.languages].map((each) => each?.split('-')[0]);
  return (wanted.find((each) => each && each in LANGUAGES) as Language | undefined) ?? 'en';
}

export async function setLanguage(language: Language): Promise<void> {
  localStorage.setItem(KEY, language);
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}

/** @param page whose texts are needed at once, too. */
export async function startI18n(page: string | undefined): Promise<void> {
  const language = chosenLanguage();
  document.documentElement.lang = language;
  await i18next
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: language,
      fallbackLng: 'en',
      ns: ['app', 'components', 'domains', 'cards', 'titles', ...(page ? [page] : [])],
      defaultNS: 'app',
      interpolation: { escapeValue: false }, // React escapes
      returnNull: false,
    });
}
