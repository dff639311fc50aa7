import { describe, expect, it } from 'vitest';
import { momentLabels } from '../charts/moment-labels.ts';
import { clockText, momentText, utcOffsetText } from './time-text.ts';

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

  it('writes the date under a tick only where it changes', () => {
    const seconds = at / 1_000;
    expect(momentLabels([seconds - 30_000, seconds, seconds + 30_000], 'UTC')).toEqual([
      '08:10\n03-01',
      '16:30',
      '00:50\n03-02',
    ]);
  });
});
