/**
 * A text whose plain order is the natural one: node-2 before node-10. A collator says the same, but ten thousand names
 * take it a fifth of a second.
 */
export function naturalKey(text: string): string {
  return text.replace(/\d+/g, (digits) => digits.padStart(12, '0'));
}
