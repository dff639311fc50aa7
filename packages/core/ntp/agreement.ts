/**
 * Who is right when servers differ: each says that true time lies in its interval; the truth is where most intervals
 * meet (Marzullo's algorithm, RFC 5905 section 11.2.1). A server whose interval misses that place is a falseticker.
 */
import type { Interval } from '../time/index.ts';

export type Agreement =
  /** Nobody could be compared. */
  | { readonly kind: 'none' }
  /** One alone: nobody contradicts it, nobody confirms it. */
  | { readonly kind: 'single' }
  /** No point lies in the intervals of more than half. */
  | { readonly kind: 'no-majority' }
  | {
      readonly kind: 'majority';
      /** From the first to the last point that lies in the most intervals. */
      readonly interval: Interval;
      /** Indexes of the servers whose intervals reach such a point, and of the falsetickers. */
      readonly agreeing: readonly number[];
      readonly falsetickers: readonly number[];
    };

/** @param intervals where each server says that true time lies, all against the same clock */
export function agreementOf(intervals: readonly Interval[]): Agreement {
  if (intervals.length === 0) return { kind: 'none' };
  if (intervals.length === 1) return { kind: 'single' };
  const places = mostCovered(intervals);
  const first = places.regions[0];
  const last = places.regions.at(-1);
  if (first === undefined || last === undefined || places.count * 2 <= intervals.length) {
    return { kind: 'no-majority' };
  }
  const agrees = (interval: Interval): boolean =>
    places.regions.some((region) => interval.low <= region.high && region.low <= interval.high);
  const indexes = intervals.map((_, index) => index);
  return {
    kind: 'majority',
    interval: { low: first.low, high: last.high },
    agreeing: indexes.filter((index) => agrees(intervals[index] ?? first)),
    falsetickers: indexes.filter((index) => !agrees(intervals[index] ?? first)),
  };
}

/** The regions that the largest number of intervals have in common, from low to high. */
function mostCovered(intervals: readonly Interval[]): { count: number; regions: readonly Interval[] } {
  const edges = intervals
    .flatMap(({ low, high }) => [
      { at: low, change: 1 },
      { at: high, change: -1 },
    ])
    // Closed intervals: where one begins as another ends, they meet.
    .sort((a, b) => a.at - b.at || b.change - a.change);
  let depth = 0;
  let count = 0;
  let regions: Interval[] = [];
  for (const [index, edge] of edges.entries()) {
    depth += edge.change;
    if (edge.change < 0 || depth < count) continue;
    if (depth > count) regions = [];
    count = depth;
    const end = edges.slice(index + 1).find((later) => later.change < 0);
    regions.push({ low: edge.at, high: end?.at ?? edge.at });
  }
  return { count, regions };
}
