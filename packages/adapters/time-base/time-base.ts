import type { TimeBase } from '@clockwarden/core/ports';
import { secondsOf } from '@clockwarden/core/time';
import { systemClock } from '../system/index.ts';
import { type Clocks, createClockRelation } from './clock-relation.ts';

/**
 * A time base anchored on the wall clock now. `clocks` are this machine's; a test gives its own.
 * Instants go on counting at the rate of CLOCK_MONOTONIC, whatever happens to the wall clock afterwards; only times of day
 * follow it.
 */
export function createTimeBase(clocks: Clocks = machineClocks()): TimeBase {
  const relation = createClockRelation(clocks);
  const anchor = relation.difference;
  let steps = relation.steps();
  const precisionSeconds = secondsOf(relation.boundNanoseconds);
  return {
    monotonic: clocks.monotonic,
    instantAt: (monotonic) => monotonic + anchor,
    instantOfRealtime: (realtime) => {
      const before = steps;
      steps = relation.steps();
      // The stamp may stand on either side of the step.
      return steps === before ? relation.monotonicOf(realtime) + anchor : null;
    },
    timeOfDayAt: (monotonic) => {
      relation.steps();
      return monotonic + relation.difference;
    },
    precisionSeconds,
  };
}

/**
 * CLOCK_REALTIME by the C library where it loads (windows of 0.2 µs), else the millisecond edges of Date.
 * process.hrtime is CLOCK_MONOTONIC on Linux and the platform's monotonic clock elsewhere.
 */
export function machineClocks(): Clocks {
  const monotonic = (): bigint => process.hrtime.bigint();
  const realtime = systemClock('realtime');
  return realtime === null
    ? { monotonic, realtime: () => BigInt(Date.now()) * 1_000_000n, realtimeStep: 1_000_000n }
    : { monotonic, realtime, realtimeStep: 1n };
}
