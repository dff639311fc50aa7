import type { BatchSize } from '@clockwarden/core/configure';

/** `25%`, `10`; null: neither. */
export function parseBatch(value: string): BatchSize | null {
  const [, digits = '', percent] = /^(\d{1,5})(%?)$/.exec(value) ?? [];
  const number = Number(digits);
  if (digits === '' || number < 1) return null;
  if (percent === '') return { nodes: number };
  return number <= 100 ? number / 100 : null;
}
