/** Captured output of real daemons, framed as a node's script frames it. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { factsOfReport, type Report } from './index.ts';

const capture = (path: string): string =>
  readFileSync(new URL(`../../../fixtures/${path}`, import.meta.url), 'utf8');
const reportOf = (sections: Readonly<Record<string, string>>): Report =>
  new Map(Object.entries(sections).map(([name, output]) => [name, { output, status: 0 }]));
const factsOf = (sections: Readonly<Record<string, string>>) => factsOfReport(reportOf(sections), null, null);

describe('chrony', () => {
  const situation = (name: string) => ({
    'chronyc -c -n tracking': capture(`chrony-4.3/${name}/tracking-c.txt`),
    'chronyc -c -n sources': capture(`chrony-4.3/${name}/sources-c.txt`),
    'chronyc -c -N sources': capture(`chrony-4.3/${name}/sources-N.txt`),
    'chronyc -c -n sourcestats': capture(`chrony-4.3/${name}/sourcestats-c.txt`),
    'chronyc -c activity': capture(`chrony-4.3/${name}/activity-c.txt`),
  });

  test('sources have the names that chronyd was given, and their addresses', () => {
    const { chrony, sync, raw } = factsOf(situation('mixed'));
    const byName = (name: string) => chrony?.sources?.find((source) => source.name === name);
    expect(byName('localhost')).toMatchObject({ address: '127.0.0.1', state: 'combined', reach: 255 });
    expect(byName('10.9.0.14')).toMatchObject({ state: 'falseticker' });
    expect(chrony?.sourceStats?.map(({ name }) => name)).toContain('localhost');
    expect(chrony?.activity).toMatchObject({ online: 6, unresolved: 1 });
    expect(sync).toMatchObject({ synchronized: true, daemon: 'chronyd', source: 'FAKE' });
    expect(Object.keys(raw ?? {})).toContain('chronyc -c -n tracking');
  });

  test.each(['ahead', 'behind'])('a clock that is %s has that sign', (name) => {
    const { sync } = factsOf(situation(name));
    const offset = sync?.referenceOffset?.seconds ?? Number.NaN;
    expect(Math.sign(offset)).toBe(name === 'ahead' ? 1 : -1);
  });

  test('no sources are an empty list, no answer is none', () => {
    const { chrony, sync } = factsOf(situation('no-sources'));
    expect([chrony?.sources, chrony?.sourceStats]).toEqual([[], []]);
    expect(sync?.synchronized).toBe(false);
    expect(factsOf({ 'chronyc -c -n tracking': '506 Cannot talk to daemon\n' })).toMatchObject({
      chrony: null,
      sync: null,
    });
  });

  test('names of a list that changed meanwhile are not taken', () => {
    const names = capture('chrony-4.3/mixed/sources-N.txt').split('\n').slice(0, -2).join('\n');
    const { chrony } = factsOf({ ...situation('mixed'), 'chronyc -c -N sources': names });
    expect(chrony?.sources?.map(({ name }) => name)).toContain('127.0.0.1');
  });
});

describe('timesyncd', () => {
  test.each([
    ['server-ahead', -1],
    ['server-behind', 1],
  ])('%s: the offset of one command and the root values of the other', (name, sign) => {
    const { timesync, sync, timedatectl } = factsOf({
      timedatectl: capture(`systemd-252/${name}/timedatectl.txt`),
      'timedatectl show-timesync': capture(`systemd-252/${name}/timedatectl-show-timesync.txt`),
      'timedatectl timesync-status': capture(`systemd-252/${name}/timedatectl-timesync-status.txt`),
    });
    expect(Math.sign(timesync?.offsetSeconds ?? 0)).toBe(sign);
    expect(timesync?.rootDelaySeconds).toBeGreaterThan(0);
    expect(sync).toMatchObject({ synchronized: true, daemon: 'systemd-timesyncd' });
    expect(timedatectl?.timezone).not.toBeNull();
  });

  test('timedatectl of old systemd is read as well', () => {
    expect(factsOf({ timedatectl: capture('systemd-219/timedatectl.txt') }).timedatectl).toMatchObject({
      systemClockSynchronized: true,
      ntpService: 'active',
      timezone: 'Asia/Hong_Kong',
    });
  });
});

describe('ntpd', () => {
  const following = `associd=0 status=0615 leap_none, sync_ntp, 1 event, clock_sync,
version="ntpd 4.2.8p15@1.3728-o Wed Sep 23 11:46:38 UTC 2020 (1)", processor="x86_64",
leap=00, stratum=3, precision=-24, rootdelay=20.000, rootdisp=15.000,
refid=10.83.0.11, reftime=e1, offset=-1.5, frequency=-3.2, sys_jitter=0.1
`;

  test.each([
    [following, 1.5e-3],
    [following.replace('offset=-1.5', 'offset=1.5'), -1.5e-3],
  ])('tells its state, its offset with our sign', (variables, offset) => {
    const { sync } = factsOf({
      'ntpq -n -c rv 0': variables,
      'ntpq -pn': capture('ntpsec-1.2.2/ntpq-pn.txt'),
    });
    expect(sync).toMatchObject({
      synchronized: true,
      daemon: 'ntpd',
      stratum: 3,
      source: '10.83.0.11',
      leap: 'normal',
      refId: '10.83.0.11',
    });
    expect(sync?.rootDistanceSeconds).toBeCloseTo(0.025, 9);
    expect(sync?.referenceOffset?.seconds).toBeCloseTo(offset, 9);
  });

  test('unsynchronised it claims nothing', () => {
    expect(factsOf({ 'ntpq -n -c rv 0': capture('ntpsec-1.2.2/ntpq-rv.txt') }).sync).toMatchObject({
      synchronized: false,
      daemon: 'ntpsec',
      stratum: null,
      rootDistanceSeconds: null,
      referenceOffset: null,
    });
    expect(factsOf({ 'ntpq -n -c rv 0': 'ntpq: read: Connection refused\n' }).sync).toBeNull();
  });
});
