import { expect, test } from 'vitest';
import { type Action, undoOrder } from './actions.ts';

const fetch: Action = { kind: 'fetch-packages', packages: ['chrony'] };
const install: Action = { kind: 'install-package', package: 'chrony', removes: [], purge: [] };
const swap: Action = { ...install, removes: ['systemd-timesyncd'] };
const files: Action = { kind: 'configure-daemon', daemon: 'chronyd', unit: 'chrony.service', files: [] };
const handOver: Action = { kind: 'set-units', units: {} };
const zone: Action = { kind: 'put-file', path: '/etc/timezone', state: { kind: 'absent' } };

function undone(...actions: readonly Action[]): readonly (Action | undefined)[] {
  return undoOrder(actions).map((index) => actions[index]);
}

test('last first', () => {
  expect(undone(files, handOver, zone)).toEqual([zone, handOver, files]);
  expect(undone()).toEqual([]);
});

test('the old package comes back before everything else', () => {
  expect(undone(fetch, swap, files, zone)).toEqual([swap, zone, files, fetch]);
});

test('a daemon that replaced no package goes before its files, without which it cannot restart', () => {
  expect(undone(fetch, install, files, zone)).toEqual([zone, install, files, fetch]);
});

test('it goes after the hand-over that gives the clock back to another', () => {
  expect(undone(fetch, install, files, handOver, zone)).toEqual([zone, handOver, install, files, fetch]);
  expect(undone(fetch, install)).toEqual([fetch, install]);
});
