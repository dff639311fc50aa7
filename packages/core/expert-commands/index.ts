/** The shell commands that an expert would type on a node, for its distribution and its time daemon. Ready to copy. */
import type { DaemonKind, HostState } from '../observe/index.ts';
import type { DaemonCommands, ExpertCommand, ExpertPurpose, Family } from './command.ts';
import { chronyd } from './daemons/chronyd.ts';
import { noDaemon } from './daemons/none.ts';
import { ntpd, ntpsec } from './daemons/ntpd.ts';
import { openntpd } from './daemons/openntpd.ts';
import { phc2sys } from './daemons/phc2sys.ts';
import { timesyncd } from './daemons/timesyncd.ts';
import { vmTools } from './daemons/vm-tools.ts';
import { timezoneCommands } from './timezone.ts';

export { type ExpertCommand, type ExpertPurpose, expertPurposes } from './command.ts';

const daemons: Readonly<Record<DaemonKind, DaemonCommands>> = {
  chronyd,
  'systemd-timesyncd': timesyncd,
  ntpd,
  ntpsec,
  openntpd,
  phc2sys,
  'vm-tools': vmTools,
};

/**
 * @param host null where the node's distribution is not known: both usual names are then given
 * @param daemon null where there is none, or none was looked for
 * @param server what to measure against or ask about; anything that is not plainly a name or an address becomes a placeholder
 */
export function expertCommands(
  host: HostState | null,
  daemon: DaemonKind | null,
  purpose: ExpertPurpose,
  server = '',
): readonly ExpertCommand[] {
  const family = familyOf(host);
  if (purpose === 'timezone') return timezoneCommands(family);
  const commands = daemon === null ? noDaemon : daemons[daemon];
  return commands[purpose]({ family, server: isPlainHost(server) ? server : 'SERVER' });
}

/** These lines are pasted into root's shell: only what no shell can read as anything but a word. */
function isPlainHost(server: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9.:_-]{0,252}$/.test(server) || /^::[A-Fa-f0-9:.]{0,40}$/.test(server);
}

/** os-release ID and ID_LIKE → family. Kylin, openEuler, Anolis, TencentOS and kin follow RHEL's layout; UOS, Deepin Debian's. */
const familyWords: readonly (readonly [Family, RegExp])[] = [
  ['debian', /\b(debian|ubuntu|raspbian|linuxmint|deepin|uos)\b/],
  [
    'rhel',
    /\b(rhel|fedora|centos|rocky|almalinux|ol|amzn|openeuler|euleros|anolis|alinux|tencentos|opencloudos|kylin|bclinux|mariner|azurelinux)\b/,
  ],
  ['suse', /\b(suse|opensuse|sles|sled)\b/],
  ['alpine', /\balpine\b/],
  ['arch', /\b(arch|archlinux|manjaro)\b/],
];

function familyOf(host: HostState | null): Family {
  const words = host?.os?.toLowerCase() ?? '';
  return familyWords.find(([, pattern]) => pattern.test(words))?.[0] ?? 'unknown';
}
