import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  instantOf,
  nanosecondsBetween,
  secondsBetween,
  shortOf,
  shortSeconds,
  timestampOf,
} from './timestamp.ts';

const second = 1_000_000_000n;
const year = 365n * 86_400n * second;
const now = 1_795_355_200n * second; // November 2026
const firstEraEnd = 2_085_978_496n * second; // 2036-02-07T06:28:16Z, RFC 5905 figure 4

describe('NTP timestamps', () => {
  it('count from 1900', () => {
    expect(timestampOf(0n)).toBe(0x83aa7e8000000000n);
    expect(timestampOf(second / 2n)).toBe(0x83aa7e8080000000n);
    expect(timestampOf(firstEraEnd)).toBe(0n);
    expect(timestampOf(firstEraEnd - second)).toBe(0xffffffff00000000n);
  });

  it('resolve to the era nearest the reader, from 1986 to 2066', () => {
    for (const years of [-40n, -9n, -1n, 0n, 1n, 9n, 10n, 40n, 67n, -67n]) {
      const instant = now + years * year;
      expect(instantOf(timestampOf(instant), now)).toBe(instant);
    }
  });

  it('a reader 69 years away takes the neighbouring era: the documented limit', () => {
    const instant = now + 69n * year;
    expect(instantOf(timestampOf(instant), now)).not.toBe(instant);
  });

  it('measure across the end of an era, both ways', () => {
    const before = timestampOf(firstEraEnd - 3n * second);
    const after = timestampOf(firstEraEnd + 4n * second);
    expect(nanosecondsBetween(before, after)).toBe(7n * second);
    expect(nanosecondsBetween(after, before)).toBe(-7n * second);
    expect(secondsBetween(before, after)).toBe(7);
  });

  it('keep every nanosecond, in any year of either era', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -5_000_000_000n * second, max: 9_000_000_000n * second }),
        fc.bigInt({ min: -2_147_483_647n * second, max: 2_147_483_647n * second }),
        (instant, apart) => {
          expect(instantOf(timestampOf(instant), instant + apart)).toBe(instant);
        },
      ),
    );
  });
});

describe('the short format', () => {
  it('holds 16 bits of seconds and 16 of fraction, unsigned', () => {
    expect(shortSeconds(0x0001_8000)).toBe(1.5);
    expect(shortSeconds(0xffff_ffff)).toBeCloseTo(65_536, 4);
    expect([shortOf(-1), shortOf(1e9), shortOf(1.5)]).toEqual([0, 0xffff_ffff, 0x0001_8000]);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 0xffff_ffff }),
        (value) => shortOf(shortSeconds(value)) === value,
      ),
    );
  });
});
