/** Several sources may speak of one node: the tightest fresh clock reading wins, the others are kept beside it. */
import type { NodeSpec } from '../inventory/index.ts';
import type { MonotonicInstant } from '../time/index.ts';
import type { ChronyState } from './chrony.ts';
import { ageOf, clockOf, leftToSlew, newestFirst, type ServedElsewhere, type Sourced } from './clock.ts';
import type { NodeFacts } from './facts.ts';
import type { Reading, SourceKind } from './reading.ts';

type FactName = keyof NodeFacts;

export interface NodeObservation {
  readonly node: NodeSpec;
  /** Monotonic instant at which ages were counted and the clock's bound was aged to. */
  readonly now: MonotonicInstant;
  readonly facts: { readonly [K in FactName]: Sourced<NonNullable<NodeFacts[K]>> | null };
  /** Where what the node answers by NTP is not its own clock; null: it is, or nobody can tell. */
  readonly servedElsewhere: ServedElsewhere | null;
  /** The readings that were merged, fresh or stale, good or failed. */
  readonly readings: readonly Reading[];
}

/** How near a source stands to the node: of several fresh facts the one of the nearest counts. */
const nearness: readonly SourceKind[] = ['local', 'ssh', 'chrony', 'ntp', 'node-exporter', 'prometheus'];

/** Those that ask the daemon itself: of the same daemon the latest of them counts. */
const askTheDaemon: readonly SourceKind[] = ['local', 'ssh', 'chrony'];

/** Of the time after which a reading takes no part: beyond it (two of five intervals) a source is overdue, and others go before it. */
const OVERDUE_SHARE = 2 / 5;

/**
 * @param readings the latest reading of each source; where that failed, also the last that succeeded; and of a clock one
 *   before the last, where it is at hand
 * @param staleAfterSeconds age beyond which a reading of a source takes no part: five of its intervals
 */
export function mergeReadings(
  node: NodeSpec,
  readings: readonly Reading[],
  now: MonotonicInstant,
  staleAfterSeconds: (source: SourceKind) => number,
): NodeObservation {
  const isOverdue = (reading: Reading): boolean =>
    ageOf(reading, now) > OVERDUE_SHARE * staleAfterSeconds(reading.source);
  const fresh = readings
    .filter((reading) => ageOf(reading, now) <= staleAfterSeconds(reading.source))
    .sort(
      (a, b) =>
        Number(isOverdue(a)) - Number(isOverdue(b)) ||
        nearness.indexOf(a.source) - nearness.indexOf(b.source),
    );
  const first = <K extends FactName>(
    name: K,
    among: readonly Reading[] = fresh,
  ): Sourced<NonNullable<NodeFacts[K]>> | null => {
    for (const reading of among) {
      const value = reading.result.ok ? reading.result.facts[name] : null;
      if (value !== null) return { value, source: reading.source, ageSeconds: ageOf(reading, now) };
    }
    return null;
  };
  const latest = fresh.filter(({ source }) => askTheDaemon.includes(source)).sort(newestFirst);
  const sync = laterOf(first('sync'), first('sync', latest), (a, b) => a.daemon === b.daemon);
  const whole = ({ tracking, sources }: ChronyState): boolean => tracking !== null && sources !== null;
  const chrony = laterOf(first('chrony'), first('chrony', latest), (_, later) => whole(later));
  const slewSeconds = leftToSlew(chrony?.value ?? null, sync?.value ?? null);
  const { clock, servedElsewhere } = clockOf(fresh, now, slewSeconds);
  return {
    node,
    now,
    readings,
    servedElsewhere,
    facts: {
      clock,
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

/** The fact of the nearest source, unless a later one, asked of the same daemon, can stand for it. */
function laterOf<T>(
  nearest: Sourced<T> | null,
  latest: Sourced<T> | null,
  canStandFor: (nearest: T, later: T) => boolean,
): Sourced<T> | null {
  if (nearest === null || latest === null || !askTheDaemon.includes(nearest.source)) return nearest;
  return latest.ageSeconds < nearest.ageSeconds && canStandFor(nearest.value, latest.value)
    ? latest
    : nearest;
}
