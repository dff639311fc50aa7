import { expect, test } from 'vitest';
import type { WritableState } from './actions.ts';
import { toBase64 } from './base64.ts';
import type { FileState } from './facts.ts';
import { filesFound, filesLeft, otherFiles } from './job-files.ts';
import type { JobStep } from './wire-parse.ts';

function file(content: string): WritableState & { readonly kind: 'file' } {
  return { kind: 'file', content: toBase64(content), mode: 0o644, owner: 'root', group: 'root' };
}

function put(path: string, from: WritableState, to: WritableState): JobStep {
  return { action: { kind: 'put-file', path, state: to }, inverse: { kind: 'put-file', path, state: from } };
}

const zone = (name: string): WritableState => ({ kind: 'link', target: `/usr/share/zoneinfo/${name}` });

const steps: readonly JobStep[] = [
  { action: { kind: 'fetch-packages', packages: ['chrony'] }, inverse: null },
  {
    action: {
      kind: 'configure-daemon',
      daemon: 'chronyd',
      unit: 'chrony.service',
      files: [{ path: '/etc/chrony/chrony.conf', state: file('ours') }],
    },
    inverse: {
      kind: 'configure-daemon',
      daemon: 'chronyd',
      unit: 'chrony.service',
      files: [{ path: '/etc/chrony/chrony.conf', state: { kind: 'absent' } }],
    },
  },
  put('/etc/localtime', zone('Etc/UTC'), zone('Asia/Shanghai')),
  put('/etc/timezone', file('a'), file('b')),
  put('/etc/timezone', file('b'), file('c')),
];

test('a path is left as the last action left it, and was found as the first found it', () => {
  expect(filesLeft(steps, [0, 1, 3, 4]).get('/etc/timezone')).toEqual(file('c'));
  expect(filesLeft(steps, [0, 1, 3]).get('/etc/timezone')).toEqual(file('b'));
  expect(filesLeft(steps, []).size).toBe(0);
  expect(filesFound(steps).get('/etc/timezone')).toEqual(file('a'));
  expect(filesFound(steps).get('/etc/chrony/chrony.conf')).toEqual({ kind: 'absent' });
});

test.each<[string, FileState, boolean]>([
  ['/etc/timezone', file('c'), false],
  ['/etc/timezone', { ...file('c'), mode: 0o600 }, true],
  ['/etc/timezone', { ...file('c'), owner: 'ntp' }, true],
  ['/etc/timezone', file('by hand'), true],
  ['/etc/timezone', { kind: 'absent' }, true],
  ['/etc/localtime', { kind: 'link', target: '../usr/share/zoneinfo/Asia/Shanghai' }, false],
  ['/etc/localtime', { kind: 'link', target: '/usr/share/zoneinfo/Asia/Urumqi' }, true],
  ['/etc/chrony/chrony.conf', { kind: 'other', what: 'a directory' }, true],
])('%s found as %j', (path, found, differs) => {
  const left = filesLeft(steps, [0, 1, 2, 3, 4]);
  expect(otherFiles(left, { files: { [path]: found } })).toEqual(differs ? [path] : []);
});
