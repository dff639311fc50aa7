/** Clock steps: CLOCK_REALTIME − CLOCK_MONOTONIC changes when the clock is set and at no other time; slewing moves both. */
import type { StepClock } from '../observe/index.ts';
import { contains, type Estimate, estimate, type Instant, secondsOf } from '../time/index.ts';

/**
 * The difference between a REALTIME reading and the MONOTONIC readings (or BOOTTIME, if always that) around it.
 * @param bootId changes at each boot; two methods of reading must not share one
 */
export function stepClockBetween(
  before: bigint,
  realtime: Instant,
  after: bigint,
  bootId: string,
): StepClock {
  const width = secondsOf(after - before);
  return {
    realtimeMinusMonotonic: realtime - (before + after) / 2n,
    // One nanosecond for the halving above and for the kernel's own rounding.
    boundSeconds: Math.max(0, width / 2) + 1e-9,
    bootId,
  };
}

/**
 * By how much the clock was set between two readings of one boot: positive = forward. Null when it was not set by more
 * than the two readings' bounds can tell, and when the machine was restarted in between.
 */
export function clockStep(before: StepClock, after: StepClock): Estimate | null {
  if (before.bootId !== after.bootId) return null;
  const step = estimate(
    secondsOf(after.realtimeMinusMonotonic - before.realtimeMinusMonotonic),
    before.boundSeconds + after.boundSeconds,
  );
  return contains(step, 0) ? null : step;
}
