/** Who disciplines the clock: from the processes that run and from what systemd says of the units it knows. */
import type { DaemonKind, DaemonState } from '../observe/index.ts';
import { parseFiles } from './files.ts';

/** A process whose name may be a time daemon's. */
export interface ProcessSeen {
  /** /proc/PID/comm: at most 15 bytes of the program's name. */
  readonly name: string;
  /** /proc/PID/cmdline, words parted by NUL. */
  readonly commandLine: string;
  /** /proc/PID/cgroup. */
  readonly cgroup: string;
}

/** What `systemctl show` says of one unit. */
export interface UnitSeen {
  readonly id: string;
  readonly active: boolean;
  readonly enabled: boolean | null;
}

/** By the 15 bytes that the kernel keeps. The three programs called ntpd are told apart by {@link kindOfProcess}. */
const kindByProcessName: ReadonlyMap<string, DaemonKind> = new Map([
  ['chronyd', 'chronyd'],
  ['systemd-timesyn', 'systemd-timesyncd'],
  ['ntpd', 'ntpd'],
  ['openntpd', 'openntpd'],
  ['phc2sys', 'phc2sys'],
  ['vmtoolsd', 'vm-tools'],
  ['VBoxService', 'vm-tools'],
]);

/** Names of processes to look for in /proc/PID/comm. */
export const daemonProcessNames: readonly string[] = [...kindByProcessName.keys()];

const kindByUnit: ReadonlyMap<string, DaemonKind> = new Map([
  ['chrony.service', 'chronyd'],
  ['chronyd.service', 'chronyd'],
  ['chronyd-restricted.service', 'chronyd'],
  ['systemd-timesyncd.service', 'systemd-timesyncd'],
  ['ntp.service', 'ntpd'],
  ['ntpd.service', 'ntpd'],
  ['ntpsec.service', 'ntpsec'],
  ['openntpd.service', 'openntpd'],
  ['phc2sys.service', 'phc2sys'],
  ['open-vm-tools.service', 'vm-tools'],
  ['vmtoolsd.service', 'vm-tools'],
  ['virtualbox-guest-utils.service', 'vm-tools'],
  ['vboxadd-service.service', 'vm-tools'],
]);

/** Units to ask systemd about. */
export const daemonUnits: readonly string[] = [...kindByUnit.keys()];

/** The properties of {@link parseUnits}, to be asked of `systemctl show`. */
export const unitProperties: readonly string[] = ['Id', 'LoadState', 'ActiveState', 'UnitFileState'];

/** Output of `grep -sHa '' /proc/PID/comm /proc/PID/cmdline /proc/PID/cgroup ...`. */
export function parseProcesses(output: string): ProcessSeen[] {
  const files = parseFiles(output);
  return [...files.keys()].flatMap((path) => {
    const directory = /^(\/proc\/\d+)\/comm$/.exec(path)?.[1];
    if (directory === undefined) return [];
    const content = (name: string): string => (files.get(`${directory}/${name}`) ?? '').trimEnd();
    return [{ name: content('comm'), commandLine: content('cmdline'), cgroup: content('cgroup') }];
  });
}

/** Units that systemd has a file for; a name it does not know (`LoadState=not-found`) is left out, an alias named once. */
export function parseUnits(output: string): UnitSeen[] {
  const units = new Map<string, UnitSeen>();
  for (const block of output.split(/\n\s*\n/)) {
    const values = new Map(
      block.split('\n').map((line): [string, string] => {
        const equals = line.indexOf('=');
        return [line.slice(0, Math.max(0, equals)), line.slice(equals + 1).trim()];
      }),
    );
    const id = values.get('Id');
    const load = values.get('LoadState');
    if (id === undefined || (load !== 'loaded' && load !== 'masked')) continue;
    // Whole words: `inactive` holds `active`, and `activating` is not yet.
    const active = ['active', 'reloading'].includes(values.get('ActiveState') ?? '');
    units.set(id, { id, active, enabled: enabledOf(load, values.get('UnitFileState')) });
  }
  return [...units.values()];
}

/** systemctl(1) is-enabled. `static`, `indirect`, `generated` and the like neither start by themselves nor are barred from it. */
function enabledOf(load: string, state: string | undefined): boolean | null {
  if (load === 'masked') return false;
  if (state === 'enabled' || state === 'enabled-runtime') return true;
  return state === 'disabled' || state === 'masked' || state === 'masked-runtime' ? false : null;
}

/**
 * Daemons installed or running. A daemon is running when its process is there; systemd's `active` alone counts only
 * where the processes could not be seen.
 * @param processes null: could not be seen
 * @param units null: no systemd
 */
export function daemonsOf(
  processes: readonly ProcessSeen[] | null,
  units: readonly UnitSeen[] | null,
): readonly DaemonState[] | null {
  if (processes === null && units === null) return null;
  const running = runningOf(processes ?? []);
  const daemons = new Map<string, DaemonState>();
  for (const { id, active, enabled } of units ?? []) {
    const kind = running.find((one) => one.unit === id)?.kind ?? kindByUnit.get(id);
    if (kind === undefined) continue;
    const hasProcess =
      processes === null ||
      running.some((one) => one.unit === id || (one.unit === null && one.kind === kind));
    daemons.set(`${kind} ${id}`, { kind, unit: id, running: active && hasProcess, enabled });
  }
  for (const { kind, unit } of running) {
    const owned = [...daemons.values()].some(
      (one) => one.kind === kind && one.running && (unit === null || one.unit === unit),
    );
    if (!owned) daemons.set(`${kind} ${unit}`, { kind, unit, running: true, enabled: null });
  }
  return [...daemons.values()];
}

function runningOf(processes: readonly ProcessSeen[]): { kind: DaemonKind; unit: string | null }[] {
  const known = processes.flatMap((process) => {
    const kind = kindOfProcess(process);
    return kind === null ? [] : [{ kind, cgroup: process.cgroup }];
  });
  return known.map(({ kind, cgroup }) => {
    // Of OpenNTPD's three processes the first keeps its plain name; the others beside it say whose it is.
    const telling = kind === 'ntpd' && known.find((one) => one.cgroup === cgroup && one.kind === 'openntpd');
    return { kind: telling ? 'openntpd' : kind, unit: unitOf(cgroup) };
  });
}

/** Null: not a time daemon, or one that was told to leave the clock alone. */
function kindOfProcess({ name, commandLine, cgroup }: ProcessSeen): DaemonKind | null {
  const kind = kindByProcessName.get(name) ?? null;
  const words = commandLine.split('\0');
  if (kind === 'chronyd' && words.some(leavesClockAlone)) return null;
  if (kind === 'phc2sys' && feedsAnother(commandLine)) return null;
  if (kind !== 'ntpd') return kind;
  const byUnit = kindByUnit.get(unitOf(cgroup) ?? '');
  if (byUnit === 'ntpsec' || byUnit === 'openntpd') return byUnit;
  if (/ntpsec/.test(commandLine)) return 'ntpsec';
  // OpenNTPD names its three processes so (setproctitle in its ntpd.c, ntp.c).
  return /openntpd|^ntpd: (?:\[priv\]|ntp engine|dns engine)/.test(commandLine) ? 'openntpd' : 'ntpd';
}

/** chronyd(8): `-x` does not try to control the clock, `-Q` only prints; either may stand among flags without an argument. */
function leavesClockAlone(word: string): boolean {
  return /^-[46dmnpqrRsv]*[xQ]/.test(word);
}

/** phc2sys(8): with these servos it hands its samples to a daemon, as those of timemaster do, and sets no clock. */
function feedsAnother(commandLine: string): boolean {
  return /(?:^|\0)(?:-E\0?|--clock_servo[=\0])(?:ntpshm|refclock_sock)(?:\0|$)/.test(commandLine);
}

/** The innermost `.service` of a cgroup path, under cgroup v2 (`0::/…`) or v1 (`1:name=systemd:/…`). */
function unitOf(cgroup: string): string | null {
  for (const line of cgroup.split('\n')) {
    const path = /^(?:0:|\d+:name=systemd):(\/.*)$/.exec(line)?.[1];
    const unit = path
      ?.split('/')
      .reverse()
      .find((part) => part.endsWith('.service'));
    if (unit !== undefined) return unit;
  }
  return null;
}
