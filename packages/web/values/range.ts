import { formatSeconds } from '@clockwarden/core/text';

/** `−1.2 ms … +3 ms`. */
export function rangeText(range: { readonly low: number; readonly high: number }): string {
  return `${formatSeconds(range.low, { signed: true })} … ${formatSeconds(range.high, { signed: true })}`;
}
