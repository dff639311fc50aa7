/** `render` writes what `apply` installs: the same path, bytes, mode and owner, for the same knowledge of a node. */
import { testFacts, testMachine } from '@clockwarden/testkit/configure';
import { testNode, testPolicy } from '@clockwarden/testkit/policy';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultTimesync, type PtpConfig, type TimesyncConfig } from '../../policy/index.ts';
import { toBase64 } from '../base64.ts';
import { designCluster, type NodeDesign } from '../design.ts';
import type { ConfigureFacts, MachineFacts } from '../facts.ts';
import { type ConfigFamily, chronyPaths, type WantedFile } from '../files.ts';
import { type NodePlan, planNode } from '../plan-node.ts';
import { renderNode, renderProblems, sharingWith } from './index.ts';

const nodes = ['10.2.0.1', '10.2.0.2', '10.2.0.3', '10.2.0.4', '10.2.0.5'].map((address, index) =>
  testNode(`n${index}`, { address, roles: index < 3 ? ['control-plane'] : ['worker'] }),
);

const allow = ['10.2.0.0/16'];
const upstreams = ['a.example', 'b.example', 'c.example', 'd.example'];
const ptp: PtpConfig = { interfaces: ['eth0'], domain: 0, transport: 'L2', program: 'ptp4l' };
const keys = { file: '/keys', id: 1, content: '1 SHA256 HEX:00112233\n2 MD5 ASCII:"quoted\'$(x)\n' };

const blocks: Readonly<Record<string, Partial<TimesyncConfig>>> = {
  direct: { topology: 'direct', upstreams },
  hierarchy: { topology: 'hierarchy', upstreams, allow },
  island: { topology: 'island', allow },
  'timesyncd, direct': { topology: 'direct', mode: 'timesyncd', upstreams, fallback: ['f.example'] },
  'timesyncd below servers': { topology: 'hierarchy', mode: 'timesyncd', upstreams, allow },
  keys: { topology: 'hierarchy', upstreams, allow, keys },
  NTS: { topology: 'hierarchy', upstreams, allow, nts: true },
  'hardware stamps': { topology: 'hierarchy', upstreams, allow, hwtimestamp: ['*'], minSources: 3 },
  'reference clocks': { topology: 'hierarchy', allow, refclocks: ['PPS /dev/pps0 lock NMEA', 'SHM 0'] },
  ptp4l: { topology: 'hierarchy', upstreams, allow, ptp },
  timemaster: { topology: 'hierarchy', upstreams, allow, ptp: { ...ptp, program: 'timemaster' } },
};

const systems: Readonly<Record<ConfigFamily, Partial<ConfigureFacts>>> = {
  debian: { os: { id: 'debian', like: '', name: 'Debian 12' }, packageManager: 'apt' },
  rhel: {
    os: { id: 'rocky', like: 'rhel centos fedora', name: 'Rocky 9' },
    packageManager: 'dnf',
    units: {},
  },
};

const machine = testMachine({ hardwareClocks: { eth0: '/dev/ptp3' } });

interface Node {
  readonly family: ConfigFamily;
  /** As the package manager writes it; null: neither there nor on offer. */
  readonly chrony: string | null;
  /** chrony.conf that is there; null: none. */
  readonly conf: string | null;
  readonly machine: MachineFacts | undefined;
}

function factsOf(node: Node): ConfigureFacts {
  const { conf } = chronyPaths[node.family];
  const content = node.conf === null ? null : toBase64(node.conf);
  return testFacts({
    ...systems[node.family],
    packages: {
      chrony: { installed: null, candidate: node.chrony },
      linuxptp: { installed: null, candidate: '3.1' },
    },
    files: {
      [conf]:
        content === null
          ? { kind: 'absent' }
          : { kind: 'file', content, mode: 0o644, owner: 'root', group: 'root' },
    },
    ...(node.machine === undefined ? {} : { machine: node.machine }),
  });
}

function designed(block: Partial<TimesyncConfig>): {
  readonly designs: readonly NodeDesign[];
  readonly timesync: TimesyncConfig;
} {
  const timesync = { ...defaultTimesync, ...block };
  return { designs: designCluster(testPolicy({ nodes }), timesync).nodes, timesync };
}

/** Every file of the plan's actions, as the agent writes it. */
function installed({ actions }: NodePlan): readonly unknown[] {
  return actions.flatMap(({ action }) =>
    action.kind === 'configure-daemon' ? action.files.map(({ path, state }) => ({ path, ...state })) : [],
  );
}

function written(files: readonly WantedFile[]): readonly unknown[] {
  return files.map(({ path, mode, owner, group, content }) => ({
    path,
    kind: 'file',
    content: toBase64(content),
    mode,
    owner,
    group,
  }));
}

function isRefused({ problems }: Pick<NodePlan, 'problems'>): boolean {
  return problems.some(({ severity }) => severity === 'error');
}

const families = ['debian', 'rhel'] as const;
const cases = Object.keys(blocks).flatMap((block) => families.map((family) => [block, family] as const));

describe.each(cases)('%s on %s', (name, family) => {
  const { designs, timesync } = designed(blocks[name] ?? {});

  test('both parts are tried', () => {
    const parts = new Set(designs.map(({ part }) => part));
    expect([...parts].sort()).toEqual(timesync.topology === 'direct' ? ['client'] : ['client', 'server']);
  });

  test('asked nodes: equal for every chronyd, chrony.conf and machine that there may be', () => {
    const version = fc.constantFrom(
      '1.29.1',
      '2.1.1',
      '2.4',
      '3.2',
      '3.4',
      '4.0',
      '4.3',
      '4.6.1',
      '4.7',
      '4.9',
    );
    const revision = fc.constantFrom('', '-2+deb12u3', '-1.el9');
    const node = fc.record({
      family: fc.constant(family),
      chrony: fc.option(fc.tuple(version, revision).map((parts) => parts.join(''))),
      conf: fc.constantFrom(
        null,
        '',
        'pool 2.pool.ntp.org\n',
        'User chrony\n',
        'user a\nuser b\n',
        'user $(x)\n',
      ),
      machine: fc.constantFrom(
        undefined,
        machine,
        { ...machine, leapSeconds: { rightUtc: false, list: false } },
        { ...machine, hardwareClocks: {} },
      ),
    });
    fc.assert(
      fc.property(node, (state) => {
        const facts = factsOf(state);
        for (const design of designs) {
          const plan = planNode(design, timesync, facts);
          const rendered = renderNode(design, timesync, family, facts);
          const refused = isRefused({ problems: renderProblems(null, [rendered]) });
          expect(refused).toBe(isRefused(plan));
          if (!refused) expect(written(rendered.files)).toEqual(installed(plan));
        }
      }),
      { numRuns: 60 },
    );
  });
});

const withoutPtp = cases.filter(([block]) => blocks[block]?.ptp === undefined);

test.each(withoutPtp)(
  '%s on %s, unasked: equal for chronyd 3.0 and newer that runs as its build says',
  (name, family) => {
    const { designs, timesync } = designed(blocks[name] ?? {});
    for (const chrony of [null, '3.0', '3.4-1.el7', '4.0', '4.3-2+deb12u3', '4.6.1', '4.7', '4.9']) {
      const facts = factsOf({ family, chrony, conf: 'pool 2.pool.ntp.org iburst\n', machine });
      for (const design of designs) {
        const plan = planNode(design, timesync, facts);
        const rendered = renderNode(design, timesync, family);
        if (!isRefused(plan)) expect(written(rendered.files)).toEqual(installed(plan));
        else if (!timesync.nts) expect(isRefused({ problems: renderProblems(null, [rendered]) })).toBe(true);
      }
    }
  },
);

describe('unasked, it differs from the plan, as is said,', () => {
  const node: Node = { family: 'debian', chrony: '4.3', conf: null, machine };
  test.each<readonly [string, Partial<TimesyncConfig>, Partial<Node>, RegExp, RegExp]>([
    [
      'where chrony.conf names a user',
      blocks.direct ?? {},
      { conf: 'user chrony\n' },
      /^user chrony$/m,
      /^(?!.*^user)/ms,
    ],
    [
      'where chronyd is older than 3.0',
      blocks['hardware stamps'] ?? {},
      { chrony: '2.1.1' },
      /^local stratum 10$/m,
      /^local stratum 10 orphan$/m,
    ],
    ['for PTP', blocks.ptp4l ?? {}, {}, /PHC \/dev\/ptp3 .* tai$/m, /PHC \/dev\/ptp0 .* offset -37$/m],
  ])('%s', (_, block, more, planned, assumed) => {
    const { designs, timesync } = designed(block);
    const [server] = designs;
    if (server === undefined) throw new Error('there is one');
    const contentOf = (facts: ConfigureFacts | null): string =>
      renderNode(server, timesync, 'debian', facts).files.at(-1)?.content ?? '';
    expect(contentOf(factsOf({ ...node, ...more }))).toMatch(planned);
    expect(contentOf(null)).toMatch(assumed);
  });
});

test('what a plan would warn of is said once for all of whom it is true', () => {
  const { designs, timesync } = designed(blocks.direct ?? {});
  const guest = factsOf({
    family: 'debian',
    chrony: '4.3',
    conf: null,
    machine: { ...machine, vmwareTimesync: true },
  });
  const nodes = designs.map((design) => renderNode(design, timesync, 'debian', guest));
  expect(renderProblems(null, nodes).map(({ text }) => text.en)).toEqual([
    'n0, n1, n2, n3, n4: VMware Tools sets this clock as well: `vmware-toolbox-cmd timesync disable`.',
  ]);
});

test('whoever shares a document is judged with those chosen, and nobody else', () => {
  const { designs } = designed(blocks.hierarchy ?? {});
  const sharing = (format: 'machine-config' | 'ignition' | null, chosen: readonly NodeDesign[]): string =>
    sharingWith(chosen, format, designs)
      .map(({ node }) => node.name)
      .join(' ');
  expect(sharing('machine-config', designs.slice(1, 2))).toBe('n0 n1 n2');
  expect(sharing('machine-config', designs.slice(4))).toBe('n3 n4');
  expect(sharing('ignition', designs.slice(1, 2))).toBe('n1');
  expect(sharing(null, designs.slice(1, 2))).toBe('n1');
});
