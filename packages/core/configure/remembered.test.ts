import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toBase64, utf8Bytes, utf8Text } from './base64.ts';
import { parseMemory } from './remembered.ts';

const operator = toBase64(utf8Bytes('运维@laptop'));
const head = `run 20260101T000000Z-0001 ${operator} 1700000000 abc 3 2,1,0`;

function state(...journal: readonly string[]): unknown {
  const {
    id,
    operator: who,
    digest,
    startedUnixSeconds,
    ...rest
  } = parseMemory([head, ...journal].join('\n')).runs[0] ?? {};
  expect([id, who, digest, startedUnixSeconds]).toEqual([
    '20260101T000000Z-0001',
    '运维@laptop',
    'abc',
    1_700_000_000,
  ]);
  return rest;
}
const fresh = { state: 'unfinished', actions: 3, undoOrder: [2, 1, 0], done: [], undone: [], begun: null };

test('a journal says what was done, what was put back, and where it was cut', () => {
  expect(state()).toEqual(fresh);
  expect(state('begin 0')).toEqual({ ...fresh, begun: 0 });
  expect(state('begin 0', 'done 0', 'begin 1', 'failed 1')).toEqual({ ...fresh, done: [0] });
  expect(state('begin 0', 'done 0', 'begin 1', 'done 1', 'undoing 1')).toEqual({
    ...fresh,
    done: [0, 1],
    begun: 1,
  });
  expect(state('begin 0', 'done 0', 'undoing 0', 'undone 0')).toEqual({ ...fresh, undone: [0] });
  expect(state('begin 0', 'done 0', 'undoing 0', 'undone 0', 'begin 0', 'done 0')).toEqual({
    ...fresh,
    done: [0],
  });
  expect(state('begin 0', 'done 0', 'applied')).toEqual({ ...fresh, done: [0], state: 'applied' });
  expect(state('begin 0', 'done 0', 'applied', 'resumed')).toEqual({ ...fresh, done: [0] });
  expect(state('rolled-back')).toEqual({ ...fresh, state: 'rolled-back' });
});

test('a line that was cut, or is none, changes nothing', () => {
  expect(state('begin 0', 'don')).toEqual({ ...fresh, begun: 0 });
  expect(state('begin x', 'begin', '', 'done -1', 'nonsense 3')).toEqual(fresh);
  expect(parseMemory('done 1\napplied\nrun x\nlock a b')).toEqual({ lock: null, runs: [] });
});

test('a lock has a holder, and runs are in order', () => {
  const { lock, runs } = parseMemory(
    `lock ${operator} 20260101T000000Z-0001 1700000001\nrun b - 2 d 0 -\nrun a - 1 d 0 -\n`,
  );
  expect(lock).toEqual({
    operator: '运维@laptop',
    run: '20260101T000000Z-0001',
    sinceUnixSeconds: 1_700_000_001,
  });
  expect(runs.map(({ id }) => id)).toEqual(['a', 'b']);
});

test('text survives as bytes; what is no UTF-8 stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(utf8Text(utf8Bytes(text))).toBe(text);
      expect(utf8Bytes(text)).toBe(Buffer.from(text, 'utf8').toString('latin1'));
    }),
  );
  expect(utf8Bytes('\ud800')).toBe('\u00ef\u00bf\u00bd');
  expect(utf8Text('\u00ff')).toBe('\u00ff');
});
