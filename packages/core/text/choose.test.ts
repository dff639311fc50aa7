import { expect, test } from 'vitest';
import { chooseLanguage } from './choose.ts';

test('the language is the own choice, else the first wanted one that exists', () => {
  expect(chooseLanguage('zh-CN', ['en'])).toBe('zh-CN');
  expect(chooseLanguage('fr', ['de-DE', 'zh-TW', 'en'])).toBe('zh-CN');
  expect(chooseLanguage(null, ['en-GB', 'zh'])).toBe('en');
  expect(chooseLanguage(undefined, ['de'])).toBe('en');
});
