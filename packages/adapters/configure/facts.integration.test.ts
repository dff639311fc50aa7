import { existsSync } from 'node:fs';
import type { NodeSpec } from '@clockwarden/core/inventory';
import { defaultSources, type SshConfig } from '@clockwarden/core/policy';
import { startSshd } from '@clockwarden/testkit/daemons';
import { expect, test } from 'vitest';
import { type GatheredFacts, gatherFacts, openLogins } from './index.ts';

test('the facts of a machine are gathered over a real sshd, and of a dead one why not', async () => {
  const sshd = await startSshd();
  const ssh: SshConfig = { ...defaultSources.ssh, configFile: sshd.sshConfig, sudo: 'never' };
  const logins = openLogins(ssh);
  try {
    // `node` is the host of the test's ssh_config; its port there is the daemon's.
    const node = (name: string, port?: number): NodeSpec => ({
      name,
      address: 'node',
      roles: ['worker'],
      ssh: port === undefined ? {} : { port },
      origin: 'test',
    });
    const found = new Map<string, GatheredFacts>();
    await gatherFacts(
      [node('living'), node('dead', 1)],
      logins,
      new AbortController().signal,
      ({ name }, facts) => {
        found.set(name, facts);
      },
    );
    const living = found.get('living');
    expect(living).toMatchObject({
      ok: true,
      facts: {
        os: { id: 'debian' },
        packageManager: 'apt',
        files: {
          '/etc/localtime': { kind: expect.any(String) },
          '/etc/linuxptp/ptp4l.conf': { kind: expect.any(String) },
        },
        machine: {
          hardwareClocks: expect.any(Object),
          programs: expect.any(Array),
          leapSeconds: { rightUtc: existsSync('/usr/share/zoneinfo/right/UTC') },
        },
      },
    });
    expect(found.get('dead')).toMatchObject({ ok: false, failure: { code: 'refused' } });
  } finally {
    await logins.close();
    await sshd.stop();
  }
});
