import type { NodeHistory } from '@clockwarden/api/console';
import { describe, expect, it } from 'vitest';
import { bitsOfReach } from '../../values/reach.ts';
import { extentOf, historyColumns } from './columns.ts';
import { boundsOf, parseHistoryRange, withHistoryRange } from './range.ts';

const historyOf = (at: number[], part: Partial<NodeHistory> = {}): NodeHistory => {
  const values = at.map((_, index) => index / 1_000);
  return {
    node: 'n',
    from: 0,
    to: 100,
    resolutionSeconds: 0,
    at,
    mean: values,
    min: values,
    max: values,
    low: values.map((value) => value - 0.01),
    high: values.map((value) => value + 0.01),
    frequencyPpm: values.map(() => 1.5),
    reach: values.map(() => 0o377),
    verdict: values.map(() => 'ok'),
    steps: [],
    ...part,
  };
};

describe('history as columns', () => {
  it('breaks the line where readings are missing, and nowhere else', () => {
    const columns = historyColumns(historyOf([0, 10, 20, 30, 90, 100]));
    expect(columns.at).toEqual([0, 10, 20, 30, 60, 90, 100]);
    expect(columns.mean[4]).toBeNull();
    expect(columns.mean.filter((value) => value === null)).toHaveLength(1);
  });

  it('takes the step of a rollup for no gap', () => {
    expect(historyColumns(historyOf([0, 900, 1_800], { resolutionSeconds: 900 })).at).toHaveLength(3);
  });

  it('counts the answered polls and leaves the unknown unknown', () => {
    expect(historyColumns(historyOf([0, 1, 2], { reach: [0o377, 0o357, null] })).answered).toEqual([
      8,
      7,
      null,
    ]);
  });

  it('shows the newest poll last', () => {
    expect(bitsOfReach(0b00000001)).toEqual([false, false, false, false, false, false, false, true]);
  });

  it('has no extent without a measurement', () => {
    expect(extentOf(historyColumns(historyOf([])))).toBeNull();
    const extent = extentOf(historyColumns(historyOf([0, 1])));
    expect(extent?.low).toBeLessThan(-0.01);
    expect(extent?.high).toBeGreaterThan(0.011);
  });
});

describe('the range in the URL', () => {
  it('is an hour by default, and says nothing of it', () => {
    expect(parseHistoryRange(new URLSearchParams())).toEqual({ kind: 'span', span: '1h' });
    const next = withHistoryRange(new URLSearchParams('range=7d&x=1'), { kind: 'span', span: '1h' });
    expect(next.toString()).toBe('x=1');
  });

  it('keeps a part that was zoomed into', () => {
    const params = withHistoryRange(new URLSearchParams('range=7d'), {
      kind: 'fixed',
      from: 100.4,
      to: 200.2,
    });
    expect(parseHistoryRange(params)).toEqual({ kind: 'fixed', from: 100, to: 201 });
  });

  it('refuses a range that is none', () => {
    expect(parseHistoryRange(new URLSearchParams('from=9&to=3&range=24h'))).toEqual({
      kind: 'span',
      span: '24h',
    });
    expect(boundsOf({ kind: 'span', span: '24h' }, 100_000)).toEqual({ from: 13_600, to: 100_000 });
  });
});
