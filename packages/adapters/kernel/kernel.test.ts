import { clockStep } from '@clockwarden/core/kernel';
import { describe, expect, test } from 'vitest';
import { readStepClock, readTimex } from './index.ts';

// adjtimex is Linux's own; CI is Linux, so that it runs there.
describe.runIf(process.platform === 'linux')('this machine', () => {
  test('tells the state of its clock', () => {
    const timex = readTimex();
    expect(timex?.maxErrorSeconds).toBeGreaterThanOrEqual(0);
    expect(timex?.maxErrorSeconds).toBeLessThanOrEqual(16);
    expect(Math.abs(timex?.frequencyPpm ?? Number.NaN)).toBeLessThanOrEqual(500);
    expect(Math.abs(timex?.offsetSeconds ?? Number.NaN)).toBeLessThanOrEqual(0.5);
  });

  test('asking changes nothing', () => {
    const [first, second] = [readTimex(), readTimex()];
    expect(second).toMatchObject({ status: first?.status, frequencyPpm: first?.frequencyPpm });
  });

  test('its clock was not stepped between two looks', () => {
    const before = readStepClock('now');
    const after = readStepClock('now');
    expect(before?.boundSeconds).toBeLessThan(1e-3);
    expect(before && after && clockStep(before, after)).toBeNull();
  });
});
