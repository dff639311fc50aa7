import { describe, expect, test } from 'vitest';
import { type Estimate, estimate } from '../time/index.ts';
import { clockOf } from './clock.ts';
import { noFacts, type Reading, type SourceKind } from './index.ts';

const second = 1_000_000_000n;
const now = 1_000n * second;

function reading(source: SourceKind, ageSeconds: number, offset: Estimate): Reading {
  const clock = { offset, delaySeconds: null, stampedBy: 'process', samples: 1 } as const;
  const at = now - BigInt(ageSeconds) * second;
  return {
    source,
    target: 'test',
    at,
    tookSeconds: 0,
    result: { ok: true, facts: { ...noFacts, clock } },
  };
}

const own = (age: number, seconds: number): Reading => reading('ssh', age, estimate(seconds, 0.01));
const served = (age: number, seconds: number): Reading => reading('ntp', age, estimate(seconds, 0.001));

describe('answers by NTP that contradict the clock itself', () => {
  test.each([30, -30])('before and after a reading of it are of another time: %d s', (ahead) => {
    const { clock, servedElsewhere } = clockOf([own(20, 0), served(5, ahead), served(35, ahead)], now, 0);
    expect(clock).toMatchObject({ source: 'ssh', value: { offset: { seconds: 0 } } });
    expect(servedElsewhere).toMatchObject({ source: 'ssh', ageSeconds: 20, offset: { seconds: ahead } });
    expect(servedElsewhere?.offset.low).toBeLessThan(ahead);
    expect(servedElsewhere?.offset.high).toBeGreaterThan(ahead);
  });

  test('at the same moment are of another time', () => {
    const { clock, servedElsewhere } = clockOf([own(10, 2), served(11, 0)], now, 0);
    expect(clock?.source).toBe('ssh');
    expect(servedElsewhere?.offset.seconds).toBe(-2);
  });

  test('are remembered as such while the newest of them is older than the newest reading of the clock', () => {
    const { servedElsewhere } = clockOf([own(1, 0), own(61, 0), served(15, 30), served(75, 30)], now, 0);
    expect(servedElsewhere?.ageSeconds).toBe(1);
  });

  test('only after a reading of it may be a step in between: the newer counts', () => {
    const stepped = clockOf([own(20, 0), served(5, 30), served(35, 0)], now, 0);
    expect(stepped.clock).toMatchObject({ source: 'ntp', value: { offset: { seconds: 30 } } });
    expect(stepped.servedElsewhere).toBeNull();
    const read = clockOf([own(1, 30), own(61, 0), served(15, 0), served(75, 0)], now, 0);
    expect(read.clock?.source).toBe('ssh');
    expect(read.servedElsewhere).toBeNull();
  });

  test('are what is left to slew, where that is known', () => {
    const { clock, servedElsewhere } = clockOf([own(20, 2), served(5, 0), served(35, 0)], now, 2);
    expect(clock?.source).toBe('ssh');
    expect(servedElsewhere).toBeNull();
  });

  test('alone are all there is', () => {
    expect(clockOf([served(5, 30)], now, 0)).toMatchObject({
      clock: { source: 'ntp' },
      servedElsewhere: null,
    });
  });
});
