import type { TimesyncConfig } from '../policy/index.ts';
import type { NodeDesign } from './design.ts';
import { chronyConf } from './render/chrony-conf.ts';
import { timesyncdConf } from './render/timesyncd-conf.ts';

/** Where a distribution keeps chrony: Debian and kin, or RHEL and kin (FIELD: units `chrony` and `chronyd`). */
export type ConfigFamily = 'debian' | 'rhel';

export interface WantedFile {
  readonly path: string;
  /** Permission bits, as 0o644. */
  readonly mode: number;
  readonly owner: 'root';
  readonly content: string;
}

/** The files that make a node what its design says. Byte for byte the same for the same design. */
export function filesOf(
  design: NodeDesign,
  timesync: TimesyncConfig,
  family: ConfigFamily,
): readonly WantedFile[] {
  const common = { mode: 0o644, owner: 'root' } as const;
  if (design.daemon === 'chronyd') {
    return [
      {
        ...common,
        path: chronyPaths[family].conf,
        content: chronyConf(design, timesync, chronyPaths[family]),
      },
    ];
  }
  return [{ ...common, path: timesyncdDropIn, content: timesyncdConf(design, timesync) }];
}

/** Sorted after what distributions and DHCP hooks put there. */
export const timesyncdDropIn = '/etc/systemd/timesyncd.conf.d/90-clockwarden.conf';

export interface ChronyPaths {
  readonly conf: string;
  readonly driftFile: string;
  readonly keyFile: string;
}

export const chronyPaths: Readonly<Record<ConfigFamily, ChronyPaths>> = {
  debian: {
    conf: '/etc/chrony/chrony.conf',
    driftFile: '/var/lib/chrony/chrony.drift',
    keyFile: '/etc/chrony/chrony.keys',
  },
  rhel: { conf: '/etc/chrony.conf', driftFile: '/var/lib/chrony/drift', keyFile: '/etc/chrony.keys' },
};
