import { runningUnit, testDesign, testFacts } from '@clockwarden/testkit/configure';
import { testNode } from '@clockwarden/testkit/policy';
import { describe, expect, test } from 'vitest';
import { defaultTimesync, type TimesyncConfig } from '../policy/index.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { clockJobLines, retireClockJobs } from './clock-jobs.ts';
import type { NodeDesign } from './design.ts';
import type { ConfigureFacts, FileState } from './facts.ts';
import { planNode } from './plan-node.ts';

const timesync: TimesyncConfig = {
  ...defaultTimesync,
  topology: 'hierarchy',
  upstreams: ['a.ntp'],
  allow: ['10.2.0.0/16'],
};

const server: NodeDesign = testDesign({
  node: testNode('cp1', { address: '10.2.0.1', roles: ['control-plane'] }),
  part: 'server',
  upstreams: ['a.ntp'],
  allow: ['10.2.0.0/16'],
  orphan: true,
  timezone: 'Asia/Shanghai',
});

const fresh = testFacts({
  packages: {
    chrony: { installed: null, candidate: '4.3' },
    'systemd-timesyncd': { installed: '252', candidate: '252' },
  },
  units: { 'systemd-timesyncd.service': runningUnit },
  files: {
    '/etc/chrony/chrony.conf': { kind: 'absent' },
    '/etc/localtime': { kind: 'link', target: '/usr/share/zoneinfo/Etc/UTC' },
    '/etc/timezone': {
      kind: 'file',
      content: toBase64('Etc/UTC\n'),
      mode: 0o644,
      owner: 'root',
      group: 'root',
    },
  },
  firewall: { backend: 'ufw', opened: [] },
  runs: { etcd: true, apiserver: true },
});

const kinds = (facts: ConfigureFacts): readonly string[] =>
  planNode(server, timesync, facts).actions.map(({ action }) => action.kind);

/** The facts as they will be once the plan was carried out. */
function after(facts: ConfigureFacts): ConfigureFacts {
  const files: Record<string, FileState> = { ...facts.files };
  for (const { action } of planNode(server, timesync, facts).actions) {
    if (action.kind === 'put-file') files[action.path] = action.state;
    if (action.kind === 'configure-daemon') {
      for (const { path, state } of action.files) files[path] = state;
    }
  }
  return {
    ...facts,
    files,
    clockJobs: {},
    packages: {
      chrony: { installed: '4.3', candidate: '4.3' },
      'systemd-timesyncd': { installed: null, candidate: '252' },
    },
    units: { 'chrony.service': { active: true, enabled: true, masked: false } },
    firewall: { backend: 'ufw', opened: ['10.2.0.0/16'] },
  };
}

describe('a fresh machine with timesyncd', () => {
  test('fetches first, swaps the daemons in one step, has the file checked before it is put', () => {
    expect(kinds(fresh)).toEqual([
      'fetch-packages',
      'install-package',
      'configure-daemon',
      'open-firewall',
      'put-file',
      'put-file',
    ]);
  });

  test('can go back: the old package is fetched too, and installing it removes the new one', () => {
    const [fetch, install] = planNode(server, timesync, fresh).actions;
    expect(fetch?.action).toEqual({ kind: 'fetch-packages', packages: ['chrony', 'systemd-timesyncd'] });
    expect(install?.inverse).toEqual({
      kind: 'install-package',
      package: 'systemd-timesyncd',
      removes: ['chrony'],
      purge: ['chrony'],
    });
  });

  test('every put has the state before it as its inverse', () => {
    for (const { action, inverse } of planNode(server, timesync, fresh).actions) {
      if (action.kind === 'put-file') expect(inverse).toEqual({ ...action, state: fresh.files[action.path] });
    }
  });

  test('a second plan is empty, in whatever order the node told the state of a file', () => {
    const facts = after(fresh);
    expect(kinds(facts)).toEqual([]);
    const files = Object.entries(facts.files).map(([path, state]) => [
      path,
      Object.fromEntries(Object.entries(state).reverse()),
    ]);
    expect(kinds({ ...facts, files: Object.fromEntries(files) })).toEqual([]);
  });
});

describe('`firewall: off` leaves the firewall alone', () => {
  const opens = (design: NodeDesign, config: TimesyncConfig): boolean =>
    planNode(design, config, fresh).actions.some(({ action }) => action.kind === 'open-firewall');

  test('for the cluster, or for one node', () => {
    expect(opens(server, timesync)).toBe(true);
    expect(opens(server, { ...timesync, firewall: 'off' })).toBe(false);
    expect(opens({ ...server, overrides: { firewall: 'off' } }, timesync)).toBe(false);
  });

  test('a node that has it on is opened all the same', () => {
    expect(opens({ ...server, overrides: { firewall: 'auto' } }, { ...timesync, firewall: 'off' })).toBe(
      true,
    );
  });
});

test('package lists that do not know the package are no obstacle yet, and it is said', () => {
  const plan = planNode(server, timesync, { ...fresh, packages: {} });
  expect(plan.problems.map(({ severity }) => severity)).toEqual(['warning']);
  expect(plan.actions[0]?.action).toEqual({ kind: 'fetch-packages', packages: ['chrony'] });
});

describe('without a package manager', () => {
  const bare = testFacts({ packageManager: 'none', packages: {}, units: {} });

  test('a daemon that systemd knows is there, and is configured as it is', () => {
    const facts = { ...bare, units: { 'chrony.service': { ...runningUnit, active: false } } };
    expect(planNode(server, timesync, facts).problems).toEqual([]);
    expect(kinds(facts)).toEqual(['configure-daemon', 'set-units', 'put-file', 'put-file']);
  });

  test.each([
    ['unknown', {}],
    ['masked', { 'chrony.service': { active: false, enabled: false, masked: true } }],
  ])('one whose unit is %s is not, and nothing can bring it', (_, units) => {
    const plan = planNode(server, timesync, { ...bare, units });
    expect(plan.actions).toEqual([]);
    expect(plan.problems.map(({ text: words }) => words.en)).toEqual([
      'chrony is not there, and no package manager that Clockwarden knows (apt, dnf, yum).',
    ]);
  });
});

test('whom chronyd becomes is left as it was', () => {
  const confOf = (content: string): string => {
    const state = {
      kind: 'file',
      content: toBase64(content),
      mode: 0o644,
      owner: 'root',
      group: 'root',
    } as const;
    const { actions } = planNode(
      server,
      timesync,
      testFacts({ files: { '/etc/chrony/chrony.conf': state } }),
    );
    const [first] = actions.flatMap(({ action }) => (action.kind === 'configure-daemon' ? action.files : []));
    return first?.state.kind === 'file' ? fromBase64(first.state.content) : '';
  };
  expect(confOf('pool p\n  User chrony\n')).toMatch(/^user chrony$/m);
  expect(confOf('pool p\n#user chrony\nuser root; reboot\n')).not.toMatch(/^user/m);
});

describe('what stands in the way', () => {
  test('a second daemon is retired after the new configuration is valid', () => {
    const facts = after(fresh);
    const twice = {
      ...facts,
      units: { ...facts.units, 'ntpd.service': { active: true, enabled: true, masked: false } },
    };
    const [action] = planNode(server, timesync, twice).actions;
    const own = { active: true, enabled: true, masked: false };
    expect(action?.action).toEqual({
      kind: 'set-units',
      units: {
        'ntpd.service': { active: false, enabled: false, masked: false },
        'chrony.service': own,
      },
    });
    expect(action?.inverse).toEqual({
      kind: 'set-units',
      units: { 'ntpd.service': { active: true, enabled: true, masked: false }, 'chrony.service': own },
    });
  });

  test('a crontab loses only the lines that set the clock', () => {
    const crontab = '# m h\n*/5 * * * * root /usr/sbin/ntpdate -b pool.ntp.org\n0 1 * * * root backup\n';
    const facts: ConfigureFacts = {
      ...after(fresh),
      clockJobs: { '/etc/cron.d/ntpdate': clockJobLines(crontab) },
      files: {
        ...after(fresh).files,
        '/etc/cron.d/ntpdate': {
          kind: 'file',
          content: toBase64(crontab),
          mode: 0o644,
          owner: 'root',
          group: 'root',
        },
      },
    };
    const [only] = planNode(server, timesync, facts).actions;
    if (only?.action.kind !== 'put-file' || only.action.state.kind !== 'file')
      throw new Error('it puts the file');
    expect(fromBase64(only.action.state.content)).toBe(
      '# m h\n# retired by Clockwarden: */5 * * * * root /usr/sbin/ntpdate -b pool.ntp.org\n0 1 * * * root backup\n',
    );
  });

  test.each([
    ['an unknown distribution', { os: { id: 'plan9', like: '', name: 'Plan 9' } }, /not supported/],
    ['no root', { privilege: 'none' }, /sudo/],
    ['no systemd', { systemd: false }, /systemd does not run/],
    [
      'a directory where a file goes',
      { files: { '/etc/chrony/chrony.conf': { kind: 'other', what: 'a directory' } } },
      /left alone/,
    ],
  ] as const)('%s: the node is not touched, and the plan says why', (_, facts, message) => {
    const plan = planNode(server, timesync, { ...fresh, ...facts });
    expect(plan.actions).toEqual([]);
    expect(plan.problems.map((problem) => problem.text.en).join('\n')).toMatch(message);
  });
});

test.each([
  ['*/5 * * * * root ntpdate -u 10.0.0.1', true],
  ['0 * * * * root /usr/sbin/hwclock --hctosys', true],
  ['0 * * * * root date -s "$(ssh master date)"', true],
  ['0 * * * * root chronyd -q "server a iburst"', true],
  ['0 * * * * root date +%s > /tmp/now', false],
  ['#*/5 * * * * root ntpdate a', false],
  ['0 * * * * root hwclock --systohc', false],
])('%j sets the clock: %s', (line, sets) => {
  expect(clockJobLines(`${line}\n`).length === 1).toBe(sets);
  expect(clockJobLines(retireClockJobs(`${line}\n`))).toEqual([]);
});

test('Base64 as everybody has it', () => {
  for (const [bytes, encoded] of [
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foo', 'Zm9v'],
    ['\u00ff\u0000', '/wA='],
  ] as const) {
    expect(toBase64(bytes)).toBe(encoded);
    expect(fromBase64(encoded)).toBe(bytes);
  }
});
