import type { Change, ClusterPage } from '@clockwarden/api/console';
import { describe, expect, it } from 'vitest';
import { nodeRowOf } from '../testing/rows.ts';
import { applyChanges, applyPage, applyRows } from './apply.ts';
import { initialState } from './model.ts';

const page = (names: readonly string[]): ClusterPage => ({
  cluster: {} as ClusterPage['cluster'],
  rows: names.map((name) => nodeRowOf({ name })),
  status: {} as ClusterPage['status'],
});
const change = (id: number): Change => ({
  id,
  at: '2026-01-01T00:00:00Z',
  node: null,
  kind: 'verdict',
  from: null,
  to: null,
  text: { en: '', 'zh-CN': '' },
});
const loaded = applyPage(initialState, page(['a', 'b', 'c']), 1_000);
const names = (state: typeof loaded): string[] => state.rows.map((row) => row.name);

describe('applying what the stream brings', () => {
  it('replaces a row in its place and leaves the others as they are', () => {
    const next = applyRows(
      loaded,
      { rows: [nodeRowOf({ name: 'b', verdict: 'critical' })], gone: [] },
      2_000,
    );
    expect(names(next)).toEqual(['a', 'b', 'c']);
    expect(next.rows[1]).toMatchObject({ status: 'critical', receivedAt: 2_000 });
    expect(next.rows[0]).toBe(loaded.rows[0]);
    expect(loaded.rows[1]?.status).toBe('ok');
  });

  it('takes in new nodes and lets go of those that are gone', () => {
    const next = applyRows(loaded, { rows: [nodeRowOf({ name: 'd' })], gone: ['a'] }, 2_000);
    expect(names(next)).toEqual(['b', 'c', 'd']);
    expect([...next.places]).toEqual([
      ['b', 0],
      ['c', 1],
      ['d', 2],
    ]);
  });

  it('keeps the rows in the order of their names', () => {
    expect(names(applyPage(loaded, page(['w-10', 'w-9', 'cp-1']), 0))).toEqual(['cp-1', 'w-9', 'w-10']);
  });

  it('is the same state when nothing changed', () => {
    expect(applyRows(loaded, { rows: [], gone: [] }, 2_000)).toBe(loaded);
  });

  it('forgets the old list when the whole comes anew', () => {
    expect(names(applyPage(loaded, page(['x']), 3_000))).toEqual(['x']);
  });

  it('keeps changes newest first and each once', () => {
    const first = applyChanges(loaded, [change(1), change(2)]);
    const again = applyChanges(first, [change(2), change(3)]);
    expect(again.changes.map(({ id }) => id)).toEqual([3, 2, 1]);
    expect(applyChanges(again, [change(1)])).toBe(again);
  });
});
