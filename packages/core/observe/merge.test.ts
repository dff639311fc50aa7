import { describe, expect, test } from 'vitest';
import type { NodeSpec } from '../inventory/index.ts';
import { contains, type Estimate, estimate } from '../time/index.ts';
import {
  mergeReadings,
  type NodeFacts,
  noFacts,
  type Reading,
  type SourceKind,
  type SyncState,
} from './index.ts';

const node: NodeSpec = { name: 'n1', address: '10.0.0.1', roles: [], ssh: {}, origin: 'test' };
const second = 1_000_000_000n;
const now = 1_000n * second;

function reading(
  source: SourceKind,
  ageSeconds: number,
  offset: Estimate | null,
  facts: Partial<NodeFacts> = {},
): Reading {
  const clock =
    offset === null ? null : { offset, delaySeconds: null, stampedBy: 'process' as const, samples: 1 };
  const at = now - BigInt(ageSeconds) * second;
  return {
    source,
    target: 'test',
    at,
    tookSeconds: 0,
    result: { ok: true, facts: { ...noFacts, ...facts, clock } },
  };
}

const clockOf = (...readings: readonly Reading[]) =>
  mergeReadings(node, readings, now, () => 300).facts.clock;

/** What chronyd tells over its command port while the system clock is `ahead` of its estimate of true time. */
const slewing = (ahead: number): Reading =>
  reading('chrony', 0, null, {
    sync: {
      synchronized: true,
      daemon: 'chronyd',
      stratum: 3,
      source: '10.0.0.9',
      refId: '0A000009',
      leap: 'normal',
      rootDelaySeconds: 0.001,
      rootDispersionSeconds: 0.001,
      rootDistanceSeconds: 0.0015,
      referenceOffset: estimate(ahead, 0.0015),
    },
  });

describe('the clock of several readings', () => {
  test('is the tightest one, whose bound grew with its age', () => {
    const clock = clockOf(
      reading('ssh', 20, estimate(0.1, 0.005)),
      reading('node-exporter', 0, estimate(0.1, 0.05)),
    );
    expect(clock).toMatchObject({ source: 'ssh', ageSeconds: 20 });
    expect(clock?.value.offset.high).toBeCloseTo(0.106, 9);
  });

  test('is never one from before the clock was set, however tight', () => {
    for (const step of [40, -40]) {
      const before = reading('ssh', 30, estimate(0, 0.001));
      const after = reading('node-exporter', 1, estimate(step, 0.05));
      expect(clockOf(before, after)).toMatchObject({ source: 'node-exporter', ageSeconds: 1 });
      const wide = reading('prometheus', 0, estimate(step / 2, 30));
      expect(clockOf(before, after, wide)).toMatchObject({ source: 'node-exporter' });
    }
  });

  test('stale readings take no part', () => {
    expect(clockOf(reading('ntp', 301, estimate(0, 0.001)))).toBeNull();
  });
});

describe('an answer by NTP', () => {
  test.each([2, -2])('of a chronyd that still slews %d s away holds the system clock too', (ahead) => {
    const offset = clockOf(reading('ntp', 0, estimate(0, 0.001)), slewing(ahead))?.value.offset;
    expect(offset && contains(offset, ahead) && contains(offset, 0)).toBe(true);
    expect(offset?.seconds).toBe(ahead);
  });

  test('gives way to a reading of the clock itself', () => {
    const readings = [
      slewing(2),
      reading('ntp', 0, estimate(0, 0.001)),
      reading('ssh', 5, estimate(2, 0.01)),
    ];
    expect(clockOf(...readings)).toMatchObject({ source: 'ssh' });
  });
});

describe('what the daemon says', () => {
  const told = (source: SourceKind, ageSeconds: number, sync: Partial<SyncState>): Reading =>
    reading(source, ageSeconds, null, {
      sync: {
        synchronized: true,
        daemon: 'chronyd',
        stratum: 3,
        source: null,
        refId: null,
        leap: 'normal',
        rootDelaySeconds: null,
        rootDispersionSeconds: null,
        rootDistanceSeconds: null,
        referenceOffset: null,
        ...sync,
      },
    });
  const syncOf = (staleAfterSeconds: number, ...readings: readonly Reading[]) =>
    mergeReadings(node, readings, now, () => staleAfterSeconds).facts.sync;

  test('is the latest word of the same daemon, whoever asked it', () => {
    const lost = told('chrony', 1, { synchronized: false, stratum: null });
    expect(syncOf(300, told('ssh', 50, {}), lost)).toMatchObject({
      source: 'chrony',
      value: { synchronized: false },
    });
    expect(syncOf(300, told('ssh', 1, {}), told('chrony', 50, {}))).toMatchObject({ source: 'ssh' });
  });

  test('is not that of another daemon, nor of a source that sees less, while the nearest is on time', () => {
    const timesyncd = told('ssh', 50, { daemon: 'systemd-timesyncd' });
    expect(syncOf(300, timesyncd, told('chrony', 1, {}))).toMatchObject({ source: 'ssh' });
    expect(syncOf(300, told('ssh', 50, {}), told('prometheus', 1, {}))).toMatchObject({ source: 'ssh' });
  });

  test('gives way when its source is overdue and another is not', () => {
    const timesyncd = told('ssh', 130, { daemon: 'systemd-timesyncd' });
    expect(syncOf(300, timesyncd, told('chrony', 1, {}))).toMatchObject({ source: 'chrony' });
    expect(syncOf(300, timesyncd)).toMatchObject({ source: 'ssh' });
  });
});
