import { type Language, languages } from './text.ts';

/**
 * The user's own choice, else the first of the browser's languages that exists here: any Chinese is 简体中文.
 *
 * @param own as it was kept or sent; whatever is no language of the product counts for nothing
 * @param wanted language tags (RFC 5646), the preferred one first
 */
export function chooseLanguage(own: string | null | undefined, wanted: readonly string[]): Language {
  const chosen = languages.find((language) => language === own);
  if (chosen !== undefined) return chosen;
  for (const tag of wanted) {
    if (/^zh\b/i.test(tag)) return 'zh-CN';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'en';
}
