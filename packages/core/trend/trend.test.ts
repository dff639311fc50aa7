import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DaemonState, mergeReadings, noFacts, type SyncState } from '../observe/index.ts';
import { estimate } from '../time/index.ts';
import { isFreeRunning, type OffsetSample, project } from './index.ts';

const T0 = 1_800_000_000;

function line(
  ppm: number,
  start: number,
  bound: number,
  count = 60,
  every = 60,
  error = () => 0,
): OffsetSample[] {
  return Array.from({ length: count }, (_, index) => ({
    at: T0 + index * every,
    offset: estimate(start + ppm * 1e-6 * index * every + error() * bound, bound),
  }));
}

describe('a projection', () => {
  test('of an exact line is exact', () => {
    const projection = project(line(11.4, 0.01, 0), [0.2, 30]);
    expect(projection?.frequencyPpm).toBeCloseTo(11.4, 6);
    expect(projection?.frequencyBoundPpm).toBeLessThan(1e-6);
    const end = T0 + 59 * 60;
    const at = 0.01 + 11.4e-6 * 59 * 60;
    expect(projection?.crossings[0]?.earliestAt).toBeCloseTo(end + (0.2 - at) / 11.4e-6, 0);
    expect(projection?.crossings[0]?.latestAt).toBeCloseTo(end + (0.2 - at) / 11.4e-6, 0);
    expect(projection?.crossings[1]?.earliestAt).toBeCloseTo(end + (30 - at) / 11.4e-6, 0);
  });

  test('of a clock that loses crosses below', () => {
    const projection = project(line(-20, 0.1, 0.0001), [0.2]);
    expect(projection?.frequencyPpm).toBeCloseTo(-20, 1);
    const [crossing] = projection?.crossings ?? [];
    const truth = T0 + (0.1 + 0.2) / 20e-6;
    expect(crossing?.earliestAt).toBeLessThan(truth);
    expect(crossing?.latestAt).toBeGreaterThan(truth);
  });

  test('says nothing where nothing can be told', () => {
    expect(project([], [1])).toBeNull();
    expect(project(line(10, 0, 0.001, 5), [1])).toBeNull();
    expect(project(line(10, 0, 0.001, 60, 1), [1])).toBeNull();
  });

  test('does not promise a crossing that may never come', () => {
    const [crossing] = project(line(0.001, 0, 0.001), [0.2])?.crossings ?? [];
    expect(crossing?.earliestAt).not.toBeNull();
    expect(crossing?.latestAt).toBeNull();
    const [never] = project(line(0, 0, 0), [0.2])?.crossings ?? [];
    expect(never).toEqual({ limitSeconds: 0.2, earliestAt: null, latestAt: null });
  });

  test('leaves out limits that are surely behind, and begins now with those that may be', () => {
    const projection = project(line(10, 0.3, 0.001), [0.2, 0.3355, 0.5]);
    expect(projection?.crossings.map((crossing) => crossing.limitSeconds)).toEqual([0.3355, 0.5]);
    expect(projection?.crossings[0]?.earliestAt).toBe(T0 + 59 * 60);
  });

  test('of a wandering oscillator admits the range of its wander', () => {
    const bent = [
      ...line(5, 0, 1e-6, 60),
      ...line(15, 5e-6 * 3_600, 1e-6, 60).map((s) => ({ ...s, at: s.at + 3_600 })),
    ];
    const projection = project(bent, [1]);
    expect(projection?.frequencyPpm).toBeGreaterThan(5);
    expect(projection?.frequencyPpm).toBeLessThan(15);
    expect(projection?.frequencyBoundPpm).toBeGreaterThan(1);
  });

  test('holds the truth whatever the errors within the bounds', () => {
    const ppm = fc.double({ min: -200, max: 200, noNaN: true });
    const errors = fc.infiniteStream(fc.double({ min: -1, max: 1, noNaN: true }));
    fc.assert(
      fc.property(ppm, fc.double({ min: 1e-6, max: 0.01, noNaN: true }), errors, (truth, bound, error) => {
        const samples = line(truth, 0, bound, 100, 60, () => error.next().value ?? 0);
        const projection = project(samples, [1]);
        expect(projection).not.toBeNull();
        if (projection === null) return;
        expect(Math.abs(projection.frequencyPpm - truth)).toBeLessThanOrEqual(
          projection.frequencyBoundPpm + 1e-6,
        );
        const crossesAt = T0 + 1 / (Math.abs(truth) * 1e-6);
        const [crossing] = projection.crossings;
        if (crossing === undefined || crossesAt > T0 + 3e8) return;
        if (crossing.earliestAt !== null) expect(crossing.earliestAt).toBeLessThanOrEqual(crossesAt + 1);
        if (crossing.latestAt !== null) expect(crossing.latestAt).toBeGreaterThanOrEqual(crossesAt - 1);
      }),
    );
  });
});

describe('a clock runs free', () => {
  const sync = (changes: Partial<SyncState>): SyncState => ({
    synchronized: true,
    daemon: 'chronyd',
    stratum: 3,
    source: 'a',
    refId: '0A000001',
    leap: 'normal',
    rootDelaySeconds: null,
    rootDispersionSeconds: null,
    rootDistanceSeconds: null,
    referenceOffset: null,
    ...changes,
  });
  const daemon = (kind: DaemonState['kind'], running: boolean): DaemonState => ({
    kind,
    unit: null,
    running,
    enabled: null,
  });
  const observed = (facts: Partial<typeof noFacts>) =>
    mergeReadings(
      { name: 'a', address: 'a', roles: [], ssh: {}, origin: 'test' },
      [
        {
          source: 'ssh',
          target: 'a',
          at: 0n,
          tookSeconds: 0,
          result: { ok: true, facts: { ...noFacts, ...facts } },
        },
      ],
      0n,
      () => 60,
    );

  test('when its daemon says so, when it follows itself, or when there is no daemon', () => {
    expect(isFreeRunning(observed({ sync: sync({ synchronized: false }) }))).toBe(true);
    expect(isFreeRunning(observed({ sync: sync({ refId: '7F7F0101' }) }))).toBe(true);
    expect(isFreeRunning(observed({ daemons: [] }))).toBe(true);
    expect(isFreeRunning(observed({ daemons: [daemon('chronyd', false), daemon('vm-tools', true)] }))).toBe(
      true,
    );
  });

  test('but not when it follows somebody, nor when nothing is known', () => {
    expect(isFreeRunning(observed({ sync: sync({}) }))).toBe(false);
    expect(isFreeRunning(observed({ sync: sync({ synchronized: null }) }))).toBe(false);
    expect(isFreeRunning(observed({ daemons: [daemon('chronyd', true)] }))).toBe(false);
    expect(isFreeRunning(observed({}))).toBe(false);
  });
});
