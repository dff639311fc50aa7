/** What the distributions call the time daemons, and which of them exclude each other. */
import { text } from '../text/index.ts';
import type { ClusterDesign, DesignProblem, NodeDesign } from './design.ts';
import type { ConfigureFacts } from './facts.ts';
import type { ConfigFamily } from './files.ts';
import type { PtpNeeds } from './render/ptp.ts';

export interface DaemonInstall {
  readonly package: string;
  readonly unit: string;
}

/** Debian's time daemons all provide and conflict with `time-daemon`: to install one is to remove the others. */
const debianTimeDaemons = ['chrony', 'systemd-timesyncd', 'ntpsec', 'ntp', 'openntpd'] as const;

const installs: Readonly<Record<ConfigFamily, Readonly<Record<NodeDesign['daemon'], DaemonInstall | null>>>> =
  {
    debian: {
      chronyd: { package: 'chrony', unit: 'chrony.service' },
      'systemd-timesyncd': { package: 'systemd-timesyncd', unit: 'systemd-timesyncd.service' },
    },
    rhel: {
      chronyd: { package: 'chrony', unit: 'chronyd.service' },
      // Not part of RHEL.
      'systemd-timesyncd': null,
    },
  };

/** Null: the distribution has no such daemon. */
export function installOf(family: ConfigFamily, daemon: NodeDesign['daemon']): DaemonInstall | null {
  return installs[family][daemon];
}

/** Units that must run: first the one that owns the system clock. timemaster starts chronyd itself, so it takes the place of chrony's. */
export function unitsWanted(install: DaemonInstall, ptp: PtpNeeds | null): readonly string[] {
  const owner = ptp?.replacesChronyUnit === true ? ptp.unit : install.unit;
  return [...new Set([owner, ...(ptp === null ? [] : [ptp.unit])])];
}

/** A daemon that Clockwarden can ask, with the unit that runs it; null: none of them runs. */
export function runningDaemon({
  units,
}: Pick<ConfigureFacts, 'units'>): { readonly daemon: NodeDesign['daemon']; readonly unit: string } | null {
  for (const family of Object.values(installs)) {
    for (const daemon of ['chronyd', 'systemd-timesyncd'] as const) {
      const unit = family[daemon]?.unit;
      if (unit !== undefined && units[unit]?.active === true) return { daemon, unit };
    }
  }
  return null;
}

/** Packages that the package manager removes when it installs `wanted`. */
export function excludedBy(family: ConfigFamily, wanted: string): readonly string[] {
  return family === 'debian' ? debianTimeDaemons.filter((name) => name !== wanted) : [];
}

/** What a plan may have to install on each node, by the node's name, whatever its distribution turns out to be. */
export function packagesWanted(design: Pick<ClusterDesign, 'nodes'>): ReadonlyMap<string, readonly string[]> {
  return new Map(
    design.nodes.map(({ node, daemon, ptp }) => {
      const names = Object.values(installs).flatMap((family) => family[daemon]?.package ?? []);
      return [node.name, [...new Set([...names, ...(ptp === null ? [] : ['linuxptp'])])]];
    }),
  );
}

export const timePackages: readonly string[] = [
  ...debianTimeDaemons,
  'ntpdate',
  'ntpsec-ntpdate',
  'linuxptp',
];

/** Units that correct the clock; each but the wanted one is retired. */
export const clockUnits: readonly string[] = [
  'chrony.service',
  'chronyd.service',
  'systemd-timesyncd.service',
  'ntp.service',
  'ntpd.service',
  'ntpsec.service',
  'ntpdate.service',
  'openntpd.service',
  'timemaster.service',
  'phc2sys.service',
];

/** Debian calls the unit of a daemon as its package. */
export function unitOf(name: string): string {
  return `${name}.service`;
}

/** Units that steer the clock of a network interface; the system clock is not theirs. */
export const ptpUnits: readonly string[] = ['ptp4l.service', 'ptp4l@*.service'];

export function familyOf(os: { readonly id: string; readonly like: string }): ConfigFamily | null {
  const words = `${os.id} ${os.like}`.toLowerCase().split(/\s+/);
  if (words.some((word) => ['debian', 'ubuntu'].includes(word))) return 'debian';
  const redHat = [
    'rhel',
    'fedora',
    'centos',
    'rocky',
    'almalinux',
    'openeuler',
    'anolis',
    'kylin',
    'amzn',
    'ol',
  ];
  return words.some((word) => redHat.includes(word)) ? 'rhel' : null;
}

/** Of a node whose distribution has no family. */
export function unsupported({ os }: Pick<ConfigureFacts, 'os'>): DesignProblem {
  const name = os.name || os.id;
  return {
    severity: 'error',
    text: text(
      `${name} is not supported: Debian, RHEL and their kin are.`,
      `不支持 ${name}：支持 Debian、RHEL 及其衍生版。`,
    ),
  };
}
