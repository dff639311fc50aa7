import type { StoredRun } from '@clockwarden/adapters/run-journal';
import type { RememberedRun } from '@clockwarden/core/configure';
import { expect, test } from 'vitest';
import { historyOf, startOf } from './runs.ts';

const FIRST = '20261122T120000Z-0001';
const SECOND = '20261123T120000Z-0002';

function remembered(id: string, state: RememberedRun['state']): RememberedRun {
  return {
    id,
    state,
    operator: 'bob@desk',
    startedUnixSeconds: 0,
    actions: 5,
    undoOrder: [4, 3, 2, 1, 0],
    done: [],
    undone: [],
    begun: null,
    digest: '',
  };
}

function stored(id: string, result: StoredRun['result'], nodes: Record<string, string>): StoredRun {
  return { id, kind: 'apply', operator: 'ann@desk', startedAt: '', result, nodes, plan: () => null };
}

test('runs of other operators are told from what the nodes remember, in the order of their ids', () => {
  const runs = historyOf(
    [stored(SECOND, 'halted', { a: 'done', b: 'untouched' })],
    new Map([
      ['a', { lock: null, runs: [remembered(FIRST, 'applied'), remembered(SECOND, 'applied')] }],
      ['c', { lock: null, runs: [remembered(FIRST, 'applied')] }],
    ]),
  );
  expect(runs).toEqual([
    {
      number: 1,
      id: FIRST,
      kind: 'apply',
      operator: 'bob@desk',
      nodes: { a: 'applied', c: 'applied' },
      actions: 10,
      state: 'done',
    },
    {
      number: 2,
      id: SECOND,
      kind: 'apply',
      operator: 'ann@desk',
      nodes: { a: 'applied', b: 'untouched' },
      actions: 5,
      state: 'halted',
    },
  ]);
  expect(startOf(FIRST)).toBe('2026-11-22T12:00:00Z');
});

test.each<[StoredRun['result'], readonly RememberedRun['state'][], string]>([
  ['done', ['applied', 'unfinished'], 'unfinished'],
  ['done', ['rolled-back', 'rolled-back'], 'rolled-back'],
  ['done', ['applied', 'rolled-back'], 'done'],
  [null, ['applied'], 'cut'],
  ['stopped', [], 'stopped'],
])('its journal says %s and the nodes say %j: %s', (result, states, expected) => {
  const memories = states.map(
    (state, index) => [`n${index}`, { lock: null, runs: [remembered(FIRST, state)] }] as const,
  );
  expect(historyOf([stored(FIRST, result, {})], new Map(memories))[0]?.state).toBe(expected);
});

test('what only the nodes know of, and could not be put back, was a resync', () => {
  const asked = { ...remembered(FIRST, 'applied'), actions: 1, undoOrder: [] };
  const runs = [asked, remembered(SECOND, 'applied')];
  expect(historyOf([], new Map([['a', { lock: null, runs }]])).map(({ kind }) => kind)).toEqual([
    'resync',
    'apply',
  ]);
});

test('no runs, no history', () => {
  expect(historyOf([], new Map())).toEqual([]);
});
