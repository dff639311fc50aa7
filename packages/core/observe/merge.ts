/** Several sources may speak of one node: the tightest fresh clock reading wins, the others are kept beside it. */
import type { NodeSpec } from '../inventory/index.ts';
import { aged, boundOf, type Estimate, type MonotonicInstant, secondsOf } from '../time/index.ts';
import type { ChronyState } from './chrony.ts';
import type { ClockMeasurement, NodeFacts, SyncState } from './facts.ts';
import type { Reading, SourceKind } from './reading.ts';

/** A fact with the source that gave it and its age when the observation was made. */
export interface Sourced<T> {
  readonly value: T;
  readonly source: SourceKind;
  readonly ageSeconds: number;
}

type FactName = keyof NodeFacts;

export interface NodeObservation {
  readonly node: NodeSpec;
  /** Monotonic instant at which ages were counted and the clock's bound was aged to. */
  readonly now: MonotonicInstant;
  readonly facts: { readonly [K in FactName]: Sourced<NonNullable<NodeFacts[K]>> | null };
  /** The readings that were merged, fresh or stale, good or failed. */
  readonly readings: readonly Reading[];
}

/** How near a source stands to the node: of several fresh facts the one of the nearest counts, whatever their ages. */
const nearness: readonly SourceKind[] = ['local', 'ssh', 'chrony', 'ntp', 'node-exporter', 'prometheus'];

/**
 * @param readings the latest reading of each source; where that failed, also the last that succeeded
 * @param staleAfterSeconds age beyond which a reading of a source takes no part; CONSOLE: five of its intervals
 */
export function mergeReadings(
  node: NodeSpec,
  readings: readonly Reading[],
  now: MonotonicInstant,
  staleAfterSeconds: (source: SourceKind) => number,
): NodeObservation {
  const fresh = readings
    .filter((reading) => ageOf(reading, now) <= staleAfterSeconds(reading.source))
    .sort((a, b) => nearness.indexOf(a.source) - nearness.indexOf(b.source));
  const first = <K extends FactName>(name: K): Sourced<NonNullable<NodeFacts[K]>> | null => {
    for (const reading of fresh) {
      const value = reading.result.ok ? reading.result.facts[name] : null;
      if (value !== null) return { value, source: reading.source, ageSeconds: ageOf(reading, now) };
    }
    return null;
  };
  const sync = first('sync');
  const chrony = first('chrony');
  return {
    node,
    now,
    readings,
    facts: {
      clock: tightestClock(fresh, now, leftToSlew(chrony?.value ?? null, sync?.value ?? null)),
      kernel: first('kernel'),
      sync,
      daemons: first('daemons'),
      chrony,
      timesync: first('timesync'),
      timedatectl: first('timedatectl'),
      timezone: first('timezone'),
      stepClock: first('stepClock'),
      host: first('host'),
      configFiles: first('configFiles'),
      raw: first('raw'),
    },
  };
}

function ageOf(reading: Reading, now: MonotonicInstant): number {
  return Math.max(0, secondsOf(now - reading.at));
}

/**
 * The clock reading whose interval, aged to now, is the narrowest, among those that can be true together with the newer
 * ones: one that contradicts a newer one is of a time before the clock was set.
 */
function tightestClock(
  readings: readonly Reading[],
  now: MonotonicInstant,
  slewSeconds: number,
): Sourced<ClockMeasurement> | null {
  let best: Sourced<ClockMeasurement> | null = null;
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  for (const reading of [...readings].sort(newestFirst)) {
    const clock = reading.result.ok ? reading.result.facts.clock : null;
    if (clock === null) continue;
    const ageSeconds = ageOf(reading, now);
    const served = reading.source === 'ntp' ? clockBehindServer(clock.offset, slewSeconds) : clock.offset;
    const offset = aged(served, ageSeconds);
    if (offset.low > high || offset.high < low) continue;
    low = Math.max(low, offset.low);
    high = Math.min(high, offset.high);
    if (best === null || boundOf(offset) < boundOf(best.value.offset)) {
      best = { value: { ...clock, offset }, source: reading.source, ageSeconds };
    }
  }
  return best;
}

/** System clock minus chronyd's estimate of true time: what chronyd still slews away. 0 under the other daemons. */
function leftToSlew(chrony: ChronyState | null, sync: SyncState | null): number {
  const told = sync?.daemon === 'chronyd' ? sync.referenceOffset?.seconds : undefined;
  return chrony?.tracking?.systemOffsetSeconds ?? told ?? 0;
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

function newestFirst(a: Reading, b: Reading): number {
  return a.at === b.at ? 0 : a.at > b.at ? -1 : 1;
}
