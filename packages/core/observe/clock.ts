/** Which of several readings of one node's clock counts. */
import { aged, boundOf, difference, type Estimate, type MonotonicInstant, secondsOf } from '../time/index.ts';
import type { ChronyState } from './chrony.ts';
import type { ClockMeasurement, SyncState } from './facts.ts';
import type { Reading, SourceKind } from './reading.ts';

/** A fact with the source that gave it and its age when the observation was made. */
export interface Sourced<T> {
  readonly value: T;
  readonly source: SourceKind;
  readonly ageSeconds: number;
}

/** A node whose answers by NTP are of another time than its own clock, seen so often that it was no step in between. */
export interface ServedElsewhere {
  /** Served time minus the node's own clock. Positive = what it serves is ahead. */
  readonly offset: Estimate;
  /** How the clock itself was read, and how old that is. */
  readonly source: SourceKind;
  readonly ageSeconds: number;
}

/** What one reading says of the clock: the interval aged to now. */
interface ClockSeen {
  readonly reading: Reading;
  readonly clock: ClockMeasurement;
  readonly offset: Estimate;
}

/** Nobody sets a clock just between two readings as near as this. */
const SAME_MOMENT_SECONDS = 2;

/**
 * The clock reading whose interval, aged to now, is the narrowest, among those that can be true together with the newer
 * ones: one that contradicts a newer one is of a time before the clock was set.
 *
 * NTP is answered by a daemon, not by the clock: `chronyd -x` (usual in a container) serves the time of its sources and
 * leaves the system clock alone, and behind one address may stand another machine. So where an answer by NTP contradicts a
 * reading of the clock itself at the same moment, or both before and after one, it takes no part.
 *
 * @param readings fresh ones; of each source also one before the last, where it is at hand
 * @param slewSeconds what the daemon still slews away: see {@link leftToSlew}
 */
export function clockOf(
  readings: readonly Reading[],
  now: MonotonicInstant,
  slewSeconds: number,
): { readonly clock: Sourced<ClockMeasurement> | null; readonly servedElsewhere: ServedElsewhere | null } {
  const seen = readings
    .flatMap((reading): readonly ClockSeen[] => {
      const clock = reading.result.ok ? reading.result.facts.clock : null;
      if (clock === null) return [];
      const own = reading.source === 'ntp' ? clockBehindServer(clock.offset, slewSeconds) : clock.offset;
      return [{ reading, clock, offset: aged(own, ageOf(reading, now)) }];
    })
    .sort((a, b) => newestFirst(a.reading, b.reading));
  const served = seen.filter(({ reading }) => reading.source === 'ntp');
  const own = served.length === 0 ? [] : seen.filter(({ reading }) => reading.source !== 'ntp');
  const best = tightest(own);
  if (best === null || !isServedElsewhere(served, own, best)) {
    return { clock: sourced(tightest(seen), now), servedElsewhere: null };
  }
  const answer = served[0] ?? best;
  const offset = difference(answer.offset, best.offset);
  const { source } = best.reading;
  return {
    clock: sourced(best, now),
    servedElsewhere: { offset, source, ageSeconds: ageOf(best.reading, now) },
  };
}

export function ageOf(reading: Reading, now: MonotonicInstant): number {
  return Math.max(0, secondsOf(now - reading.at));
}

/** System clock minus chronyd's estimate of true time: what chronyd still slews away. 0 under the other daemons. */
export function leftToSlew(chrony: ChronyState | null, sync: SyncState | null): number {
  const told = sync?.daemon === 'chronyd' ? sync.referenceOffset?.seconds : undefined;
  return chrony?.tracking?.systemOffsetSeconds ?? told ?? 0;
}

/** @param seen newest first */
function tightest(seen: readonly ClockSeen[]): ClockSeen | null {
  let best: ClockSeen | null = null;
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  for (const one of seen) {
    if (one.offset.low > high || one.offset.high < low) continue;
    low = Math.max(low, one.offset.low);
    high = Math.min(high, one.offset.high);
    if (best === null || boundOf(one.offset) < boundOf(best.offset)) best = one;
  }
  return best;
}

/** A clock that was set between two readings explains one contradiction, not one on either side of a reading. */
function isServedElsewhere(
  served: readonly ClockSeen[],
  own: readonly ClockSeen[],
  best: ClockSeen,
): boolean {
  const newest = served[0];
  if (newest === undefined || !contradict(newest, best)) return false;
  return own.some((one) => {
    const against = served.filter((answer) => contradict(answer, one));
    const before = against.some(({ reading }) => reading.at <= one.reading.at);
    const after = against.some(({ reading }) => reading.at >= one.reading.at);
    return (before && after) || against.some((answer) => isSameMoment(answer, one));
  });
}

function contradict(a: ClockSeen, b: ClockSeen): boolean {
  return a.offset.low > b.offset.high || a.offset.high < b.offset.low;
}

function isSameMoment(a: ClockSeen, b: ClockSeen): boolean {
  return Math.abs(secondsOf(a.reading.at - b.reading.at)) <= SAME_MOMENT_SECONDS;
}

/**
 * The system clock behind an answer by NTP. chronyd serves its estimate of true time (ntp_core.c: cooked time), which the
 * system clock reaches only when nothing is left to slew; until then the clock lies anywhere between the two.
 */
function clockBehindServer(served: Estimate, slewSeconds: number): Estimate {
  return {
    seconds: served.seconds + slewSeconds,
    low: served.low + Math.min(0, slewSeconds),
    high: served.high + Math.max(0, slewSeconds),
  };
}

function sourced(seen: ClockSeen | null, now: MonotonicInstant): Sourced<ClockMeasurement> | null {
  if (seen === null) return null;
  const { clock, offset, reading } = seen;
  return { value: { ...clock, offset }, source: reading.source, ageSeconds: ageOf(reading, now) };
}

export function newestFirst(a: Reading, b: Reading): number {
  return a.at === b.at ? 0 : a.at > b.at ? -1 : 1;
}
