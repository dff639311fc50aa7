import type { RememberedRun } from '@clockwarden/core/configure';
import { OperatorError } from '@clockwarden/core/errors';
import { expect, test } from 'vitest';
import type { HistoryRun } from '../history/runs.ts';
import { runNamed, runsToUndo } from './choose.ts';

const ids = ['20261121T120000Z-0001', '20261122T120000Z-0001', '20261123T120000Z-0001'] as const;

function remembered(id: string, state: RememberedRun['state']): RememberedRun {
  const nothing = { done: [], undone: [], undoOrder: [0], begun: null, digest: '' };
  return { id, state, operator: 'ann@desk', startedUnixSeconds: 0, actions: 1, ...nothing };
}

const memory = {
  lock: null,
  runs: [remembered(ids[0], 'applied'), remembered(ids[1], 'unfinished'), remembered(ids[2], 'rolled-back')],
};

test('the last run that still stands, or all after a run, newest first', () => {
  const chosen = (after: string | null): readonly string[] => runsToUndo(memory, after).map(({ id }) => id);
  expect(chosen(null)).toEqual([ids[1]]);
  expect(chosen('')).toEqual([ids[1], ids[0]]);
  expect(chosen(ids[0])).toEqual([ids[1]]);
  expect(chosen(ids[1])).toEqual([]);
  expect(runsToUndo({ lock: null, runs: [] }, null)).toEqual([]);
  const resync = { ...remembered(ids[2], 'applied'), undoOrder: [] };
  expect(runsToUndo({ lock: null, runs: [remembered(ids[0], 'applied'), resync] }, null)).toMatchObject([
    { id: ids[0] },
  ]);
});

test('a run is named by its number or its id', () => {
  const history: readonly HistoryRun[] = ids.map((id, index) => ({
    id,
    number: index + 1,
    kind: 'apply',
    operator: '',
    nodes: {},
    actions: 1,
    state: 'done',
  }));
  expect(runNamed('2', history)).toBe(ids[1]);
  expect(runNamed(ids[2], history)).toBe(ids[2]);
  expect(runNamed('0', history)).toBe('');
  expect(() => runNamed('4', history)).toThrow(OperatorError);
  expect(() => runNamed('1', [])).toThrow(OperatorError);
});
