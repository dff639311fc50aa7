import { describe, expect, it } from 'vitest';
import { systemClock } from '../system/index.ts';
import type { Clocks } from './clock-relation.ts';
import { createTimeBase, machineClocks } from './time-base.ts';

const second = 1_000_000_000n;

/** Two clocks that move 100 ns at every look; `step` sets the wall clock. */
function invented(realtimeStep = 1n): Clocks & { step(nanoseconds: bigint): void; wait(ns: bigint): void } {
  let now = 5n * second;
  let difference = 1_790_000_000n * second;
  const tick = (): bigint => {
    now += 100n;
    return now;
  };
  return {
    realtimeStep,
    monotonic: tick,
    realtime: () => ((tick() + difference) / realtimeStep) * realtimeStep,
    step: (nanoseconds) => {
      difference += nanoseconds;
    },
    wait: (nanoseconds) => {
      now += nanoseconds;
    },
  };
}

describe('time base', () => {
  it('starts at the wall clock, within its precision', () => {
    const timeBase = createTimeBase();
    const realtime = machineClocks().realtime();
    const now = timeBase.instantAt(timeBase.monotonic());
    expect(Number(now - realtime)).toBeGreaterThanOrEqual(-timeBase.precisionSeconds * 1e9);
    expect(Number(now - realtime)).toBeLessThan(1e9);
    expect(timeBase.precisionSeconds).toBeLessThan(1e-3);
  });

  it('reads the same monotonic clock as clock_gettime(CLOCK_MONOTONIC)', () => {
    const clock = systemClock('monotonic');
    if (clock === null) return;
    const before = createTimeBase().monotonic();
    const between = clock();
    const after = process.hrtime.bigint();
    expect(before <= between && between <= after).toBe(true);
  });

  it('is not moved by a step of the wall clock, either way', () => {
    for (const step of [7n * second, -40n * 365n * 86_400n * second]) {
      const clocks = invented();
      const timeBase = createTimeBase(clocks);
      const before = timeBase.instantAt(timeBase.monotonic());
      clocks.step(step);
      const after = timeBase.instantAt(timeBase.monotonic());
      expect(after - before).toBe(100n);
    }
  });

  it('tells the time of day as the wall clock is set now, also for instants from before it was set', () => {
    for (const step of [7n * second, -40n * 365n * 86_400n * second]) {
      const clocks = invented();
      const timeBase = createTimeBase(clocks);
      const instant = timeBase.monotonic();
      expect(timeBase.timeOfDayAt(instant)).toBe(timeBase.instantAt(instant));
      clocks.step(step);
      const moved = timeBase.timeOfDayAt(instant) - timeBase.instantAt(instant);
      expect(Math.abs(Number(moved - step))).toBeLessThan(1_000);
      // A kernel stamp that may stand on either side of the step is still refused.
      expect(timeBase.instantOfRealtime(clocks.realtime())).toBeNull();
      expect(timeBase.instantOfRealtime(clocks.realtime())).not.toBeNull();
    }
  });

  it('places a fresh wall clock stamp', () => {
    const clocks = invented();
    const timeBase = createTimeBase(clocks);
    clocks.wait(3n * second);
    const stamp = clocks.realtime();
    const truth = timeBase.instantAt(clocks.monotonic() - 100n);
    const placed = timeBase.instantOfRealtime(stamp);
    expect(placed).not.toBeNull();
    expect(Number((placed ?? 0n) - truth)).toBeLessThanOrEqual(Math.ceil(timeBase.precisionSeconds * 1e9));
  });

  it('refuses a stamp when the wall clock was stepped, and works again for the next', () => {
    for (const step of [-50_000n, 50_000n, 2n * second, -100n * second]) {
      const clocks = invented();
      const timeBase = createTimeBase(clocks);
      const stamp = clocks.realtime();
      clocks.step(step);
      expect(timeBase.instantOfRealtime(stamp)).toBeNull();
      const truth = timeBase.instantAt(clocks.monotonic());
      const placed = timeBase.instantOfRealtime(clocks.realtime());
      expect(Number((placed ?? 0n) - truth)).toBeLessThan(1_000);
    }
  });

  it('finds the edges of a wall clock that counts milliseconds', () => {
    const clocks = invented(1_000_000n);
    const timeBase = createTimeBase(clocks);
    const truth = 1_790_000_000n * second;
    expect(Number(timeBase.instantAt(0n) - truth)).toBeLessThanOrEqual(timeBase.precisionSeconds * 1e9);
    expect(timeBase.precisionSeconds).toBeLessThan(1e-6);
    clocks.step(3_000_000n);
    expect(timeBase.instantOfRealtime(clocks.realtime())).toBeNull();
  });
});
