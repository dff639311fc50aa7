import type { ServerStatus } from '@clockwarden/api/console';
import type { LiveRow } from './model.ts';

export type Staleness = 'fresh' | 'ageing' | 'stale';

/** Older than two intervals of its source a value greys; older than five it is stale and takes no part in the median. */
export function stalenessOf(ageSeconds: number, intervalSeconds: number): Staleness {
  if (ageSeconds > 5 * intervalSeconds) return 'stale';
  return ageSeconds > 2 * intervalSeconds ? 'ageing' : 'fresh';
}

/** Age of a row's clock reading now, in seconds; null when it has none. */
export function ageOfRow(row: LiveRow, now: number): number | null {
  return row.ageSeconds === null ? null : row.ageSeconds + Math.max(0, now - row.receivedAt) / 1_000;
}

/** The interval of the source that gave the row's clock; where that is not known the longest in use. */
export function intervalOf(row: LiveRow, status: ServerStatus | null): number {
  const rounds = status?.rounds ?? [];
  const own = rounds.find((round) => round.source === row.clock?.source);
  return own?.intervalSeconds ?? Math.max(15, ...rounds.map((round) => round.intervalSeconds));
}
