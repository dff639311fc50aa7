import { chmodSync, cpSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unpackDebian } from '../daemons/index.ts';

/** Who wants a password for sudo; full of what a shell, a line or a file could take for something else. */
export const SUDO_PASSWORD = `corréct hörse $(x) "'`;

/** A line for each command that somebody wanted to run as root, granted or not. */
export const SUDO_LOG = '/usr/local/state/sudo.log';

/**
 * Names and what stands for them in /etc/shadow. `op` gives SUDO_PASSWORD, `free` may `sh -s` without one, `reader` what
 * docs/reference/node-changes.md gives to an observer, `plain` is nobody.
 */
export const sudoUsers: Readonly<Record<string, string>> = {
  op: '$6$clockwarden$YEl6jXOcI8S5otfionoNkf9EicjqGKMLlJixTasB/WKjlxaze8AXE6W4zfjt/n6Bu14H3F1W/N2Vf3aErU6vi.',
  free: '*',
  reader: '*',
  plain: '*',
};

/** A real sudo in /usr/local of the node, with its own configuration of PAM. */
export async function installSudo(
  at: (path: string) => string,
  enter: (command: string) => Promise<void>,
): Promise<void> {
  const sudo = (await unpackDebian(['sudo'])).path('usr/bin/sudo');
  cpSync(sudo, at('/usr/local/sbin/sudo'));
  chmodSync(at('/usr/local/sbin/sudo'), 0o4755);
  cpSync(join(dirname(sudo), '../libexec/sudo'), at('/usr/local/lib'), {
    recursive: true,
    dereference: true,
  });
  const write = (path: string, lines: readonly string[], mode = 0o644): void => {
    writeFileSync(at(path), `${lines.join('\n')}\n`, { mode });
  };
  write('/etc/sudo.conf', [
    'Plugin sudoers_policy /usr/local/lib/sudoers.so',
    'Plugin sudoers_audit /usr/local/lib/sudoers.so',
    'Path noexec /usr/local/lib/sudo_noexec.so',
  ]);
  const reports = ['serverstats', 'ntpdata', 'selectdata'].map(
    (name) => `/usr/local/sbin/chronyc -c -n ${name}`,
  );
  const rules = [
    'op ALL=(ALL) ALL',
    'free ALL=(root) NOPASSWD: /bin/sh -s, /usr/bin/sh -s',
    `reader ALL=(root) NOPASSWD: ${reports.join(', ')}`,
  ];
  write(
    '/etc/sudoers',
    [
      'Defaults use_pty, !syslog',
      `Defaults logfile=${SUDO_LOG}, loglinelen=0`,
      'root ALL=(ALL) ALL',
      ...rules,
    ],
    0o440,
  );
  write('/etc/pam.d/sudo', [
    'auth required pam_unix.so nodelay',
    'account required pam_permit.so',
    'session required pam_permit.so',
  ]);
  // A setuid program looks for its libraries nowhere but in the cache.
  await enter('ldconfig');
}
