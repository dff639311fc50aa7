import { describe, expect, test } from 'vitest';
import { parseReport } from '../node-report/index.ts';
import { toBase64 } from './base64.ts';
import { configureFactsOf } from './facts-report.ts';

const marker = '=0123';

/** Sections as the script prints them; a status other than 0 behind a bar in the name. */
function printed(sections: Readonly<Record<string, string>>): string {
  return Object.entries(sections)
    .map(([name, output]) => {
      const [title, status = '0'] = name.split('|');
      return `\n${marker} ${title}\n${output}\n${marker} =${status}\n`;
    })
    .join('');
}

const path = (name: string): string => toBase64(name);

const debian = {
  privilege: 'sudo\n',
  os: 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n',
  systemd: '',
  units:
    'Id=chrony.service\nLoadState=loaded\nActiveState=inactive\nUnitFileState=disabled\n\nId=systemd-timesyncd.service\nLoadState=loaded\nActiveState=active\nUnitFileState=enabled\n\nId=ntp.service\nLoadState=masked\nActiveState=inactive\nUnitFileState=masked\n\nId=openntpd.service\nLoadState=not-found\nActiveState=inactive\nUnitFileState=\n',
  manager: 'apt\n',
  installed: 'chrony 4.3-2 config-files\nsystemd-timesyncd 252.39-1 installed\n',
  candidates:
    'chrony:\n  Installed: (none)\n  Candidate: 4.3-2+deb12u3\n  Version table:\n     4.3-2 500\nopenntpd:\n  Installed: (none)\n  Candidate: (none)\n',
  files: `absent ${path('/etc/chrony/chrony.conf')}\nlink ${path('/etc/localtime')} ${toBase64('/usr/share/zoneinfo/Etc/UTC')}\nfile ${path('/etc/timezone')} 644 root root ${toBase64('Etc/UTC\n')}\nother ${path('/etc/chrony.conf')} a directory\n`,
  crontabs: `file ${path('/etc/cron.d/a b')} 644 root root ${toBase64('* * * * * root ntpdate x\n')}\nfile ${path('/etc/crontab')} 644 root root ${toBase64('# date\n')}\n`,
  processes: 'systemd\netcd\nkube-apiserver\n',
  end: '',
};

describe('the facts of a node', () => {
  test('are what was printed', () => {
    expect(configureFactsOf(parseReport(printed(debian), marker))).toEqual({
      os: { id: 'debian', like: '', name: 'Debian GNU/Linux 12 (bookworm)' },
      privilege: 'sudo',
      systemd: true,
      packageManager: 'apt',
      packages: {
        // Removed, but not purged.
        chrony: { installed: null, candidate: '4.3-2+deb12u3', configFiles: true },
        openntpd: { installed: null, candidate: null },
        'systemd-timesyncd': { installed: '252.39-1', candidate: null },
      },
      units: {
        'chrony.service': { active: false, enabled: false, masked: false },
        'systemd-timesyncd.service': { active: true, enabled: true, masked: false },
        'ntp.service': { active: false, enabled: false, masked: true },
      },
      files: {
        '/etc/chrony/chrony.conf': { kind: 'absent' },
        '/etc/localtime': { kind: 'link', target: '/usr/share/zoneinfo/Etc/UTC' },
        '/etc/timezone': {
          kind: 'file',
          mode: 0o644,
          owner: 'root',
          group: 'root',
          content: toBase64('Etc/UTC\n'),
        },
        '/etc/chrony.conf': { kind: 'other', what: 'a directory' },
        '/etc/cron.d/a b': {
          kind: 'file',
          mode: 0o644,
          owner: 'root',
          group: 'root',
          content: toBase64('* * * * * root ntpdate x\n'),
        },
      },
      firewall: null,
      clockJobs: { '/etc/cron.d/a b': ['* * * * * root ntpdate x'] },
      runs: { etcd: true, apiserver: true },
    });
  });

  test('are none when the script was cut off: a part is not the whole', () => {
    const whole = printed(debian);
    for (let length = 0; length < whole.length - 6; length += 7) {
      expect(configureFactsOf(parseReport(whole.slice(0, length), marker))).toBeNull();
    }
  });

  test('no systemd is the failure of its test', () => {
    const { systemd, ...rest } = debian;
    expect(configureFactsOf(parseReport(printed({ ...rest, 'systemd|1': systemd }), marker))?.systemd).toBe(
      false,
    );
  });
});
