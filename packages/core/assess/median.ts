import type { Estimate } from '../time/index.ts';

/** Below it, a median is one clock's word against another's. */
export const NODES_FOR_A_MEDIAN = 3;

/** The middle value; the mean of the two middle ones where the count is even; null of nothing. */
export function medianOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const upper = sorted[sorted.length >> 1] ?? 0;
  if (sorted.length % 2 === 1) return upper;
  const lower = sorted[(sorted.length >> 1) - 1] ?? 0;
  return lower + (upper - lower) / 2;
}

/**
 * Median of estimates: the median of the values, which lies in [median of lows, median of highs] wherever the true
 * values lie in their intervals, since the median never falls when an argument grows. Null of nothing.
 */
export function medianEstimate(values: readonly Estimate[]): Estimate | null {
  const seconds = medianOf(values.map((value) => value.seconds));
  const low = medianOf(values.map((value) => value.low));
  const high = medianOf(values.map((value) => value.high));
  return seconds === null || low === null || high === null ? null : { seconds, low, high };
}
