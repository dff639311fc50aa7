import { describe, expect, it } from 'vitest';
import type { DaemonKind, HostState } from '../observe/index.ts';
import { expertCommands, expertPurposes } from './index.ts';

function host(os: string): HostState {
  return { os, osName: null, kernel: null, bootTimeSeconds: null, chronyVersion: null };
}

function lines(...args: Parameters<typeof expertCommands>): string {
  return expertCommands(...args)
    .map((one) => one.command)
    .join('\n');
}

const daemons: readonly (DaemonKind | null)[] = [
  'chronyd',
  'systemd-timesyncd',
  'ntpd',
  'ntpsec',
  'openntpd',
  'phc2sys',
  'vm-tools',
  null,
];

describe('expertCommands', () => {
  it('uses the names of Debian for chrony', () => {
    expect(lines(host('debian'), 'chronyd', 'state')).toContain('systemctl status chrony\n'.trim());
    expect(lines(host('ubuntu debian'), 'chronyd', 'configuration')).toContain('/etc/chrony/chrony.conf');
    expect(lines(host('ubuntu debian'), 'chronyd', 'configuration')).not.toContain('/etc/chrony.conf');
  });

  it('uses the names of the RHEL kin for chrony', () => {
    for (const os of ['rhel fedora', 'rocky rhel centos fedora', 'openEuler', 'kylin', 'anolis']) {
      expect(lines(host(os), 'chronyd', 'state')).toContain('systemctl status chronyd');
      expect(lines(host(os), 'chronyd', 'configuration')).toContain('/etc/chrony.conf');
    }
  });

  it('gives the names of all where the distribution is unknown, each with those where it is right', () => {
    const shown = expertCommands(null, 'chronyd', 'configuration').map(
      ({ command, meaning }) =>
        `${command.split(' ').at(-1)} ${meaning.en.replace(/^.* (?=\([^(]*\)$)/, '')}`,
    );
    expect(shown).toEqual([
      '/etc/chrony.conf (RHEL, SUSE, Arch)',
      '/etc/chrony.conf (RHEL, SUSE, Arch)',
      '/etc/chrony/chrony.conf (Debian, Ubuntu, Alpine)',
      '/etc/chrony/chrony.conf (Debian, Ubuntu, Alpine)',
    ]);
    const logs = expertCommands(null, 'chronyd', 'logs').map(({ command }) => command);
    expect(logs).toEqual([
      expect.stringMatching(/journalctl -u chronyd /),
      expect.stringMatching(/journalctl -u chrony /),
      'sudo grep chronyd /var/log/messages',
    ]);
  });

  it('never lets a server name become shell syntax', () => {
    expect(lines(null, 'chronyd', 'measure', 'ntp1.example.cn')).toContain("'server ntp1.example.cn iburst'");
    expect(lines(null, null, 'measure', '::1')).toContain('ntpdate -q ::1');
    for (const evil of ["x'; rm -rf /; '", '$(id)', '-oProxyCommand=x', 'a b', 'a\nb', '`id`', '']) {
      expect(lines(null, 'chronyd', 'measure', evil)).toContain("'server SERVER iburst'");
    }
  });

  it('has something for every daemon and purpose, in both languages, and marks what changes the node', () => {
    for (const daemon of daemons) {
      for (const purpose of expertPurposes) {
        const commands = expertCommands(null, daemon, purpose);
        expect(commands.length).toBeGreaterThan(0);
        for (const { command, meaning, root, changes } of commands) {
          expect(meaning.en).not.toBe('');
          expect(meaning['zh-CN']).toMatch(/\p{Script=Han}/u);
          expect(command).not.toContain('\n');
          expect(root).toBe(command.startsWith('sudo '));
          if (changes) expect(['resync', 'timezone']).toContain(purpose);
        }
      }
    }
  });
});
