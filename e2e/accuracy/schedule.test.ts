import { expect, test } from 'vitest';
import { schedule } from './measure.ts';

test('every node has every error once, and most nodes are right at any time', () => {
  const rounds = schedule(7, 20);
  const pairs = rounds.flat().map(({ node, error }) => `${node}/${error}`);
  expect(new Set(pairs).size).toBe(140);
  expect(pairs).toHaveLength(140);
  for (const round of rounds) {
    expect(new Set(round.map(({ node }) => node)).size).toBe(round.length);
    expect(round.length).toBeLessThanOrEqual(3);
  }
});
