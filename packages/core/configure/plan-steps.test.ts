/** Which of the many things that a node can be lead to which step, and which to none. */
import { runningUnit as on, testDesign, testFacts, testMachine } from '@clockwarden/testkit/configure';
import { describe, expect, test } from 'vitest';
import { defaultTimesync } from '../policy/index.ts';
import type { Action } from './actions.ts';
import { toBase64 } from './base64.ts';
import type { NodeDesign } from './design.ts';
import type { ConfigureFacts, FileState } from './facts.ts';
import { filesOf } from './files.ts';
import { planNode } from './plan-node.ts';

const off = { active: false, enabled: false, masked: false };
const client = testDesign({ upstreams: ['a.ntp'] });
const server = testDesign({ part: 'server', upstreams: ['a.ntp'], allow: ['10.2.0.0/16'] });
const ptp = { interfaces: ['eth0'], domain: 0, transport: 'UDPv4', program: 'ptp4l' } as const;
const timemaster = { ...client, ptp: { ...ptp, program: 'timemaster' } } as const;
const rhel = { id: 'rhel', like: 'fedora', name: 'RHEL 9' };

function file(content: string): FileState {
  return { kind: 'file', content: toBase64(content), mode: 0o644, owner: 'root', group: 'root' };
}

function written(design: NodeDesign, family: 'debian' | 'rhel' = 'debian'): ConfigureFacts['files'] {
  return Object.fromEntries(
    filesOf(design, defaultTimesync, family).map(({ path, content }) => [path, file(content)]),
  );
}

/** A node that is what `design` wants of a client, but for what the test says. */
function plan(design: NodeDesign, more: Partial<ConfigureFacts> = {}): readonly Action[] {
  const facts = testFacts({ files: written(client), ...more });
  return planNode(design, defaultTimesync, facts).actions.map(({ action }) => action);
}

function problems(design: NodeDesign, more: Partial<ConfigureFacts> = {}): string {
  return planNode(design, defaultTimesync, testFacts({ files: written(client), ...more }))
    .problems.map(({ severity, text }) => `${severity}: ${text.en}`)
    .join('\n');
}

const machine = testMachine({
  hardwareClocks: { eth0: '/dev/ptp0' },
  programs: ['chronyd'],
  leapSeconds: { rightUtc: true, list: false },
});

test('a node that is as it was designed is left alone', () => {
  expect(plan(client)).toEqual([]);
  expect(problems(client)).toBe('');
});

test('an adopted node is left alone whatever it is', () => {
  const adopted = { ...client, adopted: true, timezone: 'Asia/Shanghai' };
  const wild: Partial<ConfigureFacts> = {
    units: { 'ntpd.service': on },
    files: { '/etc/crontab': file('* * * * * root ntpdate a\n') },
    clockJobs: { '/etc/crontab': ['* * * * * root ntpdate a'] },
  };
  expect(plan(adopted, wild)).toEqual([]);
  expect(problems(adopted, { ...wild, os: { id: 'plan9', like: '', name: 'Plan 9' }, systemd: false })).toBe(
    '',
  );
});

test('what a person should know of the machine is in the plan', () => {
  expect(problems(client, { machine: { ...machine, container: 'docker' } })).toMatch(
    /^warning: .*container \(docker\)/,
  );
});

describe('the units', () => {
  test.each([
    ['runs, and does not come up', { ...on, enabled: false }],
    ['comes up, and does not run', { ...on, active: false }],
    ['runs, though masked', { active: true, enabled: false, masked: true }],
  ])('a second daemon that %s is retired, and stays masked where it was', (_, state) => {
    expect(plan(client, { units: { 'chrony.service': on, 'ntpd.service': state } })).toEqual([
      {
        kind: 'set-units',
        units: { 'ntpd.service': { ...off, masked: state.masked }, 'chrony.service': on },
      },
    ]);
  });

  test.each([
    ['does not run', { ...on, active: false }],
    ['does not come up', { ...on, enabled: false }],
    ['is masked', { ...on, masked: true }],
    ['is not known to systemd, though its package is there', undefined],
  ])('the wanted daemon is started and enabled where it %s', (_, state) => {
    expect(plan(client, { units: state === undefined ? {} : { 'chrony.service': state } })).toEqual([
      { kind: 'set-units', units: { 'chrony.service': on } },
    ]);
  });

  test('that of a package which is not removed is retired, though it excludes the wanted one elsewhere', () => {
    const both = {
      chrony: { installed: '4.3', candidate: '4.3' },
      'systemd-timesyncd': { installed: '252', candidate: '252' },
    };
    const units = { 'chrony.service': on, 'systemd-timesyncd.service': on };
    expect(plan(client, { packages: both, units })).toEqual([
      { kind: 'set-units', units: { 'systemd-timesyncd.service': off, 'chrony.service': on } },
    ]);
  });

  test('a fresh package runs at once on Debian, and is started on RHEL', () => {
    const fresh = { packages: { chrony: { installed: null, candidate: '4' } }, units: {}, files: {} };
    const kinds = (actions: readonly Action[]): readonly string[] => actions.map(({ kind }) => kind);
    expect(kinds(plan(client, fresh))).toEqual(['fetch-packages', 'install-package', 'configure-daemon']);
    expect(kinds(plan(client, { ...fresh, os: rhel, packageManager: 'dnf' })).at(-1)).toBe('set-units');
  });
});

describe('with PTP', () => {
  const fresh: Partial<ConfigureFacts> = {
    packages: {
      chrony: { installed: null, candidate: '4.3' },
      linuxptp: { installed: null, candidate: '3.1' },
      'systemd-timesyncd': { installed: '252', candidate: '252' },
    },
    units: { 'systemd-timesyncd.service': on },
    machine: { ...machine, programs: [] },
  };

  test('only the daemon replaces the old one, and the unit of ptp4l is started on Debian too', () => {
    const actions = plan({ ...client, ptp }, fresh);
    expect(actions).toContainEqual({ kind: 'install-package', package: 'linuxptp', removes: [], purge: [] });
    expect(actions.at(-1)).toEqual({
      kind: 'set-units',
      units: { 'chrony.service': on, 'ptp4l@eth0.service': on },
    });
  });

  test('until timemaster runs, chronyd has a unit of its own', () => {
    expect(plan(timemaster, { ...fresh, files: {} })).toContainEqual(
      expect.objectContaining({ kind: 'configure-daemon', daemon: 'chronyd', unit: 'chrony.service' }),
    );
  });

  test('without a package manager linuxptp is missed by name', () => {
    const bare = { packageManager: 'none', packages: {}, machine } as const;
    expect(problems({ ...client, ptp }, bare)).toContain(
      'error: linuxptp is not there, and no package manager',
    );
  });
});

describe('the rest', () => {
  test('each firewall that a packet must pass is opened', () => {
    const also = { backend: 'nftables', opened: ['10.2.0.1'] } as const;
    const opens = (backend: string): unknown => ({
      kind: 'open-firewall',
      backend,
      networks: ['10.2.0.0/16'],
    });
    expect(plan(server, { files: written(server), firewall: { backend: 'ufw', opened: [], also } })).toEqual([
      opens('ufw'),
      opens('nftables'),
    ]);
  });

  test('a crontab that is a link is left alone', () => {
    const files = { ...written(client), '/etc/cron.d/a': { kind: 'link', target: '/opt/a' } as const };
    expect(plan(client, { files, clockJobs: { '/etc/cron.d/a': ['* * * * * root ntpdate a'] } })).toEqual([]);
  });

  test('a zone that is linked relatively is the same, and RHEL has no second place for its name', () => {
    const zoned = { ...client, timezone: 'Asia/Shanghai' };
    const linked = {
      '/etc/localtime': { kind: 'link', target: '../usr/share/zoneinfo/Asia/Shanghai' },
    } as const;
    expect(plan(zoned, { files: { ...written(client), ...linked } })).toMatchObject([
      { kind: 'put-file', path: '/etc/timezone' },
    ]);
    const files = { ...written(client, 'rhel'), ...linked };
    expect(plan(zoned, { files, os: rhel, units: { 'chronyd.service': on } })).toEqual([]);
  });

  test('RHEL has no timesyncd, and that is said', () => {
    expect(problems({ ...client, daemon: 'systemd-timesyncd' }, { os: rhel })).toBe(
      'error: RHEL 9 has no systemd-timesyncd.',
    );
  });

  test('lists that do not know a package are of no interest once it is there', () => {
    expect(problems(client, { packages: { chrony: { installed: '4.3', candidate: null } } })).toBe('');
  });
});
