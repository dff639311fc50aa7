/** What Clockwarden itself writes has no finding. */
import { testNode, testPolicy } from '@clockwarden/testkit/policy';
import { expect, it } from 'vitest';
import { designCluster, filesOf } from '../configure/index.ts';
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

it.each<readonly [string, Partial<TimesyncConfig>]>([
  ['a hierarchy', {}],
  ['a hierarchy with NTS', { nts: true }],
  ['all nodes follow the upstreams', { topology: 'direct' }],
  ['an island', { topology: 'island', upstreams: [] }],
  ['an island of timesyncd clients', { topology: 'island', upstreams: [], mode: 'timesyncd' }],
  ['timesyncd everywhere', { topology: 'direct', mode: 'timesyncd' }],
  ['keys', { keys: { file: '/keys', id: 1, content: '1 SHA256 HEX:00\n' } }],
  ['a PTP grandmaster', { ptp: { interfaces: ['eth0'], domain: 0, transport: 'UDPv4', program: 'ptp4l' } }],
  ['timemaster', { ptp: { interfaces: ['eth0'], domain: 0, transport: 'UDPv4', program: 'timemaster' } }],
  ['reference clocks', { refclocks: ['PPS /dev/pps0 lock NMEA', 'SHM 0 refid NMEA'], hwtimestamp: ['*'] }],
  ...Object.entries(presets).map(([name, preset]) => [`the preset ${name}`, preset.timesync] as const),
])('%s', (_, wanted) => {
  const whole = { ...timesync, ...wanted };
  const { nodes: designs, problems } = designCluster(policy, whole);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  const context = { chronyVersion: [4, 0], whole: true };
  const files = designs.flatMap((design) =>
    (['debian', 'rhel'] as const).flatMap((family) => filesOf(design, whole, family)),
  );
  const linted = files.flatMap(({ path, content }) => {
    if (path.includes('timesyncd')) return [{ path, found: lintText(content, 'timesyncd.conf', context) }];
    return path.endsWith('chrony.conf') ? [{ path, found: lintText(content, 'chrony.conf', context) }] : [];
  });
  expect(linted.length).toBeGreaterThan(0);
  expect(
    linted.flatMap(({ path, found }) => found.map(({ rule, line }) => `${path}:${line} ${rule.code}`)),
  ).toEqual([]);
});
