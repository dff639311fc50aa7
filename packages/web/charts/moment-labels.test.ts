import { describe, expect, it } from 'vitest';
import { momentLabels } from './moment-labels.ts';

const hour = 3_600;
const at = Date.parse('2026-03-01T16:00:00Z') / 1_000;

describe('labels of an axis of time', () => {
  it('write the date where it changes, each zone its own', () => {
    const ticks = [at - 2 * hour, at - hour, at, at + hour];
    expect(momentLabels(ticks, 'Asia/Shanghai')).toEqual(['03-01 22:00', '23:00', '03-02', '01:00']);
    expect(momentLabels(ticks, 'UTC')).toEqual(['03-01 14:00', '15:00', '16:00', '17:00']);
  });

  it('are dates where every tick is a midnight, and both in another zone', () => {
    const ticks = [at, at + 24 * hour];
    expect(momentLabels(ticks, 'Asia/Shanghai')).toEqual(['03-02', '03-03']);
    expect(momentLabels(ticks, 'UTC')).toEqual(['03-01 16:00', '03-02 16:00']);
  });

  it('have seconds only where ticks are closer than a minute', () => {
    expect(momentLabels([at + 30, at + 60], 'UTC')).toEqual(['03-01 16:00:30', '16:01:00']);
    expect(momentLabels([], 'UTC')).toEqual([]);
  });
});
