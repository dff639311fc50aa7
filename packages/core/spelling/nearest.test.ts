import { expect, it } from 'vitest';
import { nearest } from './index.ts';

it.each([
  ['nmae', 'name'],
  ['adress', 'address'],
  ['nodeExporter', 'node-exporter'],
  ['node_exporter', 'node-exporter'],
  ['control-plan', 'control-plane'],
  ['ibrust', 'iburst'],
  ['xyzzy', null],
  ['', null],
  ['x'.repeat(5_000), null],
])('%s', (word, right) => {
  const candidates = ['name', 'address', 'node-exporter', 'control-plane', 'worker', 'iburst', 'burst'];
  expect(nearest(word, candidates)).toBe(right);
});
