import { expect, test } from 'vitest';
import { parseBatch } from './batch.ts';
import { canonicalJson } from './canonical.ts';
import { newRunId } from './identity.ts';
import { namesOf } from './selection.ts';

test.each([
  ['25%', 0.25],
  ['100%', 1],
  ['1', { nodes: 1 }],
  ['40', { nodes: 40 }],
])('%s', (value, expected) => {
  expect(parseBatch(value)).toEqual(expected);
});

test.each(['0', '0%', '101%', '-1', '2.5', '', 'all', '1e3'])('%j is no batch', (value) => {
  expect(parseBatch(value)).toBe(null);
});

test('a run is called after its beginning', () => {
  expect(newRunId(new Date('2026-11-22T17:25:24.123Z'))).toMatch(/^20261122T172524Z-[0-9a-f]{4}$/);
});

test('names come by commas and by repetition', () => {
  expect(namesOf('c', namesOf('a, b,'))).toEqual(['a', 'b', 'c']);
});

test('what is the same is written the same', () => {
  expect(canonicalJson({ b: [{ d: 1, c: null }], a: 'x' })).toBe('{"a":"x","b":[{"c":null,"d":1}]}');
});
