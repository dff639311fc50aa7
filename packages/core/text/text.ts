export const languages = ['en', 'zh-CN'] as const;
export type Language = (typeof languages)[number];

/** One sentence or label in every language. Plain text: never markup. */
export type Text = Readonly<Record<Language, string>>;

export function text(en: string, zhCN: string): Text {
  return { en, 'zh-CN': zhCN };
}

export function localized(value: Text, language: Language): string {
  return value[language];
}
