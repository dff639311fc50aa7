import { expect, test } from 'vitest';
import { pauseAfter } from './pace.ts';

test.each([
  [0, 200],
  [12, 200],
  [20, 320],
  [100, 400],
  [1_000, 1_500],
])('after a judgement that cost %d ms the next comes %d ms later', (cost, pause) => {
  expect(pauseAfter(cost)).toBe(pause);
});
