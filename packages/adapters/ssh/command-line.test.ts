import type { NodeSpec, SshTarget } from '@clockwarden/core/inventory';
import { defaultSources, type SshConfig } from '@clockwarden/core/policy';
import { expect, test } from 'vitest';
import { loginFor } from './command-line.ts';

const login = (address: string, ssh: SshTarget = {}, config: Partial<SshConfig> = {}) => {
  const node: NodeSpec = { name: 'n', address, roles: [], ssh, origin: 'test' };
  return loginFor(node, { ...defaultSources.ssh, ...config });
};

test('without settings the user’s ssh_config decides on user, port and key', () => {
  const found = login('node3');
  const args = found?.args ?? [];
  expect(found?.target).toBe('node3');
  expect(args.slice(-2)).toEqual(['--', 'node3']);
  for (const option of ['-F', '-p', '-l', '-i']) expect(args).not.toContain(option);
});

test('the node goes before the policy, and extra arguments follow both', () => {
  const policy = {
    user: 'admin',
    port: 22,
    identityFile: '/k',
    configFile: '/c',
    extraArguments: ['-J', 'bastion'],
  };
  const found = login('fd00::5', { user: 'root', port: 2222, extraArguments: ['-4'] }, policy);
  expect(found?.args.slice(-13)).toEqual([
    '-F',
    '/c',
    '-p',
    '2222',
    '-l',
    'root',
    '-i',
    '/k',
    '-J',
    'bastion',
    '-4',
    '--',
    'fd00::5',
  ]);
  expect(found?.target).toBe('root@fd00::5 -p 2222');
  expect(found?.copyKeyCommand).toBe('ssh-copy-id -p 2222 root@fd00::5');
});

test('no setting of the user comes before those that keep a login safe', () => {
  const args = login('n', { extraArguments: ['-o', 'StrictHostKeyChecking=no'] })?.args ?? [];
  const strict = args.indexOf('StrictHostKeyChecking=yes');
  expect(strict).toBeGreaterThan(-1);
  expect(strict).toBeLessThan(args.indexOf('StrictHostKeyChecking=no'));
  expect(args).toContain('BatchMode=yes');
});

test('the command that accepts a key can be pasted into a shell', () => {
  const found = login('n', { extraArguments: ['-o', "ProxyCommand=nc 'a' %h"] }, { user: 'root' });
  expect(found?.acceptCommand).toBe(
    `ssh -o StrictHostKeyChecking=ask -l root -o 'ProxyCommand=nc '\\''a'\\'' %h' n true`,
  );
});

test.each([
  '-oProxyCommand=x',
  '',
  'a b',
  'a\nb',
  '$(x)',
  '`x`',
  'a;b',
  'a|b',
  "a'b",
  'a"b',
  'a\\b',
  '%h{x}',
])('neither host nor user may be %j', (name) => {
  expect(login(name)).toBeNull();
  expect(login('n', { user: name })).toBeNull();
  expect(login('n', {}, { user: name })).toBeNull();
});

test.each(['10.0.0.1', 'fe80::1%eth0', 'node-1.example.com', 'bastion_2', '节点'])('%s is a name', (name) => {
  expect(login(name)).not.toBeNull();
});
