/** Several sources may speak of one node: the tightest fresh clock reading wins, the others are kept beside it. */
import type { NodeSpec } from '../inventory/index.ts';
import { aged, boundOf, type MonotonicInstant, secondsOf } from '../time/index.ts';
import type { ClockMeasurement, NodeFacts } from './facts.ts';
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
  /** The latest reading of each source, fresh or stale, good or failed. */
  readonly readings: readonly Reading[];
}

/** How near a source stands to the node: used between two facts of equal freshness, nearest first. */
const nearness: readonly SourceKind[] = ['local', 'ssh', 'chrony', 'ntp', 'node-exporter', 'prometheus'];

/**
 * @param readings the latest reading of each source (at most one each)
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
  return {
    node,
    now,
    readings,
    facts: {
      clock: tightestClock(fresh, now),
      kernel: first('kernel'),
      sync: first('sync'),
      daemons: first('daemons'),
      chrony: first('chrony'),
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

/** The clock reading whose interval, aged to now, is the narrowest. */
function tightestClock(
  readings: readonly Reading[],
  now: MonotonicInstant,
): Sourced<ClockMeasurement> | null {
  let best: Sourced<ClockMeasurement> | null = null;
  for (const reading of readings) {
    const clock = reading.result.ok ? reading.result.facts.clock : null;
    if (clock === null) continue;
    const ageSeconds = ageOf(reading, now);
    const value = { ...clock, offset: aged(clock.offset, ageSeconds) };
    if (best === null || boundOf(value.offset) < boundOf(best.value.offset)) {
      best = { value, source: reading.source, ageSeconds };
    }
  }
  return best;
}
