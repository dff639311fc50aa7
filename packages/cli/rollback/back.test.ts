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
