import { chooseLanguage, type Language, languages, type Text } from '@clockwarden/core/text';
import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import { en } from './en/index.ts';
import { zhCN } from './zh-cn/index.ts';

const storageKey = 'clockwarden.language';

export function startI18n(): void {
  const language = chooseLanguage(localStorage.getItem(storageKey), navigator.languages);
  void i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: { en: { translation: en }, 'zh-CN': { translation: zhCN } },
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  document.documentElement.lang = language;
}

export function setLanguage(language: Language): void {
  localStorage.setItem(storageKey, language);
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
}

export function useLanguage(): Language {
  const { i18n } = useTranslation();
  return languages.find((language) => language === i18n.language) ?? 'en';
}

/** Texts that the server sends in both languages. */
export function useSay(): (words: Text) => string {
  const language = useLanguage();
  return (words) => words[language];
}

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
    returnNull: false;
  }
}
