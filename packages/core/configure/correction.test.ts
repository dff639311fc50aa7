import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { estimate } from '../time/index.ts';
import { type Corrector, correctionOf, type FollowedOffset } from './correction.ts';

const chronyd: Corrector = {
  daemon: 'chronyd',
  makestep: { thresholdSeconds: 1, limit: 3 },
  corrections: 0,
};
const timesyncd: Corrector = { ...chronyd, daemon: 'systemd-timesyncd' };
const off = (seconds: number, bound = 0.005): FollowedOffset => ({
  known: true,
  offset: estimate(seconds, bound),
});

describe('chronyd', () => {
  test('steps beyond its threshold after a start, backwards where the clock is ahead', () => {
    expect(correctionOf(off(90), chronyd)).toEqual({ kind: 'step', seconds: 90, backwards: true });
    expect(correctionOf(off(-259_200), chronyd)).toEqual({
      kind: 'step',
      seconds: -259_200,
      backwards: false,
    });
  });

  test('slews below the threshold, and everything once its steps are spent, by 83,333 ppm', () => {
    expect(correctionOf(off(-0.5), chronyd)).toMatchObject({ kind: 'slew', seconds: -0.5 });
    const spent = correctionOf(off(100), { ...chronyd, corrections: 3 });
    expect(spent).toMatchObject({ kind: 'slew', seconds: 100 });
    expect(spent.kind === 'slew' && spent.durationSeconds).toBeCloseTo(1_200, 0);
  });

  test('steps for ever with a limit of −1 and never with 0', () => {
    const makestep = (limit: number) => ({ thresholdSeconds: 1, limit });
    expect(correctionOf(off(5), { ...chronyd, makestep: makestep(-1), corrections: 99 }).kind).toBe('step');
    expect(correctionOf(off(5), { ...chronyd, makestep: makestep(0) }).kind).toBe('slew');
  });
});

test('timesyncd steps from 0.4 s on, whenever it is', () => {
  expect(correctionOf(off(0.5), { ...timesyncd, corrections: 1_000 }).kind).toBe('step');
  expect(correctionOf(off(-0.39), timesyncd)).toMatchObject({ kind: 'slew', seconds: -0.39 });
});

test('nothing is corrected that cannot be told from nothing', () => {
  expect(correctionOf(off(0.004, 0.005), chronyd)).toEqual({ kind: 'none' });
  expect(correctionOf(off(-0.0005, 0.00001), timesyncd)).toEqual({ kind: 'none' });
});

test('an offset whose bound reaches over the threshold is neither slew nor step', () => {
  for (const seconds of [0.9, -0.9, 1.2, 0]) {
    expect(correctionOf(off(seconds, 2), chronyd)).toMatchObject({ kind: 'unknown', code: 'too-wide' });
  }
});

test('what is not known stays so, with its reason', () => {
  const why = { en: 'a and b contradict each other.', 'zh-CN': 'a 与 b 互相矛盾。' };
  const unknown = { known: false, code: 'sources-disagree', why } as const;
  expect(correctionOf(unknown, chronyd)).toEqual({ kind: 'unknown', code: 'sources-disagree', why });
});

test('a step is only ever foretold where every value of the interval is beyond the threshold', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 0, max: 1e4, noNaN: true }),
      fc.constantFrom(chronyd, timesyncd),
      (seconds, bound, corrector) => {
        const { kind } = correctionOf(off(seconds, bound), corrector);
        const limit = corrector.daemon === 'chronyd' ? 1 : 0.4;
        expect(kind === 'step').toBe(Math.abs(seconds) - bound > limit);
      },
    ),
  );
});
