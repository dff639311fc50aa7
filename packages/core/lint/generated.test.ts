/** What Clockwarden itself writes has no finding, for whichever chronyd it was written. */
import { testFacts, testMachine } from '@clockwarden/testkit/configure';
import { testNode, testPolicy } from '@clockwarden/testkit/policy';
import { describe, expect, it } from 'vitest';
import { type ChronyVersion, isNewer, parseChronyVersion } from '../chrony-conf/index.ts';
import { type ConfigureFacts, designCluster, filesOf } from '../configure/index.ts';
import { defaultTimesync, presets, type TimesyncConfig } from '../policy/index.ts';
import { lintText } from './index.ts';

const nodes = ['10.2.0.1', '10.2.0.2', '10.2.0.3', '10.2.0.4', '10.2.0.5'].map((address, index) =>
  testNode(`n${index}`, { address, roles: index < 3 ? ['control-plane'] : ['worker'] }),
);

const policy = testPolicy({ nodes });

const timesync: TimesyncConfig = {
  ...defaultTimesync,
  mode: 'chrony',
  upstreams: ['a.example', 'b.example', 'c.example'],
  allow: ['10.2.0.0/16'],
};

const ptp = { interfaces: ['eth0'], domain: 0, transport: 'UDPv4' } as const;

/** Null: nothing is known of the node, as for `render`. */
const versions = [null, '1.31', '2.2', '2.4', '3.4', '4.0', '4.3', '4.6.1', '4.9'];

function factsWith(version: string | null): ConfigureFacts | null {
  if (version === null) return null;
  return testFacts({
    packages: { chrony: { installed: `${version}-1`, candidate: null } },
    machine: testMachine({ hardwareClocks: { eth0: '/dev/ptp1' } }),
  });
}

/** Every finding in every file of the cluster: once as whoever knows the version sees it, once as who does not. */
function findings(wanted: TimesyncConfig, installed: string | null): readonly string[] {
  const { nodes: designs, problems } = designCluster(policy, wanted);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  const version = installed === null ? [4, 0] : parseChronyVersion(installed);
  const files = designs.flatMap((design) =>
    (['debian', 'rhel'] as const).flatMap((family) => filesOf(design, wanted, family, factsWith(installed))),
  );
  const linted = files.filter(({ path }) => /timesyncd|chrony\.conf$/.test(path));
  expect(linted.length).toBeGreaterThan(0);
  return linted.flatMap(({ path, content }) => {
    const subject = path.includes('timesyncd') ? 'timesyncd.conf' : 'chrony.conf';
    const see = (chronyVersion: ChronyVersion | null): readonly string[] =>
      lintText(content, subject, { chronyVersion, whole: true }).map(
        ({ rule, line }) => `${path}:${line} ${rule.code} (${chronyVersion?.join('.') ?? 'unknown'})`,
      );
    return [...see(version), ...see(null)];
  });
}

describe.each<readonly [string, Partial<TimesyncConfig>]>([
  ['a hierarchy', {}],
  ['a hierarchy with NTS', { nts: true }],
  ['all nodes follow the upstreams', { topology: 'direct' }],
  ['an island', { topology: 'island', upstreams: [] }],
  ['an island of timesyncd clients', { topology: 'island', upstreams: [], mode: 'timesyncd' }],
  ['timesyncd everywhere', { topology: 'direct', mode: 'timesyncd' }],
  ['keys', { keys: { file: '/keys', id: 1, content: '1 SHA256 HEX:00\n' } }],
  ['a PTP grandmaster', { ptp: { ...ptp, program: 'ptp4l' } }],
  ['timemaster', { ptp: { ...ptp, program: 'timemaster' } }],
  ['reference clocks', { refclocks: ['PPS /dev/pps0 lock NMEA', 'SHM 0 refid NMEA'], hwtimestamp: ['*'] }],
  ...Object.entries(presets).map(([name, preset]) => [`the preset ${name}`, preset.timesync] as const),
])('%s', (_, wanted) => {
  const whole = { ...timesync, ...wanted };
  // `plan` refuses NTS where chronyd cannot speak it.
  const fitting = versions.filter(
    (version) => !whole.nts || version === null || !isNewer('4.0', parseChronyVersion(version) ?? []),
  );
  it.each(fitting.map((version) => [version ?? 'unknown', version] as const))('chronyd %s', (__, version) => {
    expect(findings(whole, version)).toEqual([]);
  });
});
