import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  chronyFamilies,
  chronySyncOf,
  collectorFamilies,
  hostOf,
  kernelOf,
  readPage,
  type Series,
} from './index.ts';

const families = Object.values(collectorFamilies).flat();

function series(page: string, names: readonly string[] = families): Series {
  const result = readPage(page, names);
  if (!result.ok) throw new Error(result.line ?? 'no page');
  return result.series;
}

const captured = readFileSync(
  new URL('../../../fixtures/node-exporter-1.5/filtered.txt', import.meta.url),
  'utf8',
);

describe('the kernel', () => {
  test('as captured', () => {
    expect(kernelOf(series(captured))).toEqual({
      unsync: true,
      statusBits: ['UNSYNC'],
      offsetSeconds: 0,
      frequencyPpm: 0,
      maxErrorSeconds: 16,
      estErrorSeconds: 16,
      taiOffsetSeconds: 0,
      clocksource: 'tsc',
    });
  });

  test('the frequency is in ppm with its sign, the offset as the kernel has it', () => {
    const page =
      'node_timex_frequency_adjustment_ratio 1.0000105\nnode_timex_offset_seconds -1.2e-05\nnode_timex_sync_status 1\n';
    expect(kernelOf(series(page))).toMatchObject({
      unsync: false,
      statusBits: null,
      frequencyPpm: expect.closeTo(10.5, 6),
      offsetSeconds: -1.2e-5,
    });
    expect(kernelOf(series(page.replace('1.0000105', '0.9999895')))?.frequencyPpm).toBeCloseTo(-10.5, 6);
  });

  test('TIME_ERROR for another reason is not STA_UNSYNC: the status word decides', () => {
    const page = 'node_timex_status 8193\nnode_timex_sync_status 0\n';
    expect(kernelOf(series(page))).toMatchObject({ unsync: false, statusBits: ['PLL', 'NANO'] });
  });

  test.each([
    'node_timex_offset_seconds 0\n',
    'node_timex_sync_status NaN\n',
    'node_timex_sync_status 0.5\n',
  ])('%j: nothing is known', (page) => {
    expect(kernelOf(series(page))).toBeNull();
  });

  test('missing, ambiguous and infinite values are null, never 0', () => {
    const page =
      'node_timex_maxerror_seconds +Inf\nnode_timex_offset_seconds{a="1"} 0\nnode_timex_offset_seconds{a="2"} 0\nnode_timex_sync_status 1\n';
    expect(kernelOf(series(page))).toMatchObject({
      maxErrorSeconds: null,
      offsetSeconds: null,
      frequencyPpm: null,
    });
  });
});

describe('the host', () => {
  test('as captured', () => {
    expect(hostOf(series(captured))).toMatchObject({
      os: 'debian',
      osName: 'Debian GNU/Linux 12 (bookworm)',
      bootTimeSeconds: 1795353952,
    });
  });

  test('with its kin; and without anything it is null', () => {
    const rocky = 'node_os_info{id="rocky",id_like="rhel centos fedora",pretty_name=""} 1\n';
    expect(hostOf(series(rocky))).toEqual({
      os: 'rocky rhel centos fedora',
      osName: null,
      kernel: null,
      bootTimeSeconds: null,
      chronyVersion: null,
    });
    expect(hostOf(series('node_timex_sync_status 1\n'))).toBeNull();
  });
});

describe('chrony_exporter', () => {
  const page = (stratum: number, correction: number, refId = '0a090012'): string =>
    [
      `chrony_tracking_info{tracking_address="10.9.0.18",tracking_name="ntp1",tracking_refid="${refId}"} 1`,
      'chrony_tracking_root_delay_seconds 0.002',
      'chrony_tracking_root_dispersion_seconds 0.001',
      `chrony_tracking_stratum ${stratum}`,
      `chrony_tracking_system_time_seconds ${correction}`,
      '',
    ].join('\n');
  const sync = (text: string) => chronySyncOf(series(text, chronyFamilies));

  test('a positive correction means that the clock is slow', () => {
    expect(sync(page(3, 0.25))).toMatchObject({
      synchronized: true,
      daemon: 'chronyd',
      stratum: 3,
      source: 'ntp1',
      refId: '0A090012',
      leap: null,
      rootDistanceSeconds: 0.002,
      referenceOffset: { seconds: -0.25, low: -0.252, high: -0.248 },
    });
    expect(sync(page(3, -0.25))?.referenceOffset?.seconds).toBe(0.25);
  });

  test('stratum 0 is unsynchronised, and its root values mean nothing', () => {
    expect(sync(page(0, 0))).toMatchObject({
      synchronized: false,
      stratum: null,
      source: null,
      leap: 'unsynchronized',
      rootDistanceSeconds: null,
      referenceOffset: null,
    });
  });

  test('the free-running local clock bounds nothing', () => {
    expect(sync(page(10, 0, '7f7f0101'))).toMatchObject({
      synchronized: true,
      source: null,
      referenceOffset: null,
    });
  });

  test('without a stratum nothing is known', () => {
    expect(sync('chrony_up 0\n')).toBeNull();
  });
});
