import type { Interval } from '../time/index.ts';

/**
 * Where an interval lies against ±`limitSeconds` (> 0): wholly inside, wholly outside, or neither, which no honest
 * tool may turn into one of the two.
 */
export function compareWithLimit(
  interval: Interval,
  limitSeconds: number,
): 'within' | 'beyond' | 'straddles' {
  if (interval.low > limitSeconds || interval.high < -limitSeconds) return 'beyond';
  if (interval.low >= -limitSeconds && interval.high <= limitSeconds) return 'within';
  return 'straddles';
}
