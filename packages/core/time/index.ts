/**
 * Instants, seconds and intervals. One sign everywhere: a positive offset means that the clock is ahead (fast).
 */

/** Nanoseconds since 1970-01-01T00:00:00Z without leap seconds (POSIX). */
export type Instant = bigint;

/** Nanoseconds of a monotonic clock; only differences mean anything. */
export type MonotonicInstant = bigint;

/** A closed interval in seconds that holds the true value. `low <= high`. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** A measured value in seconds with the interval that holds the truth. The value lies inside the interval. */
export interface Estimate extends Interval {
  readonly seconds: number;
}

/**
 * How fast two clocks may part that are both believed disciplined: 50 ppm (RFC 5905 assumes 15 ppm; cheap
 * oscillators and virtual machines do worse). A bound grows by this rate times its age.
 */
export const MAX_DRIFT_RATE = 50e-6;

export const NANOSECONDS_PER_SECOND = 1_000_000_000n;

/** Nanoseconds to seconds. Exact below 2^53 ns (104 days); beyond that the relative error is 1.1e-16. */
export function secondsOf(nanoseconds: bigint): number {
  return Number(nanoseconds / NANOSECONDS_PER_SECOND) + Number(nanoseconds % NANOSECONDS_PER_SECOND) / 1e9;
}

/** Seconds to whole nanoseconds, rounded to the nearest. `seconds` must be finite. */
export function nanosecondsOf(seconds: number): bigint {
  const whole = Math.trunc(seconds);
  return BigInt(whole) * NANOSECONDS_PER_SECOND + BigInt(Math.round((seconds - whole) * 1e9));
}

/** The estimate `seconds ± boundSeconds`. `boundSeconds >= 0`. */
export function estimate(seconds: number, boundSeconds: number): Estimate {
  return { seconds, low: seconds - boundSeconds, high: seconds + boundSeconds };
}

/** Half the width of an interval, in seconds: the bound that stands behind ±. */
export function boundOf(interval: Interval): number {
  return (interval.high - interval.low) / 2;
}

/** The same estimate, wider by `seconds` on both sides. */
export function widen(value: Estimate, seconds: number): Estimate {
  return { seconds: value.seconds, low: value.low - seconds, high: value.high + seconds };
}

/** The estimate as it stands `ageSeconds` after it was measured: wider by {@link MAX_DRIFT_RATE} × age. */
export function aged(value: Estimate, ageSeconds: number): Estimate {
  return widen(value, MAX_DRIFT_RATE * Math.max(0, ageSeconds));
}

export function contains(interval: Interval, seconds: number): boolean {
  return interval.low <= seconds && seconds <= interval.high;
}

/** The interval of `a − b` when each lies anywhere in its own interval. */
export function difference(a: Estimate, b: Estimate): Estimate {
  return { seconds: a.seconds - b.seconds, low: a.low - b.high, high: a.high - b.low };
}
