import { expect, test } from 'vitest';
import { estimate } from '../time/index.ts';
import { formatAge, formatDuration, formatOffset, formatPpm, formatSeconds } from './index.ts';

test.each([
  [0.0032, 0.0004, '+3.20 ± 0.40 ms'],
  [-0.0032, 0.0004, '−3.20 ± 0.40 ms'],
  [0.0000123, 0.0000021, '+12.3 ± 2.1 µs'],
  [90, 0.5, '+90.00 ± 0.50 s'],
  [660, 0.5, '+11.0000 ± 0.0084 min'],
  [0, 0.5e-6, '0.00 ± 0.50 µs'],
  [0, 0, '0.00 ± 0.00 µs'],
  [0.05, 31, '0 ± 31 s'],
  [2e-6, 3e-3, '0.0 ± 3.0 ms'],
  [-1262304000, 0.01, '−14610.0 ± 0.1 d'],
])('%d ± %d s reads %s', (seconds, bound, expected) => {
  expect(formatOffset(estimate(seconds, bound))).toBe(expected);
});

test.each([
  [0, '0 µs'],
  [0.0032, '3.2 ms'],
  [0.9999, '1 s'],
  [59.97, '60 s'],
  [120, '120 s'],
  [5400, '90 min'],
  [32_040, '8.9 h'],
  [200, '200 s'],
])('%d s is %s long', (seconds, expected) => {
  expect(formatDuration(seconds)).toBe(expected);
});

test('signs are words of their own', () => {
  expect(formatSeconds(-0.25, { signed: true })).toBe('−250 ms');
  expect(formatSeconds(0.25, { signed: true })).toBe('+250 ms');
  expect(formatPpm(-11.25)).toBe('−11.250 ppm');
  expect(formatPpm(0)).toBe('0.000 ppm');
});

test('ages are whole', () => {
  expect([0.2, 2.9, 61, 7300, 200000].map(formatAge)).toEqual(['<1 s', '2 s', '1 min', '2 h', '2 d']);
});
