import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatUtc,
  labelled,
  outputLines,
  parseCount,
  parseNumber,
  parseSeconds,
  parseUtcDate,
} from './index.ts';

describe('lines', () => {
  it('lose line ends, colours and marks, and keep their indentation', () => {
    expect(outputLines('\ufeff  a: 1\r\n\u001b[1;32mb\u001b[0m \rc')).toEqual(['  a: 1', 'b', 'c']);
    expect(outputLines('a\tb\u0007\u202e\u009bc')).toEqual(['a b   c']);
    expect(labelled('  RTC time: Sat 03:51:52')).toEqual({ label: 'RTC time', value: 'Sat 03:51:52' });
    expect(labelled(': x')).toBeNull();
  });
});

describe('quantities', () => {
  it('have the units of chronyc and of systemd', () => {
    const seconds = [
      '+4085ns',
      '-25us',
      '15ms',
      '44m',
      '2y',
      '34min 8s',
      '1.622ms',
      '0',
      '55',
      '-1h',
      '1month',
    ];
    const read = seconds.map(parseSeconds);
    expect(read.map((one) => Number(one?.toPrecision(12)))).toEqual([
      4.085e-6, -25e-6, 0.015, 2640, 63_072_000, 2048, 0.001622, 0, 55, -3600, 2_629_800,
    ]);
  });

  it('are null for everything else, never 0', () => {
    for (const word of [
      '',
      '-',
      'n/a',
      'NaN',
      '1e999',
      '--1',
      '5 apples',
      '5constructor',
      '1.2.3',
      '１２',
      '5s5',
    ]) {
      expect(parseSeconds(word)).toBeNull();
    }
    expect(parseNumber('0x10')).toBeNull();
    expect(Object.is(parseNumber('-0'), 0)).toBe(true);
    expect(parseCount('-1')).toBeNull();
  });
});

describe('dates', () => {
  it('are those of the calendar', () => {
    expect(parseUtcDate('Fri Jan 27 09:49:17 2017')).toBe(1485510557);
    expect(parseUtcDate('Thu Jan 01 00:00:00 1970')).toBe(0);
    expect(parseUtcDate('Thu Feb  7 06:28:16 2036')).toBe(2_085_978_496);
    expect(parseUtcDate('yesterday')).toBeNull();
  });

  it('go there and back', () => {
    expect(formatUtc(2_085_978_496.9)).toBe('2036-02-07 06:28:16 UTC');
    fc.assert(
      fc.property(fc.integer({ min: -62_000_000_000, max: 250_000_000_000 }), (seconds) => {
        expect(formatUtc(seconds)).toBe(
          new Date(seconds * 1000).toISOString().replace('T', ' ').replace('.000Z', ' UTC'),
        );
      }),
    );
  });
});
