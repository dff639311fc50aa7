/**
 * How CLOCK_REALTIME stands to CLOCK_MONOTONIC. Their difference is constant until somebody sets the clock (or the
 * machine sleeps): slewing and frequency changes move both alike. So a difference that moved is a step that was seen.
 */
import type { Instant, MonotonicInstant } from '@clockwarden/core/time';

export interface ClockRelation {
  /** REALTIME − MONOTONIC in nanoseconds, as measured when this was made or when the last step was seen. */
  readonly difference: bigint;
  /** Half the width of the window in which both clocks were read, in nanoseconds. */
  readonly boundNanoseconds: bigint;
  /**
   * How many steps of the wall clock were seen so far; looks for another one first. Between two looks that give the
   * same number there was none (that was not taken back).
   */
  steps(): number;
  /** Monotonic instant of a CLOCK_REALTIME stamp taken since the last step that was seen. */
  monotonicOf(realtime: Instant): MonotonicInstant;
}

/** The two clocks to relate, in nanoseconds; `realtimeStep` is how coarsely `realtime` counts. */
export interface Clocks {
  monotonic(): bigint;
  realtime(): bigint;
  readonly realtimeStep: bigint;
}

interface Difference {
  readonly value: bigint;
  readonly bound: bigint;
}

/** Enough that some reads fall between two interrupts; a read takes 0.2 µs. */
const CALIBRATIONS = 64;
/** Each costs up to a millisecond. */
const EDGES = 5;
/** A check whose window is wider than this was interrupted and is made anew, so that small steps do not hide in it. */
const WIDE_WINDOW = 20_000n;
const CHECK_ATTEMPTS = 5;
/** Both clocks are rounded to whole nanoseconds by the kernel. */
const ROUNDING = 2n;

export function createClockRelation(clocks: Clocks): ClockRelation {
  let current = calibrate(clocks);
  let steps = 0;
  return {
    get difference() {
      return current.value;
    },
    get boundNanoseconds() {
      return current.bound;
    },
    steps() {
      if (!holds(clocks, current)) {
        current = calibrate(clocks);
        steps += 1;
      }
      return steps;
    },
    monotonicOf: (realtime) => realtime - current.value,
  };
}

function calibrate(clocks: Clocks): Difference {
  return clocks.realtimeStep > 1n ? calibrateOnEdges(clocks) : calibrateOnReads(clocks);
}

/** The narrowest of many windows; its middle is where the read in between most likely happened. */
function calibrateOnReads(clocks: Clocks): Difference {
  let best: Difference | null = null;
  for (let count = 0; count < CALIBRATIONS; count += 1) {
    const before = clocks.monotonic();
    const realtime = clocks.realtime();
    const after = clocks.monotonic();
    const bound = (after - before + 1n) / 2n + ROUNDING;
    if (best === null || bound < best.bound) best = { value: realtime - (before + after) / 2n, bound };
  }
  return best ?? { value: 0n, bound: 0n };
}

/**
 * For a wall clock that shows whole milliseconds: at the moment when it moves to the next, it is exact. The narrowest of
 * several such moments, each bracketed from before the last look that showed the old one.
 */
function calibrateOnEdges(clocks: Clocks): Difference {
  let best: Difference | null = null;
  for (let count = 0; count < EDGES; count += 1) {
    let before = clocks.monotonic();
    const started = clocks.realtime();
    let edge: Difference | null = null;
    while (edge === null) {
      const between = clocks.monotonic();
      const realtime = clocks.realtime();
      const after = clocks.monotonic();
      if (realtime !== started) {
        edge = { value: realtime - (before + after) / 2n, bound: (after - before + 1n) / 2n + ROUNDING };
      }
      before = between;
    }
    if (best === null || edge.bound < best.bound) best = edge;
  }
  return best ?? { value: 0n, bound: 0n };
}

/** Whether the clocks still differ by `known`, as far as one look can tell. */
function holds(clocks: Clocks, known: Difference): boolean {
  for (let attempt = 1; ; attempt += 1) {
    const before = clocks.monotonic();
    const realtime = clocks.realtime();
    const after = clocks.monotonic();
    if (after - before > WIDE_WINDOW && attempt < CHECK_ATTEMPTS) continue;
    const low = realtime - after - known.bound - ROUNDING;
    const high = realtime + clocks.realtimeStep - before + known.bound + ROUNDING;
    return low <= known.value && known.value <= high;
  }
}
