import type { Estimate } from '../time/index.ts';

/** Below it, a median is one clock's word against another's. */
export const NODES_FOR_A_MEDIAN = 3;

/** The middle value; the mean of the two middle ones where the count is even; null of nothing. */
export function medianOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const middle = values.length >> 1;
  const numbers = new Float64Array(values);
  const upper = select(numbers, middle);
  if (numbers.length % 2 === 1) return upper;
  const lower = numbers.subarray(0, middle).reduce((a, b) => Math.max(a, b));
  return lower + (upper - lower) / 2;
}

/**
 * The `rank`-th smallest, counted from 0, which then stands at its place with none greater before it: Hoare's selection.
 * Ten thousand clocks have three medians several times a second; sorting them would cost more than judging the nodes.
 */
function select(numbers: Float64Array, rank: number): number {
  const at = (index: number): number => numbers[index] ?? 0;
  let from = 0;
  let to = numbers.length - 1;
  while (from < to) {
    const pivot = at((from + to) >> 1);
    let left = from;
    let right = to;
    while (left <= right) {
      while (at(left) < pivot) left++;
      while (at(right) > pivot) right--;
      if (left > right) break;
      [numbers[left], numbers[right]] = [at(right), at(left)];
      left++;
      right--;
    }
    if (rank <= right) to = right;
    else if (rank >= left) from = left;
    else break;
  }
  return at(rank);
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
