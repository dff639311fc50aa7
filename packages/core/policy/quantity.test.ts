import { describe, expect, it } from 'vitest';
import { parseDuration, parseSize } from './index.ts';

describe('a length of time', () => {
  it.each([
    ['500ms', 0.5],
    ['30s', 30],
    ['2m', 120],
    ['2min', 120],
    ['1h', 3600],
    ['1h30m', 5400],
    ['1.5s', 1.5],
    ['100us', 1e-4],
    ['100µs', 1e-4],
    ['100μs', 1e-4],
    ['7d', 604_800],
    ['15', 15],
    [' 30s ', 30],
  ])('reads %s', (written, seconds) => expect(parseDuration(written)).toBeCloseTo(seconds, 12));

  it('takes a bare number as seconds', () => expect(parseDuration(0.05)).toBe(0.05));

  it.each(['', 's', '-5s', '5x', '5 s', '1e3', '5S', 'NaN', '1s-', `${'1s'.repeat(100)}`])(
    'refuses %j',
    (written) => expect(parseDuration(written)).toBeNull(),
  );

  it('refuses what is no number of seconds', () => {
    expect(parseDuration(-1)).toBeNull();
    expect(parseDuration(Number.POSITIVE_INFINITY)).toBeNull();
    expect(parseDuration(Number.NaN)).toBeNull();
  });
});

describe('a size', () => {
  it.each([
    ['2GiB', 2 ** 31],
    ['500 MB', 5e8],
    ['1.5KiB', 1536],
    ['1024', 1024],
  ])('reads %s', (written, bytes) => expect(parseSize(written)).toBe(bytes));

  it.each(['', '2G', '2gib', '-1B', 'much'])('refuses %j', (written) =>
    expect(parseSize(written)).toBeNull(),
  );
});
