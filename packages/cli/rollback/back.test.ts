import type { AgentJob } from '@clockwarden/adapters/configure';
import type { ConfigureFacts, RememberedRun } from '@clockwarden/core/configure';
import { runningUnit as running, testFacts } from '@clockwarden/testkit/configure';
import { expect, test } from 'vitest';
import { notBack } from './back.ts';
import type { UndoneRun } from './prepare.ts';

const facts = testFacts({
  packages: {
    chrony: { installed: null, candidate: '4.3' },
    'systemd-timesyncd': { installed: '252', candidate: '252' },
  },
  units: { 'systemd-timesyncd.service': running },
  files: { '/etc/timezone': { kind: 'absent' } },
});

const run: RememberedRun = {
  id: '20261122T120000Z-0001',
  operator: 'ann@desk',
  startedUnixSeconds: 0,
  state: 'rolled-back',
  actions: 2,
  undoOrder: [],
  done: [],
  undone: [],
  begun: null,
  digest: '',
};

const swap: AgentJob['actions'][number] = {
  action: { kind: 'install-package', package: 'chrony', removes: ['systemd-timesyncd'], purge: [] },
  inverse: { kind: 'install-package', package: 'systemd-timesyncd', removes: ['chrony'], purge: [] },
};
const zone: AgentJob['actions'][number] = {
  action: { kind: 'put-file', path: '/etc/timezone', state: { kind: 'link', target: 'x' } },
  inverse: { kind: 'put-file', path: '/etc/timezone', state: { kind: 'absent' } },
};

function undone(...job: AgentJob['actions']): readonly UndoneRun[] {
  return [{ run, job }];
}

test('a node with its files, its package and a running daemon is back', () => {
  expect(notBack(undone(swap, zone), facts)).toBe(null);
});

test.each<[string, Partial<ConfigureFacts>, string]>([
  ['a file', { files: { '/etc/timezone': { kind: 'link', target: 'x' } } }, '/etc/timezone'],
  [
    'a package',
    { packages: { 'systemd-timesyncd': { installed: null, candidate: null } } },
    'systemd-timesyncd',
  ],
  ['a package of which nobody knows', { packages: {} }, 'systemd-timesyncd'],
  ['its daemon', { units: { 'systemd-timesyncd.service': { ...running, active: false } } }, 'daemon'],
])('a node without %s is not', (_, change, named) => {
  expect(notBack(undone(swap, zone), { ...facts, ...change })?.en).toContain(named);
});

test('who had no daemon needs none, and the oldest run tells what there was', () => {
  const bare: AgentJob['actions'][number] = {
    action: { kind: 'install-package', package: 'chrony', removes: [], purge: [] },
    inverse: { kind: 'remove-package', package: 'chrony', purge: true },
  };
  const without = { ...facts, units: {} };
  expect(notBack(undone(bare), without)).toBe(null);
  expect(notBack([...undone(zone), ...undone(bare)], without)).toBe(null);
  expect(notBack([{ run, job: null }], without)).not.toBe(null);
});

const off = { active: false, enabled: false, masked: false };
/** A machine with ntpd and a firewall: chrony comes beside it, takes over, and serves. */
const takeOver: AgentJob['actions'] = [
  {
    action: { kind: 'install-package', package: 'chrony', removes: [], purge: [] },
    inverse: { kind: 'remove-package', package: 'chrony', purge: true },
  },
  {
    action: { kind: 'set-units', units: { 'ntpd.service': off, 'chronyd.service': running } },
    inverse: { kind: 'set-units', units: { 'ntpd.service': running, 'chronyd.service': off } },
  },
  {
    action: { kind: 'open-firewall', backend: 'ufw', networks: ['10.2.0.0/16'] },
    inverse: { kind: 'close-firewall', backend: 'ufw', networks: ['10.2.0.0/16'] },
  },
  {
    action: { kind: 'put-file', path: '/etc/cron.d/ntpdate', state: { kind: 'absent' } },
    inverse: {
      kind: 'put-file',
      path: '/etc/cron.d/ntpdate',
      state: {
        kind: 'file',
        content: btoa('* * * * * root ntpdate a\n'),
        mode: 0o644,
        owner: 'root',
        group: 'root',
      },
    },
  },
];
const crontab = takeOver.at(-1)?.inverse;
const original = testFacts({
  packages: { chrony: { installed: null, candidate: '4.3' } },
  units: { 'ntpd.service': running },
  firewall: { backend: 'ufw', opened: ['192.168.0.0/24'] },
  files: crontab?.kind === 'put-file' ? { [crontab.path]: crontab.state } : {},
});

test('a node whose packages went, whose daemon came back and whose firewall is shut is back', () => {
  expect(notBack(undone(...takeOver), original)).toBe(null);
  const alone = { ...original, firewall: null };
  expect(notBack(undone(...takeOver), alone)).toBe(null);
});

test.each<[Partial<ConfigureFacts>, en: string, zh: string]>([
  [
    { packages: { chrony: { installed: '4.3', candidate: '4.3' } } },
    'Not removed again: chrony.',
    '未重新移除：chrony。',
  ],
  [
    { packages: { chrony: { installed: null, candidate: '4.3', configFiles: true } } },
    'Not removed again: chrony.',
    '未重新移除：chrony。',
  ],
  [
    { units: { 'ntpd.service': { ...off, masked: true }, 'chronyd.service': running } },
    'ntpd.service does not run and is not enabled and is masked, other than before. chronyd.service runs and is enabled, other than before.',
    '与之前不同，ntpd.service 没有运行且未启用且已屏蔽。与之前不同，chronyd.service 正在运行且已启用。',
  ],
  [
    { firewall: { backend: 'ufw', opened: ['192.168.0.0/24', '10.0.0.0/8'] } },
    'Still open for UDP 123: 10.2.0.0/16 (ufw).',
    'UDP 123 仍然放行：10.2.0.0/16 (ufw)。',
  ],
  [
    { firewall: { backend: 'iptables', opened: [], also: { backend: 'ufw', opened: ['all'] } } },
    'Still open for UDP 123: 10.2.0.0/16 (ufw).',
    'UDP 123 仍然放行：10.2.0.0/16 (ufw)。',
  ],
  [{ files: {} }, 'Not what it was: /etc/cron.d/ntpdate.', '未恢复原状：/etc/cron.d/ntpdate。'],
  [
    { packages: { chrony: { installed: '4.3', candidate: '4.3' } }, files: {} },
    'Not what it was: /etc/cron.d/ntpdate. Not removed again: chrony.',
    '未恢复原状：/etc/cron.d/ntpdate。未重新移除：chrony。',
  ],
])('and one of which something stayed is not: %j', (change, en, zh) => {
  expect(notBack(undone(...takeOver), { ...original, ...change })).toEqual({ en, 'zh-CN': zh });
});

test('of several runs the oldest tells what there was', () => {
  const again: AgentJob['actions'][number] = {
    action: { kind: 'set-units', units: { 'ntp.service': off, 'chrony.service': running } },
    inverse: { kind: 'set-units', units: { 'ntp.service': running, 'chrony.service': running } },
  };
  // chrony came with the older run, and its unit goes with it.
  const both = [...undone(again), ...undone(swap)];
  const back = { ...facts, units: { ...facts.units, 'ntp.service': running } };
  expect(notBack(both, back)).toBe(null);
  expect(notBack(both, facts)?.en).toBe('ntp.service does not run and is not enabled, other than before.');
});
