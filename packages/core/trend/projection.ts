/**
 * From offsets with their bounds to a frequency with its bound, and from there to the moments at which limits are
 * crossed. It holds as long as the oscillator goes on as it did in the samples: a change of temperature or load is not
 * foreseen, except as far as the samples have already shown one.
 */
import type { Estimate } from '../time/index.ts';

export interface OffsetSample {
  /** Unix seconds. */
  readonly at: number;
  /** Positive = ahead. */
  readonly offset: Estimate;
}

export interface Crossing {
  /** The limit, > 0; crossed at plus or at minus this. */
  readonly limitSeconds: number;
  /** Unix seconds; null: not within {@link HORIZON_SECONDS}. */
  readonly earliestAt: number | null;
  /** Unix seconds; null: perhaps never. */
  readonly latestAt: number | null;
}

export interface Projection {
  /** How fast the clock runs away. Positive = it gains. */
  readonly frequencyPpm: number;
  readonly frequencyBoundPpm: number;
  /** One for each limit that is not surely crossed already. */
  readonly crossings: readonly Crossing[];
}

const FEWEST_SAMPLES = 6;
const SHORTEST_SPAN_SECONDS = 300;
/** Enough for a good median of slopes; pairs grow with the square. */
const MOST_SAMPLES = 180;
/** Ten years: beyond that a date says nothing. */
const HORIZON_SECONDS = 10 * 365.25 * 86_400;

interface Slope {
  readonly low: number;
  readonly high: number;
  readonly middle: number;
}

/**
 * @param samples oldest first, none from before the last step of the clock
 * @returns null when they are too few, or span too little, to tell a frequency
 */
export function project(samples: readonly OffsetSample[], limits: readonly number[]): Projection | null {
  const thinned = thin(samples);
  const first = thinned[0];
  const last = thinned.at(-1);
  if (first === undefined || last === undefined) return null;
  if (thinned.length < FEWEST_SAMPLES || last.at - first.at < SHORTEST_SPAN_SECONDS) return null;
  const slope = slopeOf(thinned);
  const crossings = limits.flatMap((limit) => crossingOf(last, slope, limit) ?? []);
  return {
    frequencyPpm: slope.middle * 1e6,
    frequencyBoundPpm: Math.max(slope.high - slope.middle, slope.middle - slope.low) * 1e6,
    crossings,
  };
}

function thin(samples: readonly OffsetSample[]): readonly OffsetSample[] {
  const stride = Math.ceil(samples.length / MOST_SAMPLES);
  // Counted from the end, so that the newest stays.
  return samples.filter((_, index) => (samples.length - 1 - index) % stride === 0);
}

/**
 * Each pair of an early and a late sample allows slopes from (low − high) to (high − low). A constant frequency lies in
 * all of them. Where they have nothing in common the frequency wandered: then the range in which it did.
 */
function slopeOf(samples: readonly OffsetSample[]): Slope {
  const third = Math.max(1, Math.floor(samples.length / 3));
  const pairs = samples
    .slice(0, third)
    .flatMap((early) => samples.slice(-third).map((late) => slopeBetween(early, late)));
  // Theil–Sen: the median of slopes does not care about a few bad samples.
  const middles = pairs.map((pair) => pair.middle).sort((a, b) => a - b);
  const middle = middles[Math.floor(middles.length / 2)] ?? 0;
  const low = Math.max(...pairs.map((pair) => pair.low));
  const high = Math.min(...pairs.map((pair) => pair.high));
  if (low <= high) return { low, high, middle: Math.min(high, Math.max(low, middle)) };
  return { low: middles[0] ?? middle, high: middles.at(-1) ?? middle, middle };
}

function slopeBetween(early: OffsetSample, late: OffsetSample): Slope {
  const seconds = late.at - early.at;
  return {
    low: (late.offset.low - early.offset.high) / seconds,
    high: (late.offset.high - early.offset.low) / seconds,
    middle: (late.offset.seconds - early.offset.seconds) / seconds,
  };
}

/** Null: the limit is surely crossed already. */
function crossingOf({ at, offset }: OffsetSample, slope: Slope, limitSeconds: number): Crossing | null {
  if (offset.low > limitSeconds || offset.high < -limitSeconds) return null;
  const ahead = slope.high > 0 ? (limitSeconds - offset.high) / slope.high : Number.POSITIVE_INFINITY;
  const behind = slope.low < 0 ? (-limitSeconds - offset.low) / slope.low : Number.POSITIVE_INFINITY;
  const surelyAhead = slope.low > 0 ? (limitSeconds - offset.low) / slope.low : Number.POSITIVE_INFINITY;
  const surelyBehind = slope.high < 0 ? (-limitSeconds - offset.high) / slope.high : Number.POSITIVE_INFINITY;
  const moment = (seconds: number): number | null =>
    seconds > HORIZON_SECONDS ? null : at + Math.max(0, seconds);
  return {
    limitSeconds,
    earliestAt: moment(Math.min(ahead, behind)),
    latestAt: moment(Math.min(surelyAhead, surelyBehind)),
  };
}
