import { testNode, testPolicy } from '@clockwarden/testkit/policy';
import { describe, expect, test } from 'vitest';
import type { NodeRole, NodeSpec } from '../inventory/index.ts';
import { type ClusterPolicy, defaultTimesync, type TimesyncConfig } from '../policy/index.ts';
import { type ClusterDesign, designCluster, filesOf, intendedSources } from './index.ts';

const node = (name: string, address: string, ...roles: NodeRole[]): NodeSpec =>
  testNode(name, { address, ...(roles.length === 0 ? {} : { roles }) });

const nodes = [
  node('cp-1', '10.2.0.1', 'control-plane'),
  node('cp-2', '10.2.0.2', 'control-plane'),
  node('cp-3', '10.2.0.3', 'control-plane'),
  node('cp-4', '10.2.0.4', 'control-plane'),
  node('w-1', '10.2.0.11'),
];

const policy = testPolicy({ nodes, timezone: 'Asia/Shanghai' });

const design = (timesync: Partial<TimesyncConfig>, more: Partial<ClusterPolicy> = {}): ClusterDesign =>
  designCluster({ ...policy, ...more }, { ...defaultTimesync, ...timesync });

const contentOf = (designed: ClusterDesign, name: string, timesync: Partial<TimesyncConfig> = {}): string => {
  const found = designed.nodes.find((candidate) => candidate.node.name === name);
  if (found === undefined) throw new Error(`${name} has a design`);
  return filesOf(found, { ...defaultTimesync, ...timesync }, 'debian')
    .map((file) => file.content)
    .join('');
};

/** Directives without comments. */
const directives = (content: string): readonly string[] =>
  content.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

const upstreams = ['a.ntp', 'b.ntp', 'c.ntp'];
const allow = ['10.2.0.0/16'];

describe('the design', () => {
  test('outside servers alone are followed by everybody', () => {
    const designed = design({ servers: ['192.168.1.10', '192.168.1.11', '192.168.1.12'] });
    expect(designed.topology).toBe('direct');
    expect(designed.problems).toEqual([]);
    expect(
      new Set(designed.nodes.map(({ part, upstreams: follows }) => `${part} ${follows.join(' ')}`)),
    ).toEqual(new Set(['client 192.168.1.10 192.168.1.11 192.168.1.12']));
  });

  test('with upstreams, three control-plane nodes serve, follow them and each other, and the rest follow the three', () => {
    const designed = design({ upstreams, allow });
    expect(designed.topology).toBe('hierarchy');
    expect(designed.nodes.map(({ node: { name }, part }) => `${name} ${part}`)).toEqual([
      'cp-1 server',
      'cp-2 server',
      'cp-3 server',
      'cp-4 client',
      'w-1 client',
    ]);
    expect(directives(contentOf(designed, 'cp-2'))).toEqual([
      'server a.ntp iburst',
      'server b.ntp iburst',
      'server c.ntp iburst',
      'server 10.2.0.1 iburst',
      'server 10.2.0.3 iburst',
      'allow 10.2.0.0/16',
      'local stratum 10 orphan',
      'driftfile /var/lib/chrony/chrony.drift',
      'makestep 1.0 3',
      'rtcsync',
    ]);
    expect(directives(contentOf(designed, 'w-1'))).toEqual([
      'server 10.2.0.1 iburst',
      'server 10.2.0.2 iburst',
      'server 10.2.0.3 iburst',
      'minsources 2',
      'driftfile /var/lib/chrony/chrony.drift',
      'makestep 1.0 3',
      'rtcsync',
    ]);
  });

  test('named nodes and nodes with the role go before the control plane', () => {
    const servers = (designed: ClusterDesign): readonly string[] =>
      designed.nodes.filter(({ part }) => part === 'server').map(({ node: { name } }) => name);
    expect(servers(design({ upstreams, allow, servers: ['w-1', '10.2.0.1'] }))).toEqual(['cp-1', 'w-1']);
    const withRole = [...nodes, node('t-1', '10.2.0.21', 'ntp-server')];
    expect(servers(design({ upstreams, allow }, { nodes: withRole }))).toEqual(['t-1']);
  });

  test('an island follows nobody outside, never public defaults', () => {
    const designed = design({ topology: 'island', allow, upstreams: [] });
    expect(designed.topology).toBe('island');
    expect(directives(contentOf(designed, 'cp-1')).filter((line) => line.startsWith('server'))).toEqual([
      'server 10.2.0.2 iburst',
      'server 10.2.0.3 iburst',
    ]);
    expect(designed.problems.map(({ severity }) => severity)).toEqual(['warning']);
  });

  test.each([
    ['nobody to follow', { allow }, /Nobody is there to follow/],
    ['servers without networks', { upstreams }, /in `allow`/],
    [
      'an island that follows outsiders',
      { topology: 'island', allow, servers: ['1.2.3.4'] },
      /follows nobody outside/,
    ],
  ] as const)('%s has no design', (_, timesync, message) => {
    const designed = design(timesync);
    expect(designed.nodes).toEqual([]);
    expect(designed.problems.find(({ severity }) => severity === 'error')?.text.en).toMatch(message);
  });

  test.each([
    [['a.ntp'], /hangs on one upstream/],
    [['a.ntp', 'b.ntp'], /cannot outvote/],
  ])('%s is warned of', (few, message) => {
    expect(design({ upstreams: few, allow }).problems[0]?.text.en).toMatch(message);
  });
});

describe('the files', () => {
  test('timesyncd gets a drop-in that replaces what other files list, servers stay with chrony', () => {
    const timesync = { mode: 'timesyncd', upstreams, allow } as const;
    const designed = design(timesync);
    expect(directives(contentOf(designed, 'w-1', timesync))).toEqual([
      '[Time]',
      'NTP=',
      'NTP=10.2.0.1 10.2.0.2 10.2.0.3',
      'FallbackNTP=',
    ]);
    expect(designed.nodes.map(({ daemon }) => daemon)).toEqual([
      'chronyd',
      'chronyd',
      'chronyd',
      'systemd-timesyncd',
      'systemd-timesyncd',
    ]);
  });

  test('timesyncd keeps nothing in reserve but what `fallback` names', () => {
    const timesync = { mode: 'timesyncd', upstreams, allow, fallback: ['d.ntp', 'e.ntp'] } as const;
    expect(directives(contentOf(design(timesync), 'w-1', timesync)).slice(-2)).toEqual([
      'FallbackNTP=',
      'FallbackNTP=d.ntp e.ntp',
    ]);
  });

  test('RHEL and kin keep them elsewhere', () => {
    const [first] = design({ upstreams, allow }).nodes;
    if (first === undefined) throw new Error('there is one');
    const [file] = filesOf(first, defaultTimesync, 'rhel');
    expect(file?.path).toBe('/etc/chrony.conf');
    expect(file?.content).toContain('driftfile /var/lib/chrony/drift\n');
  });

  test('hardware stamps, reference clocks and NTS are written where they belong', () => {
    const timesync = {
      upstreams,
      allow,
      hwtimestamp: ['eth0'],
      refclocks: ['PHC /dev/ptp0 poll 0'],
      nts: true,
    };
    const designed = design(timesync);
    const server = directives(contentOf(designed, 'cp-1', timesync));
    expect(server).toContain('refclock PHC /dev/ptp0 poll 0');
    expect(server).toContain('hwtimestamp eth0');
    expect(server).toContain('server a.ntp iburst nts');
    expect(directives(contentOf(designed, 'w-1', timesync))).not.toContain('refclock PHC /dev/ptp0 poll 0');
  });
});

test('whom a node is meant to follow is known by name and by address', () => {
  const intended = intendedSources({ ...policy, timesync: { ...defaultTimesync, upstreams, allow } });
  expect(intended.get('w-1')).toEqual(['10.2.0.1', '10.2.0.2', '10.2.0.3', 'cp-1', 'cp-2', 'cp-3']);
  expect(intendedSources(policy).size).toBe(0);
});
