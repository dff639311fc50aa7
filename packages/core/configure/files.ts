import { parseChronyConf } from '../chrony-conf/index.ts';
import type { TimesyncConfig } from '../policy/index.ts';
import type { ConfiguredDaemon } from './actions.ts';
import { fromBase64 } from './base64.ts';
import { chronyVersionOf } from './chrony-version.ts';
import { type NodeDesign, settingsOf } from './design.ts';
import type { ConfigureFacts, FileState } from './facts.ts';
import { chronyConf } from './render/chrony-conf.ts';
import { chronyKeys } from './render/chrony-keys.ts';
import { ptpFiles } from './render/ptp.ts';
import { timesyncdConf } from './render/timesyncd-conf.ts';

/** Where a distribution keeps chrony: Debian and kin, or RHEL and kin (FIELD: units `chrony` and `chronyd`). */
export type ConfigFamily = 'debian' | 'rhel';

export interface WantedFile {
  readonly path: string;
  /** Permission bits, as 0o644. A file that others may not read holds a secret, and is never shown. */
  readonly mode: number;
  readonly owner: 'root';
  readonly group: string;
  readonly content: string;
  /** Whose file it is: who reads it when it starts. */
  readonly program: ConfiguredDaemon;
}

/**
 * The files that make a node what its design says, byte for byte the same for the same design and facts. Files that others
 * refer to come first. None for a node that is adopted.
 * @param facts what is known of the node: its chronyd, its clocks; null: nothing. Then a chronyd is assumed that knows every
 *   directive used here (3.0) and becomes its build's own user, and for PTP /dev/ptp0 and the constant difference of TAI
 */
export function filesOf(
  design: NodeDesign,
  timesync: TimesyncConfig,
  family: ConfigFamily,
  facts: ConfigureFacts | null = null,
): readonly WantedFile[] {
  if (design.adopted) return [];
  const common = { mode: 0o644, owner: 'root', group: 'root' } as const;
  const settings = settingsOf(design, timesync);
  if (design.daemon === 'systemd-timesyncd') {
    const content = timesyncdConf(design, settings);
    return [{ ...common, path: timesyncdDropIn, content, program: design.daemon }];
  }
  const paths = chronyPaths[family];
  const target = {
    paths,
    version: chronyVersionOf(facts),
    machine: facts?.machine ?? null,
    user: userOf(facts?.files[paths.conf]),
  };
  const keys = settings.keys === null ? [] : [chronyKeys(settings.keys, paths)];
  return [
    ...keys.map((file) => ({ ...common, ...file, mode: 0o640, program: design.daemon })),
    ...ptpFiles(design, family).map((file) => ({ ...common, ...file, program: 'linuxptp' as const })),
    {
      ...common,
      path: paths.conf,
      content: chronyConf(design, settings, target),
      program: design.daemon,
    },
  ];
}

/** That of a build may not exist on the machine: who names another has his reasons. */
function userOf(file: FileState | undefined): string | null {
  if (file?.kind !== 'file') return null;
  const { directives } = parseChronyConf(fromBase64(file.content));
  const [name = ''] = directives.findLast((one) => one.name === 'user')?.args ?? [];
  return /^[A-Za-z_][\w.-]*$/.test(name) ? name : null;
}

/** Sorted after what distributions and DHCP hooks put there. */
export const timesyncdDropIn = '/etc/systemd/timesyncd.conf.d/90-clockwarden.conf';

export interface ChronyPaths {
  readonly conf: string;
  readonly driftFile: string;
  readonly keyFile: string;
  /** The group that chronyd runs in, which may read the keys. */
  readonly group: string;
}

export const chronyPaths: Readonly<Record<ConfigFamily, ChronyPaths>> = {
  debian: {
    conf: '/etc/chrony/chrony.conf',
    driftFile: '/var/lib/chrony/chrony.drift',
    keyFile: '/etc/chrony/chrony.keys',
    group: '_chrony',
  },
  rhel: {
    conf: '/etc/chrony.conf',
    driftFile: '/var/lib/chrony/drift',
    keyFile: '/etc/chrony.keys',
    group: 'chrony',
  },
};
