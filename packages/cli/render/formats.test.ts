/** What a tool takes out of each format is the plain tree: every file with its path, bytes, mode and owner, and one time daemon. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ConfigFamily,
  clockUnits,
  designCluster,
  type FormatName,
  type RenderedNode,
  renderNode,
  renderProblems,
} from '@clockwarden/core/configure';
import { defaultTimesync, type PtpConfig, type TimesyncConfig } from '@clockwarden/core/policy';
import { testDesign } from '@clockwarden/testkit/configure';
import { testNode, testPolicy } from '@clockwarden/testkit/policy';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { renderedFiles } from './write.ts';

const keys = { file: '/keys', id: 1, content: '1 SHA256 HEX:00112233\n' };
const allow = ['10.2.0.0/16'];
const upstreams = ['a.example', 'b.example', 'c.example'];

function nodesOf(block: Partial<TimesyncConfig>, family: ConfigFamily): readonly RenderedNode[] {
  const timesync: TimesyncConfig = { ...defaultTimesync, upstreams, allow, ...block };
  const nodes = ['10.2.0.1', '10.2.0.2', '10.2.0.3', '10.2.0.4'].map((address, index) =>
    testNode(`n${index}`, { address, roles: index < 3 ? ['control-plane'] : ['worker'] }),
  );
  const policy = testPolicy({ nodes, timezone: 'Asia/Shanghai' });
  return designCluster(policy, timesync).nodes.map((design) => renderNode(design, timesync, family));
}

/** Text that no key of clockwarden.yaml accepts: a format must not lean on that. */
const awkward = [
  'quotes " \' ` and \\ and \\n',
  'percent %41 %% %zz, ampersand &amp; and = + , ; #',
  '  leading and trailing blanks  ',
  'tab\there',
  '$(reboot) $HOME {{ jinja }} {% if %}',
  '--- ',
  '... ',
  '例子 ü ＥＶＩＬ 😀 \ufeff',
  ': - ? | > ! * & @ no 0x10 1_000 ~',
  '#cloud-config',
];

function awkwardNode(family: ConfigFamily, content: string): RenderedNode {
  const node = renderNode(testDesign({ upstreams: ['a.example'] }), { ...defaultTimesync, keys }, family);
  return { ...node, files: node.files.map((file) => ({ ...file, content })) };
}

/** A file as a tool would write it. */
interface Taken {
  readonly path: string;
  readonly mode: number;
  readonly group: string;
  readonly content: string;
}

interface IgnitionLike {
  readonly storage: {
    readonly files: readonly {
      readonly path: string;
      readonly mode: number;
      readonly overwrite: boolean;
      readonly user?: unknown;
      readonly group?: { readonly name: string };
      readonly contents: { readonly source?: string; readonly inline?: string };
    }[];
    readonly links?: readonly unknown[];
  };
  readonly systemd: {
    readonly units: readonly {
      readonly name: string;
      readonly enabled?: boolean;
      readonly contents?: string;
      readonly dropins?: readonly { readonly name: string; readonly contents: string }[];
    }[];
  };
}

interface CloudConfig {
  readonly timezone?: string;
  readonly ntp: { readonly enabled: boolean };
  readonly packages: readonly string[];
  readonly write_files: readonly {
    readonly path: string;
    readonly owner: string;
    readonly permissions: string;
    readonly content: string;
    readonly defer: boolean;
  }[];
  readonly runcmd: readonly (readonly string[])[];
}

function document(
  node: RenderedNode,
  format: FormatName,
): { readonly path: string; readonly content: string } {
  const [only, ...more] = renderedFiles(node, format);
  if (only === undefined || more.length > 0) throw new Error('one document a node');
  return only;
}

const cloudConfig = (node: RenderedNode): CloudConfig => {
  const { content } = document(node, 'cloud-init');
  expect(content).toMatch(/^#cloud-config\n/);
  return parse(content, { version: '1.1' });
};

function ignitionLike(node: RenderedNode, format: FormatName): IgnitionLike {
  const { content } = document(node, format);
  if (format === 'ignition') return JSON.parse(content);
  const data = parse(content);
  return format === 'butane' ? data : data.spec.config;
}

/** RFC 2397; Ignition takes no other form of `data:,`. */
function decoded(source: string): string {
  expect(source).toMatch(/^data:,[\w!'()*.~%-]*$/);
  return Buffer.from(
    source
      .slice('data:,'.length)
      .replaceAll(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');
}

const taken: Readonly<Record<Exclude<FormatName, 'talos'>, (node: RenderedNode) => readonly Taken[]>> = {
  'cloud-init': (node) =>
    cloudConfig(node).write_files.map(({ path, owner, permissions, content, defer }) => {
      expect(defer).toBe(true);
      expect(permissions).toMatch(/^0[0-7]{3}$/);
      const [user, group = ''] = owner.split(':');
      expect(user).toBe('root');
      return { path, mode: Number.parseInt(permissions, 8), group, content };
    }),
  ignition: (node) => takenByIgnition(ignitionLike(node, 'ignition')),
  butane: (node) => takenByIgnition(ignitionLike(node, 'butane')),
  'machine-config': (node) => takenByIgnition(ignitionLike(node, 'machine-config')),
};

function takenByIgnition({ storage }: IgnitionLike): readonly Taken[] {
  return storage.files.map(({ path, mode, overwrite, user, group, contents }) => {
    expect(overwrite).toBe(true);
    expect(user).toBeUndefined();
    const content = contents.source === undefined ? contents.inline : decoded(contents.source);
    return { path, mode, group: group?.name ?? 'root', content: content ?? '' };
  });
}

const plain = ({ files }: RenderedNode): readonly Taken[] =>
  files.map(({ path, mode, group, content }) => ({ path, mode, group, content }));

const formatsWithFiles = ['cloud-init', 'ignition', 'butane', 'machine-config'] as const;

describe.each(formatsWithFiles)('%s carries what the tree has', (format) => {
  const families = format === 'cloud-init' ? (['debian', 'rhel'] as const) : (['rhel'] as const);
  const blocks: readonly Partial<TimesyncConfig>[] = [
    { topology: 'direct' },
    { topology: 'hierarchy', keys, hwtimestamp: ['*'] },
    { topology: 'island', upstreams: [] },
    { topology: 'hierarchy', refclocks: ['PPS /dev/pps0 lock NMEA'], nts: true },
  ];
  test.each(families)('for every topology and part, on %s', (family) => {
    for (const block of blocks) {
      for (const node of nodesOf(block, family)) {
        expect(taken[format](node)).toEqual(plain(node));
        const { name } = node.design.node;
        expect(renderedFiles(node, null)).toEqual(
          plain(node).map((file) => ({ ...file, node: name, path: name + file.path, owner: 'root' })),
        );
      }
    }
  });

  test.each([...awkward, awkward.join('\n')])('with %j in a file', (line) => {
    for (const content of [`# ${line}\nserver a\n`, `${line}\n`, `\n\n${line}\n\n`, line, `x\n${line}`]) {
      const node = awkwardNode(families[0], content);
      expect(taken[format](node)).toEqual(plain(node));
    }
  });

  test('a document that holds a key is not for everybody', () => {
    const [withKeys] = nodesOf({ topology: 'hierarchy', keys }, 'rhel');
    const [without] = nodesOf({ topology: 'hierarchy' }, 'rhel');
    if (withKeys === undefined || without === undefined) throw new Error('both are there');
    expect(renderedFiles(withKeys, format)).toMatchObject([{ mode: 0o600 }]);
    expect(renderedFiles(without, format)).toMatchObject([{ mode: 0o644 }]);
  });
});

/** Programs of an image, and the units that run on it when nobody says anything. */
const images = {
  'Fedora CoreOS': { programs: ['chronyd', 'systemd-timesyncd'], running: ['chronyd'] },
  'RHEL CoreOS': { programs: ['chronyd'], running: ['chronyd'] },
  Flatcar: { programs: ['systemd-timesyncd'], running: ['systemd-timesyncd'] },
  'an image that starts both': {
    programs: ['chronyd', 'systemd-timesyncd'],
    running: ['chronyd', 'systemd-timesyncd'],
  },
} as const;

/** Daemons that run after a boot with these units. */
function runningWith(
  units: IgnitionLike['systemd']['units'],
  image: { readonly programs: readonly string[]; readonly running: readonly string[] },
): readonly string[] {
  return image.programs.filter((program) => {
    const unit = units.find(({ name }) => name === `${program}.service`);
    const [, path = ''] =
      /^\[Unit\]\nConditionFileIsExecutable=!(\S+)$/m.exec(unit?.dropins?.[0]?.contents ?? '') ?? [];
    const isKeptOut = path !== '' && image.programs.some((other) => path.endsWith(`/${other}`));
    return (unit?.enabled ?? image.running.includes(program)) && !isKeptOut;
  });
}

describe.each(['ignition', 'butane', 'machine-config'] as const)(
  '%s leaves one owner of the clock',
  (format) => {
    const modes = format === 'machine-config' ? (['chrony'] as const) : (['chrony', 'timesyncd'] as const);
    test.each(
      Object.entries(images).flatMap(([name, image]) => modes.map((mode) => [name, mode, image] as const)),
    )('on %s with mode %s', (_, mode, image) => {
      const [, , , worker] = nodesOf({ topology: 'direct', mode }, 'rhel');
      if (worker === undefined) throw new Error('there are four');
      const { units } = ignitionLike(worker, format).systemd;
      const wanted = mode === 'chrony' ? 'chronyd' : 'systemd-timesyncd';
      const running = runningWith(units, image);
      expect(running).toEqual(
        (image.programs as readonly string[]).includes(wanted) ? [wanted] : image.running,
      );
      expect(running).toHaveLength(1);
    });

    test('and knows no linuxptp', () => {
      const ptp: PtpConfig = { interfaces: ['eth0'], domain: 0, transport: 'L2', program: 'timemaster' };
      expect(said(format, nodesOf({ topology: 'direct', ptp }, 'rhel'))).toMatch(
        /^error n0, n1, n2, n3: .*without linuxptp/m,
      );
    });
  },
);

/** What the runcmd of a cloud-config does to the units of a machine, by a stand-in for systemctl. */
function afterRuncmd(
  node: RenderedNode,
  units: readonly string[],
): { readonly running: string; readonly enabled: string } {
  const folder = mkdtempSync(join(tmpdir(), 'clockwarden-runcmd-'));
  try {
    for (const name of ['known', 'running', 'enabled', 'bin']) mkdirSync(join(folder, name));
    for (const unit of units) {
      for (const name of ['known', 'running', 'enabled']) writeFileSync(join(folder, name, unit), '');
    }
    writeFileSync(join(folder, 'bin/systemctl'), SYSTEMCTL, { mode: 0o755 });
    for (const [program = '', ...args] of cloudConfig(node).runcmd) {
      const env = { PATH: `${join(folder, 'bin')}:${process.env.PATH}`, STATE: folder };
      const run = spawnSync(program, args, { env, encoding: 'utf8' });
      expect(`${args.join(' ')}: ${run.status} ${run.stderr}`).toBe(`${args.join(' ')}: 0 `);
    }
    const list = (name: string): string => readdirSync(join(folder, name)).sort().join(' ');
    return { running: list('running'), enabled: list('enabled') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const SYSTEMCTL = `#!/bin/sh
verb=$1
shift
[ "$1" != --now ] || shift
[ -e "$STATE/known/$1" ] || { echo "Unit $1 does not exist" >&2; exit 1; }
case $verb in
  cat) ;;
  disable) rm -f "$STATE/running/$1" "$STATE/enabled/$1" ;;
  enable) : >"$STATE/enabled/$1" ;;
  restart) : >"$STATE/running/$1" ;;
  *) exit 2 ;;
esac
`;

describe('cloud-init', () => {
  const ptp: PtpConfig = { interfaces: ['eth0'], domain: 0, transport: 'L2', program: 'ptp4l' };
  const ptp4l = { debian: 'ptp4l@eth0.service', rhel: 'ptp4l.service' } as const;
  test.each<readonly [string, ConfigFamily, Partial<TimesyncConfig>, readonly string[], readonly string[]]>([
    ['chrony', 'debian', {}, ['chrony'], ['chrony.service']],
    ['chrony', 'rhel', {}, ['chrony'], ['chronyd.service']],
    ['timesyncd', 'debian', { mode: 'timesyncd' }, ['systemd-timesyncd'], ['systemd-timesyncd.service']],
    ['ptp4l', 'debian', { ptp }, ['chrony', 'linuxptp'], ['chrony.service', ptp4l.debian]],
    ['ptp4l', 'rhel', { ptp }, ['chrony', 'linuxptp'], ['chronyd.service', ptp4l.rhel]],
    [
      'timemaster',
      'rhel',
      { ptp: { ...ptp, program: 'timemaster' } },
      ['chrony', 'linuxptp'],
      ['timemaster.service'],
    ],
  ])(
    '%s on %s: its package, and its units alone, now and at every boot',
    (_, family, block, packages, units) => {
      const [node] = nodesOf({ topology: 'direct', ...block }, family);
      if (node === undefined) throw new Error('there are four');
      expect(cloudConfig(node)).toMatchObject({
        packages,
        ntp: { enabled: false },
        timezone: 'Asia/Shanghai',
      });
      // Whatever an image brings, the alias that Debian's chrony.service has aside.
      const image = [
        ...clockUnits.filter((unit) => family === 'rhel' || unit !== 'chronyd.service'),
        ...units,
      ];
      const alone = [...units].sort().join(' ');
      expect(afterRuncmd(node, image)).toEqual({ running: alone, enabled: alone });
      expect(afterRuncmd(node, units)).toEqual({ running: alone, enabled: alone });
    },
  );

  test("Debian's alias of the wanted unit is not disabled", () => {
    const [node] = nodesOf({ topology: 'direct' }, 'debian');
    if (node === undefined) throw new Error('there are four');
    expect(cloudConfig(node).runcmd[0]).not.toContain('chronyd.service');
    const [other] = nodesOf({ topology: 'direct', mode: 'timesyncd' }, 'debian');
    if (other === undefined) throw new Error('there are four');
    expect(cloudConfig(other).runcmd[0]).toContain('chrony.service');
  });
});

function said(format: FormatName | null, nodes: readonly RenderedNode[]): string {
  return renderProblems(format, nodes)
    .map((problem) => `${problem.severity} ${problem.text.en}`)
    .join('\n');
}

describe('the time zone', () => {
  const link = [{ path: '/etc/localtime', target: '../usr/share/zoneinfo/Asia/Shanghai', overwrite: true }];
  test.each(['ignition', 'butane'] as const)('is a link in %s', (format) => {
    const [node] = nodesOf({ topology: 'direct' }, 'rhel');
    if (node === undefined) throw new Error('there are four');
    expect(ignitionLike(node, format).storage.links).toEqual(link);
  });

  test('is a unit in a MachineConfig, whose operator refuses links', () => {
    const [node] = nodesOf({ topology: 'direct' }, 'rhel');
    if (node === undefined) throw new Error('there are four');
    const { storage, systemd } = ignitionLike(node, 'machine-config');
    expect(storage.links).toBeUndefined();
    expect(systemd.units.at(-1)).toMatchObject({ name: 'clockwarden-timezone.service', enabled: true });
    expect(systemd.units.at(-1)?.contents).toMatch(
      /^ExecStart=\/usr\/bin\/timedatectl set-timezone Asia\/Shanghai$/m,
    );
  });
});

describe('a MachineConfig', () => {
  test('belongs to a pool, whose nodes must be alike', () => {
    const direct = nodesOf({ topology: 'direct' }, 'rhel');
    expect(said('machine-config', direct)).toBe('');
    const names = direct.map((node) => parse(document(node, 'machine-config').content).metadata);
    expect(names).toEqual(
      ['master', 'master', 'master', 'worker'].map((pool) => ({
        name: `99-${pool}-clockwarden`,
        labels: { 'machineconfiguration.openshift.io/role': pool },
      })),
    );
    const below = nodesOf({ topology: 'hierarchy' }, 'rhel');
    expect(said('machine-config', below)).toMatch(/^error n0, n1, n2: All nodes of the pool `master`/);
    expect(said('machine-config', below.slice(3))).toBe('');
  });

  test('names the cause for which its nodes differ', () => {
    const makestep = { thresholdSeconds: 10, limit: 1 };
    const nodes = nodesOf({ topology: 'direct' }, 'rhel').map(({ design, timesync }, index) =>
      renderNode(index === 0 ? { ...design, overrides: { makestep } } : design, timesync, 'rhel'),
    );
    const differ = said('machine-config', nodes);
    expect(differ).toMatch(/^error n0, n1, n2: .*Give them the same settings/);
    expect(differ).not.toMatch(/topology: direct|servers name/);
    expect(said('machine-config', nodesOf({ topology: 'hierarchy' }, 'rhel'))).toMatch(
      /servers name each other.*Say `topology: direct`/,
    );
  });

  test('leaves no node alone, so a pool is adopted whole or not at all', () => {
    const nodes = nodesOf({ topology: 'direct' }, 'rhel');
    const adopting = (adopted: readonly string[]): string =>
      said(
        'machine-config',
        nodes.map((node) => ({
          ...node,
          design: { ...node.design, adopted: adopted.includes(node.design.node.name) },
        })),
      );
    expect(adopting(['n1'])).toMatch(/^error n1: A MachineConfig rewrites every node of its pool/);
    expect(adopting(['n3'])).toBe('');
  });

  test('is for RHEL, which has no timesyncd', () => {
    expect(said('machine-config', nodesOf({ topology: 'direct', mode: 'timesyncd' }, 'rhel'))).toMatch(
      /error .*no systemd-timesyncd/,
    );
  });
});

test.each(['ignition', 'butane', 'machine-config'] as const)("%s is not for Debian's layout", (format) => {
  expect(said(format, nodesOf({ topology: 'direct' }, 'debian'))).toMatch(
    /^error n0, n1, n2, n3: .*where RHEL does/m,
  );
});

describe('a patch of Talos', () => {
  test('names whom it follows, and they stay text', () => {
    const [, , , worker] = nodesOf(
      { topology: 'direct', upstreams: ['10.0.0.1', 'no', '0x10', 'fd00::1'] },
      'debian',
    );
    if (worker === undefined) throw new Error('there are four');
    expect(parse(document(worker, 'talos').content, { version: '1.1' })).toEqual({
      machine: { time: { disabled: false, servers: ['10.0.0.1', 'no', '0x10', 'fd00::1'] } },
    });
    expect(said('talos', [worker])).toMatch(/^warning n3: Talos is always in UTC/);
  });

  test.each<readonly [string, Partial<TimesyncConfig>]>([
    ['hwtimestamp', { hwtimestamp: ['*'] }],
    ['minSources', { minSources: 3 }],
    ['makestep', { makestep: { thresholdSeconds: 1, limit: -1 } }],
    ['fallback', { fallback: ['f.example'] }],
  ])('has no place for %s, which is said of the nodes that have it', (name, settings) => {
    expect(said('talos', nodesOf({ topology: 'direct', ...settings }, 'debian'))).toContain(
      `warning n0, n1, n2, n3: Talos has a client of its own, without \`${name}\``,
    );
    const [node, other] = nodesOf({ topology: 'direct' }, 'debian');
    if (node === undefined || other === undefined) throw new Error('there are four');
    const alone = { ...node, design: { ...node.design, overrides: settings } };
    expect(said('talos', [alone, other])).toContain(
      `warning n0: Talos has a client of its own, without \`${name}\``,
    );
    expect(said('talos', [node, other])).not.toContain('client of its own');
  });

  test('cannot make a server, nor prove whom it follows', () => {
    const nodes = nodesOf({ topology: 'hierarchy', nts: true, keys }, 'debian');
    expect(said('talos', nodes)).toMatch(/^error n0, n1, n2: Talos follows and cannot serve/m);
    expect(said('talos', nodes)).toMatch(/^error n0, n1, n2, n3: .*proves nobody/m);
    expect(said('talos', nodesOf({ topology: 'hierarchy' }, 'debian').slice(3))).not.toMatch(/^error/m);
  });
});
