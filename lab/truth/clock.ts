/** The host's CLOCK_REALTIME minus its monotonic clock, as an interval in nanoseconds. */
export interface ClockPair {
  readonly low: bigint;
  readonly high: bigint;
}

/**
 * Date has steps of 1 ms, but the instant at which it advances can be caught between two readings of the monotonic clock.
 * Of some edges the narrowest is kept: usually well below a microsecond, and always a true bound.
 */
export function pairHostClocks(edges = 4): ClockPair {
  let best: ClockPair | undefined;
  for (let left = edges; left > 0; left--) {
    const pair = oneEdge();
    if (!best || pair.high - pair.low < best.high - best.low) best = pair;
  }
  if (!best) throw new RangeError('at least one edge');
  return best;
}

function oneEdge(): ClockPair {
  let before = process.hrtime.bigint();
  let shown = Date.now();
  for (;;) {
    const start = process.hrtime.bigint();
    const next = Date.now();
    const end = process.hrtime.bigint();
    if (next !== shown) {
      const wall = BigInt(next) * 1_000_000n;
      // The edge lies after `before` and no later than `end`; a jump of more than one step is not an edge.
      if (next === shown + 1) return { low: wall - end, high: wall - before };
      shown = next;
    }
    before = start;
  }
}
