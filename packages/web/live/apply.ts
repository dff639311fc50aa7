/** How what the server sends changes what the page holds. Pure: state in, state out. */
import type { Change, ClusterPage } from '@clockwarden/api/console';
import type { NodeRow } from '@clockwarden/api/snapshot';
import { displayStatus } from '@clockwarden/core/assess';
import type { LiveRow, LiveState } from './model.ts';
import { naturalKey } from './natural-key.ts';

/** More are never shown: the list is of the last hour. */
const KEPT_CHANGES = 500;

export function applyPage(state: LiveState, page: ClusterPage, now: number): LiveState {
  const rows = inNameOrder(page.rows.map((row) => liveRow(row, now)));
  return {
    ...state,
    problem: null,
    cluster: page.cluster,
    clusterReceivedAt: now,
    rows,
    places: placesOf(rows),
    status: page.status,
  };
}

/** Rows that changed replace their predecessors in place; new ones find theirs, those that are gone leave. */
export function applyRows(
  state: LiveState,
  delta: { readonly rows: readonly NodeRow[]; readonly gone: readonly string[] },
  now: number,
): LiveState {
  if (delta.rows.length === 0 && delta.gone.length === 0) return state;
  const rows = state.rows.slice();
  const added: LiveRow[] = [];
  for (const row of delta.rows) {
    const place = state.places.get(row.name);
    if (place === undefined) added.push(liveRow(row, now));
    else rows[place] = liveRow(row, now);
  }
  if (added.length === 0 && delta.gone.length === 0) return { ...state, rows };
  const gone = new Set(delta.gone);
  const kept = inNameOrder([...rows.filter((row) => !gone.has(row.name)), ...added]);
  return { ...state, rows: kept, places: placesOf(kept) };
}

/** Newest first, each once: after a reconnect the server may repeat some. */
export function applyChanges(state: LiveState, changes: readonly Change[]): LiveState {
  const known = new Set(state.changes.map((change) => change.id));
  const fresh = changes.filter((change) => !known.has(change.id));
  if (fresh.length === 0) return state;
  const merged = [...fresh, ...state.changes].sort((a, b) => b.id - a.id).slice(0, KEPT_CHANGES);
  return { ...state, changes: merged };
}

function liveRow(row: NodeRow, receivedAt: number): LiveRow {
  return { ...row, status: displayStatus(row), receivedAt };
}

function placesOf(rows: readonly LiveRow[]): ReadonlyMap<string, number> {
  return new Map(rows.map((row, place) => [row.name, place]));
}

/** Rows always stand in the order of their names: sorting them by anything else then needs no second look at the names. */
function inNameOrder(rows: readonly LiveRow[]): readonly LiveRow[] {
  return rows
    .map((row) => ({ row, key: naturalKey(row.name) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ row }) => row);
}
