/** Texts that a person reads, in both languages of the product, and numbers as they should look. */

export { chooseLanguage } from './choose.ts';
export { formatAge, formatDuration, formatOffset, formatPpm, formatSeconds } from './numbers.ts';
export type { Language, Text } from './text.ts';
export { languages, localized, text } from './text.ts';
