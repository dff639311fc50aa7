import { testNode, testPolicy } from '@clockwarden/testkit/policy';
import { describe, expect, test } from 'vitest';
import type { NodeRole } from '../inventory/index.ts';
import { defaultTimesync, presets, type TimesyncConfig, type TimesyncOverride } from '../policy/index.ts';
import { type ClusterDesign, designCluster, filesOf, intendedSources, type NodeDesign } from './index.ts';

const node = (name: string, address: string, role: NodeRole) => testNode(name, { address, roles: [role] });

const policy = testPolicy({
  nodes: [
    node('cp-3', '10.2.0.3', 'control-plane'),
    node('cp-1', '10.2.0.1', 'control-plane'),
    node('cp-4', '10.2.0.4', 'control-plane'),
    node('cp-2', '10.2.0.2', 'control-plane'),
    node('w-1', '10.2.0.11', 'worker'),
    node('w-2', '10.2.0.12', 'worker'),
  ],
});

const common: TimesyncConfig = {
  ...defaultTimesync,
  upstreams: ['a.ntp', 'b.ntp', 'c.ntp'],
  allow: ['10.2.0.0/16'],
};

function design(
  overrides: Readonly<Record<string, TimesyncOverride>>,
  timesync: Partial<TimesyncConfig> = {},
): ClusterDesign {
  const entries = new Map(Object.entries(overrides));
  return designCluster({ ...policy, overrides: entries }, { ...common, ...timesync });
}

function named(designed: ClusterDesign, name: string): NodeDesign {
  const found = designed.nodes.find((candidate) => candidate.node.name === name);
  if (found === undefined)
    throw new Error(`${name}: ${designed.problems.map(({ text }) => text.en).join(' ')}`);
  return found;
}

function conf(designed: ClusterDesign, name: string, timesync: Partial<TimesyncConfig> = {}): string {
  return filesOf(named(designed, name), { ...common, ...timesync }, 'debian')
    .map(({ content }) => content)
    .join('');
}

const messages = (designed: ClusterDesign, severity: 'error' | 'warning'): string =>
  designed.problems.flatMap((problem) => (problem.severity === severity ? [problem.text.en] : [])).join('\n');

describe('what one node has differently', () => {
  test('replaces lists, never adds to them, and leaves the others alone', () => {
    const designed = design({ 'cp-1': { upstreams: ['x.ntp', 'y.ntp', 'z.ntp'], allow: ['10.9.0.0/16'] } });
    expect(named(designed, 'cp-1')).toMatchObject({
      upstreams: ['x.ntp', 'y.ntp', 'z.ntp'],
      allow: ['10.9.0.0/16'],
    });
    expect(named(designed, 'cp-2')).toMatchObject({ upstreams: common.upstreams, allow: common.allow });
  });

  test('is written: makestep, time stamps, a firewall that is left alone', () => {
    const designed = design({
      'w-1': { makestep: { thresholdSeconds: 0.5, limit: -1 }, hwtimestamp: ['eth1'], minSources: 3 },
    });
    expect(conf(designed, 'w-1')).toMatch(
      /^minsources 3$[\s\S]*^makestep 0\.5 -1$[\s\S]*^hwtimestamp eth1$/m,
    );
    expect(conf(designed, 'w-2')).toMatch(/^minsources 2$[\s\S]*^makestep 1\.0 3$/m);
  });

  test('a client that names outsiders follows them instead of the servers', () => {
    const designed = design({ 'w-1': { servers: ['10.9.0.1', '10.9.0.2', '10.9.0.3'] } });
    expect(named(designed, 'w-1')).toMatchObject({
      part: 'client',
      servers: [],
      upstreams: ['10.9.0.1', '10.9.0.2', '10.9.0.3'],
    });
  });

  test('nodes that it names become servers, and are asked by their addresses', () => {
    const designed = design(
      { 'w-1': { servers: ['w-2', 'cp-1', 'cp-2'] } },
      { servers: ['cp-1', 'cp-2', 'cp-3'] },
    );
    expect(named(designed, 'w-1').servers).toEqual(['10.2.0.12', '10.2.0.1', '10.2.0.2']);
    expect(named(designed, 'w-2')).toMatchObject({ part: 'server', upstreams: common.upstreams });
    // Those who name nobody do not follow the newcomer.
    expect(named(designed, 'cp-4').servers).toEqual(['10.2.0.3', '10.2.0.1', '10.2.0.2']);
  });

  test('another daemon is its own as well', () => {
    const designed = design({ 'w-1': { mode: 'timesyncd' } });
    expect([named(designed, 'w-1').daemon, named(designed, 'w-2').daemon]).toEqual([
      'systemd-timesyncd',
      'chronyd',
    ]);
  });

  test.each([
    [{ 'w-1': { servers: [], upstreams: [] } }, /^w-1: It follows nobody/],
    [{ 'cp-1': { allow: [] } }, /^cp-1: Servers must know whom to serve/],
    [
      { 'w-1': { mode: 'timesyncd', nts: true, upstreams: ['x.ntp'] } },
      /^w-1: systemd-timesyncd knows no NTS/,
    ],
    [{ 'cp-1': { nts: true, upstreams: ['192.0.2.1'] } }, /^cp-1: NTS proves the name/],
    [{ 'cp-1': { nts: true, upstreams: ['pool.ntp.org'] } }, /^cp-1: NTS proves the name/],
  ] as const)('%j has no design', (overrides, message) => {
    const designed = design(overrides as Readonly<Record<string, TimesyncOverride>>);
    expect(designed.nodes).toEqual([]);
    expect(messages(designed, 'error')).toMatch(message);
  });

  test.each([
    [{ 'w-1': { servers: ['cp-1'] }, 'w-2': { servers: ['cp-1'] } }, /^w-1, w-2: One server alone/m],
    [{ 'cp-1': { upstreams: ['x.ntp'] } }, /^cp-1: Everybody hangs on one upstream \(x\.ntp\)/],
    [{ 'cp-1': { upstreams: ['time.google.com', 'x.ntp', 'y.ntp'] } }, /^cp-1: time\.google\.com smears/],
  ] as const)('%j is warned of, by its name', (overrides, message) => {
    expect(messages(design(overrides as Readonly<Record<string, TimesyncOverride>>), 'warning')).toMatch(
      message,
    );
  });
});

describe('a node that is adopted', () => {
  const designed = design({ 'cp-1': { adopt: true }, 'w-1': { adopt: true } });

  test('gets no file and is meant to follow nobody', () => {
    expect(named(designed, 'w-1').adopted).toBe(true);
    expect(conf(designed, 'w-1')).toBe('');
    const overrides = new Map([['w-1', { adopt: true }]]);
    expect([...intendedSources({ ...policy, overrides, timesync: common }).keys()]).not.toContain('w-1');
  });

  test('is not made a server, but may be named as one', () => {
    const servers = (of: ClusterDesign): readonly string[] =>
      of.nodes.filter(({ part }) => part === 'server').map(({ node: { name } }) => name);
    expect(servers(designed).toSorted()).toEqual(['cp-2', 'cp-3', 'cp-4']);
    expect(servers(design({ 'w-1': { adopt: true } }, { servers: ['w-1', 'cp-1', 'cp-2'] }))).toContain(
      'w-1',
    );
  });
});

describe('the servers', () => {
  test('do not depend on the order of the inventory, and their reason is told', () => {
    const turned = designCluster({ ...policy, nodes: policy.nodes.toReversed() }, common);
    for (const designed of [design({}), turned]) {
      const servers = designed.nodes
        .filter(({ part }) => part === 'server')
        .map(({ node: { name } }) => name);
      expect(servers.toSorted()).toEqual(['cp-1', 'cp-2', 'cp-3']);
      expect(designed.serversReason?.en).toMatch(/Control-plane nodes/);
    }
    expect(design({}, { servers: ['w-1'] }).serversReason?.en).toMatch(/named in `servers`/);
  });

  test('are all of the control plane where it has fewer than three', () => {
    const few = policy.nodes.filter(({ name }) => ['cp-1', 'cp-2', 'w-1', 'w-2'].includes(name));
    const designed = designCluster({ ...policy, nodes: few }, common);
    expect(designed.nodes.filter(({ part }) => part === 'server')).toHaveLength(2);
  });

  test('are not there when every node follows the outside', () => {
    const designed = design({}, { topology: 'direct', servers: ['cp-1'] });
    expect(messages(designed, 'error')).toMatch(/no node serves/);
  });
});

describe('a preset', () => {
  test.each(Object.entries(presets))(
    '%s is a design without a warning, an island aside',
    (name, { timesync }) => {
      const designed = designCluster(policy, { ...defaultTimesync, allow: ['10.2.0.0/16'], ...timesync });
      expect(messages(designed, 'error')).toBe('');
      if (name !== 'island') expect(designed.problems).toEqual([]);
      expect(designed.topology).toBe(name === 'island' ? 'island' : 'hierarchy');
    },
  );

  test('public ones can be authenticated, and the pool is asked for as a pool', () => {
    const authenticated = design({}, { ...presets.public.timesync, nts: true });
    expect(messages(authenticated, 'error')).toBe('');
    const chinese = presets['public-cn'].timesync;
    expect(conf(design({}, chinese), 'cp-1', chinese)).toContain(
      '\npool cn.pool.ntp.org iburst maxsources 2\n',
    );
  });
});

test('the work for a node does not grow with the number of nodes', () => {
  // Counted, not timed: each time that the name of a node is looked at.
  const looksAtNames = (count: number): number => {
    let looks = 0;
    const many = Array.from({ length: count }, (_, index) => {
      const name = `n-${index}`;
      const plain = node(name, `10.2.${index >> 8}.${index & 255}`, 'worker');
      return Object.defineProperty({ ...plain }, 'name', {
        get: () => {
          looks += 1;
          return name;
        },
      });
    });
    designCluster({ ...policy, nodes: many }, { ...common, servers: ['n-1', 'n-2', 'n-3'] });
    return looks;
  };
  expect(looksAtNames(2_000)).toBeLessThanOrEqual(2.2 * looksAtNames(1_000));
});
