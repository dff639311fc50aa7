import type { FuzzTarget } from '@clockwarden/testkit/fuzz';
import { factsOfReport, parseReport } from './index.ts';

const marker = '=0123456789abcdef';
const section = (name: string, output: string, status = 0): string =>
  `\n${marker} ${name}\n${output}\n${marker} =${status}\n`;

const printed = [
  section('clock', `clock perl\nstep mono 1 1700000000000000000 2\ntimex ${'00'.repeat(208)}\n`),
  section(
    'processes',
    '/proc/9/comm:ntpd\n/proc/9/cmdline:ntpd\0-g\n/proc/9/cgroup:0::/system.slice/ntp.service\n',
  ),
  section(
    'files',
    '/etc/os-release:ID="debian"\n/proc/uptime:10.25 3.00\n/etc/chrony/chrony.conf:server a\n',
  ),
  section('readlink /etc/localtime', '/usr/share/zoneinfo/Asia/Shanghai\n'),
  section('test -e /etc/localtime', ''),
  section('date +%z', '+0800\n'),
  section('systemctl show', 'Id=ntp.service\nLoadState=loaded\nActiveState=active\nUnitFileState=enabled\n'),
  section('timedatectl', '       Time zone: Asia/Hong_Kong (HKT, +0800)\nNTP synchronized: yes\n'),
  section(
    'ntpq -n -c rv 0',
    'leap=00, stratum=3, rootdelay=20.000, rootdisp=15.000, refid=GPS, offset=-1.5\n',
  ),
].join('');

export const fuzz: FuzzTarget = {
  name: 'node-report',
  seeds: () => [new TextEncoder().encode(printed)],
  run: (input) => {
    factsOfReport(parseReport(new TextDecoder().decode(input), marker), null, 1_700_000_000);
  },
};
