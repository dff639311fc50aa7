import { describe, expect, it } from 'vitest';
import { clockText, momentText, offsetsWithin, utcOffsetSeconds, utcOffsetText } from './time-text.ts';

const at = Date.parse('2026-03-01T16:30:05Z');

describe('times in two zones', () => {
  it('tells the time of day in the zone', () => {
    expect(clockText(at, 'Asia/Shanghai')).toBe('00:30:05');
    expect(clockText(at, 'UTC')).toBe('16:30:05');
  });

  it('adds the date where it is not today in that zone', () => {
    expect(momentText(at, 'UTC', at + 3_600_000)).toBe('16:30:05');
    expect(momentText(at, 'UTC', at + 86_400_000)).toBe('2026-03-01 16:30:05');
    expect(momentText(at, 'Asia/Shanghai', at - 3_600_000)).toBe('2026-03-02 00:30:05');
  });

  it('writes offsets from UTC with hours and minutes', () => {
    expect([28_800, -12_600, 0].map(utcOffsetText)).toEqual(['UTC+08:00', 'UTC−03:30', 'UTC+00:00']);
  });

  it('knows how far a zone is from UTC at a moment', () => {
    expect(utcOffsetSeconds(at, 'Asia/Shanghai')).toBe(28_800);
    expect(utcOffsetSeconds(at + 999, 'America/St_Johns')).toBe(-12_600);
    expect(utcOffsetSeconds(at, 'Europe/London')).toBe(0);
    expect(utcOffsetSeconds(Date.parse('2026-07-01T12:00:00Z'), 'Europe/London')).toBe(3_600);
    expect(utcOffsetSeconds(-1, 'UTC')).toBe(0);
  });

  it('finds every offset of a range in which the clocks are set', () => {
    const month = 30 * 86_400_000;
    expect(offsetsWithin(at, at + month, 'Asia/Shanghai')).toEqual([28_800]);
    expect(offsetsWithin(at, at + month, 'Europe/Berlin')).toEqual([3_600, 7_200]);
    // Morocco leaves UTC+01:00 for the month of Ramadan: both ends of the range have the same offset.
    const ramadan = Date.parse('2026-02-14T00:00:00Z');
    expect(offsetsWithin(ramadan, ramadan + 40 * 86_400_000, 'Africa/Casablanca')).toEqual([3_600, 0]);
  });
});
