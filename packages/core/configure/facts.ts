/**
 * What must be known of a node before anything on it is changed, and what is compared again right before the first
 * write: a plan is for the node that was seen, and no other.
 */
import type { NodeMemory } from './remembered.ts';

/** A path on the node as it was found. */
export type FileState =
  | { readonly kind: 'absent' }
  /** `content` in Base64: what is there may be any bytes. `mode` are permission bits. */
  | {
      readonly kind: 'file';
      readonly content: string;
      readonly mode: number;
      readonly owner: string;
      readonly group: string;
    }
  | { readonly kind: 'link'; readonly target: string }
  /** A directory, a device, a file too large or unreadable: never to be written over. */
  | { readonly kind: 'other'; readonly what: string };

export interface UnitState {
  readonly active: boolean;
  readonly enabled: boolean;
  readonly masked: boolean;
}

export interface PackageState {
  /** Version; null: not installed. */
  readonly installed: string | null;
  /** Version that the node's package manager could install now; null: none. */
  readonly candidate: string | null;
  /** Debian: removed, but its configuration files were kept (dpkg's state `config-files`). */
  readonly configFiles?: boolean;
}

export type FirewallBackend = 'firewalld' | 'ufw' | 'nftables' | 'iptables';

export interface FirewallFacts {
  readonly backend: FirewallBackend;
  /** Networks that it lets in to UDP 123; `all`: everybody. */
  readonly opened: readonly string[];
  /** The unit that restores its rules at boot; null: none, so that opening leaves one of our own; absent: not asked. */
  readonly keeper?: string | null;
  /** Tables of nftables beside it that a packet must pass as well; absent: none keeps anybody out. */
  readonly also?: FirewallFacts;
}

export interface ConfigureFacts {
  /** os-release ID, ID_LIKE and PRETTY_NAME. */
  readonly os: { readonly id: string; readonly like: string; readonly name: string };
  /** How root is had: the login is root, `sudo -n` works, or it is not had. */
  readonly privilege: 'root' | 'sudo' | 'none';
  readonly systemd: boolean;
  readonly packageManager: 'apt' | 'dnf' | 'yum' | 'none';
  /** By package name, for those asked about. */
  readonly packages: Readonly<Record<string, PackageState>>;
  /** By unit name with its suffix; units that systemd does not know are left out. */
  readonly units: Readonly<Record<string, UnitState>>;
  /** By path, for those asked about. */
  readonly files: Readonly<Record<string, FileState>>;
  /** The firewall that keeps somebody out of UDP 123; null: none does. */
  readonly firewall: FirewallFacts | null;
  /** Cron files and timers that set the clock: path → the lines. */
  readonly clockJobs: Readonly<Record<string, readonly string[]>>;
  /** Processes whose clock others watch. */
  readonly runs: { readonly etcd: boolean; readonly apiserver: boolean };
  /** What the node remembers of earlier runs; absent where root was not had. */
  readonly remembered?: NodeMemory;
  /** What the machine itself brings to its time; absent: not asked. */
  readonly machine?: MachineFacts;
}

export interface MachineFacts {
  /** PTP hardware clocks: network interface → device, as `eth0` → `/dev/ptp0`. */
  readonly hardwareClocks: Readonly<Record<string, string>>;
  /** A clock of the hypervisor that chronyd can read as `refclock PHC`; null: none. */
  readonly hostClock: string | null;
  /** Container runtime (`docker`, `lxc`, ...): the clock belongs to the host. Null: no container. */
  readonly container: string | null;
  /** Names of running programs that set or steer clocks, or could: the kernel's `comm`, cut off after 15 characters. */
  readonly programs: readonly string[];
  /** VMware Tools sets the clock periodically; null: not said. */
  readonly vmwareTimesync: boolean | null;
  /** Where the tz database keeps leap seconds, of the two ways that chronyd can read. */
  readonly leapSeconds: { readonly rightUtc: boolean; readonly list: boolean };
  /** Sources that do not stand in the daemon's own file: DHCP's, drop-ins. Path → its lines without comments. */
  readonly otherSources: Readonly<Record<string, readonly string[]>>;
}
