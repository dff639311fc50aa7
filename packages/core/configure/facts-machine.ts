/** What the machine itself brings to its time, from two sections that the fact-gathering script prints. */
import { outputOf, type Report } from '../node-report/index.ts';
import type { MachineFacts } from './facts.ts';

/** The kernel's `comm` of what sets or steers a clock, or can be told to: 15 characters of it. */
const clockPrograms: ReadonlySet<string> = new Set([
  'chronyd',
  'ntpd',
  'openntpd',
  'systemd-timesyn',
  'phc2sys',
  'ptp4l',
  'timemaster',
  'ts2phc',
  'vmtoolsd',
  'VBoxService',
  'qemu-ga',
  'hv_utils',
]);

/** `clock PATH`, `host DEVICE`, `container KIND`, `leap right|list`, `vmware Enabled|Disabled`. Null: not printed. */
export function machineOf(report: Report): MachineFacts | null {
  const output = outputOf(report, 'machine');
  if (output === null) return null;
  const values = (word: string): readonly string[] =>
    output.split('\n').flatMap((line) => (line.startsWith(`${word} `) ? [line.slice(word.length + 1)] : []));
  const [vmware] = values('vmware');
  const leap = values('leap');
  return {
    hardwareClocks: Object.fromEntries(
      values('clock').flatMap((path) => {
        const match = /^\/sys\/class\/net\/([\w.-]{1,15})\/device\/ptp\/(ptp\d{1,4})$/.exec(path);
        return match === null ? [] : [[match[1] ?? '', `/dev/${match[2] ?? ''}`] as const];
      }),
    ),
    hostClock: values('host')[0] ?? null,
    container: values('container')[0] ?? null,
    programs: programsIn(outputOf(report, 'processes') ?? ''),
    vmwareTimesync: vmware === undefined ? null : /^enabled/i.test(vmware),
    leapSeconds: { rightUtc: leap.includes('right'), list: leap.includes('list') },
    otherSources: otherSourcesIn(outputOf(report, 'other-sources') ?? ''),
  };
}

function programsIn(processes: string): readonly string[] {
  const names = processes.split('\n').map((line) => line.trim());
  return [...new Set(names)].filter((name) => clockPrograms.has(name)).sort();
}

/** Written by DHCP hooks before chrony 4.0: bare names, which a helper gives to the running chronyd. */
const DHCP_SERVERS = /\/chrony\.servers\.[^/]*$/;

/** `file PATH`, then its lines as `line TEXT`. Files without any source are left out. */
function otherSourcesIn(output: string): MachineFacts['otherSources'] {
  const found = new Map<string, string[]>();
  let path = '';
  for (const printed of output.split('\n')) {
    const [kind = '', ...rest] = printed.split(' ');
    const value = rest.join(' ').trim();
    if (kind === 'file') path = value;
    if (kind !== 'line' || value === '') continue;
    const isBare = DHCP_SERVERS.test(path);
    if (!isBare && !/^(server|pool|peer|refclock|NTP=)/.test(value)) continue;
    found.set(path, [...(found.get(path) ?? []), isBare ? `server ${value}` : value]);
  }
  return Object.fromEntries(found);
}
