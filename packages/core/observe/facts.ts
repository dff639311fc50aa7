/**
 * What a reading can say about a node. A source fills what it can know and leaves the rest null: null is "this source
 * cannot tell", never zero and never "fine".
 */
import type { Estimate, Instant } from '../time/index.ts';
import type { ChronyState } from './chrony.ts';

export type Leap = 'normal' | 'insert-second' | 'delete-second' | 'unsynchronized';

/** The node's clock against the collector's time base. */
export interface ClockMeasurement {
  /** Node minus collector's time base at the reading's `at`. Positive = the node is ahead. */
  readonly offset: Estimate;
  /** Round trip without the node's own processing; null where there is none (this machine, Prometheus). */
  readonly delaySeconds: number | null;
  /** Who stamped the arrival: the kernel, this process, a command on the node, the scrape's timestamps, or no exchange at all. */
  readonly stampedBy: 'kernel' | 'process' | 'node-command' | 'scrape' | 'same-clock';
  /** Exchanges from which the best was kept. */
  readonly samples: number;
}

/** adjtimex(2), in seconds and ppm. */
export interface KernelState {
  /** STA_UNSYNC. */
  readonly unsync: boolean;
  /** Names without `STA_`, as `PLL`, `UNSYNC`, `NANO`; null where the source shows only the sync state. */
  readonly statusBits: readonly string[] | null;
  /** Kernel PLL offset: about 0 under chrony whatever the clock does, clamped to ±0.5 s under the others. Positive = clock behind its PLL target; kept as the kernel gives it. */
  readonly offsetSeconds: number | null;
  readonly frequencyPpm: number | null;
  readonly maxErrorSeconds: number | null;
  readonly estErrorSeconds: number | null;
  readonly taiOffsetSeconds: number | null;
  readonly clocksource: string | null;
}

export type DaemonKind =
  | 'chronyd'
  | 'systemd-timesyncd'
  | 'ntpd'
  | 'ntpsec'
  | 'openntpd'
  | 'phc2sys'
  | 'vm-tools';

export interface DaemonState {
  readonly kind: DaemonKind;
  /** systemd unit that owns it; null when it is just a process. */
  readonly unit: string | null;
  readonly running: boolean;
  /** Starts at boot; null where it cannot be told. */
  readonly enabled: boolean | null;
}

/** Does the node follow somebody, as its daemon says. */
export interface SyncState {
  /** null: the source shows a daemon but not whether it is synchronised. */
  readonly synchronized: boolean | null;
  readonly daemon: DaemonKind | null;
  readonly stratum: number | null;
  /** Name or address it follows. */
  readonly source: string | null;
  /** Eight hex digits or four characters as the daemon prints them. */
  readonly refId: string | null;
  readonly leap: Leap | null;
  readonly rootDelaySeconds: number | null;
  readonly rootDispersionSeconds: number | null;
  /** Root dispersion + root delay / 2: the daemon's own bound against its reference. */
  readonly rootDistanceSeconds: number | null;
  /** Node's clock minus its reference, where the daemon tells; bounded by root distance. Positive = ahead. */
  readonly referenceOffset: Estimate | null;
}

/** `timedatectl` or `timedatectl show`. Null: the line is absent, or its value is unknown. */
export interface Timedatectl {
  /** "System clock synchronized", before systemd 239 "NTP synchronized": maxerror < 16 s, not STA_UNSYNC. */
  readonly systemClockSynchronized: boolean | null;
  /** "NTP service", before 239 "Network time on". */
  readonly ntpService: 'active' | 'inactive' | 'n/a' | null;
  readonly timezone: string | null;
  readonly rtcInLocalTz: boolean | null;
}

/** `timedatectl show-timesync` / `timesync-status`. */
export interface TimesyncState {
  readonly server: string | null;
  readonly serverAddress: string | null;
  readonly stratum: number | null;
  readonly leap: Leap | null;
  readonly rootDelaySeconds: number | null;
  readonly rootDispersionSeconds: number | null;
  readonly pollIntervalSeconds: number | null;
  readonly packetCount: number | null;
  /** Node's clock minus the server's at the last packet. Positive = ahead. */
  readonly offsetSeconds: number | null;
  readonly delaySeconds: number | null;
  readonly jitterSeconds: number | null;
}

export interface TimezoneState {
  /** IANA name in effect, null when /etc/localtime names none. */
  readonly name: string | null;
  /** Seconds east of UTC now. */
  readonly utcOffsetSeconds: number | null;
  /** /etc/localtime: a link into zoneinfo, a plain copy, absent (UTC), a link to nowhere, or unknown to this source. */
  readonly localtime: 'link' | 'copy' | 'absent' | 'broken' | null;
  /** Name in /etc/timezone (Debian) when it is there and says something else than `name`; else null. */
  readonly conflictingName: string | null;
}

/** From this a clock step is seen: REALTIME − MONOTONIC moves only when the clock is set. */
export interface StepClock {
  readonly realtimeMinusMonotonic: Instant;
  /** Half the width of the window in which both were read, in seconds. */
  readonly boundSeconds: number;
  /** Changes at every boot; steps are only looked for within one boot. */
  readonly bootId: string;
}

export interface HostState {
  /** os-release ID and ID_LIKE, as `debian`, `rhel fedora`. */
  readonly os: string | null;
  readonly osName: string | null;
  readonly kernel: string | null;
  readonly bootTimeSeconds: number | null;
  /** Of the chrony that is installed, as `4.3`; running or not. */
  readonly chronyVersion: string | null;
}

export interface ConfigFile {
  readonly path: string;
  /** At most 64 KiB; longer files are cut and say so. */
  readonly content: string;
  readonly truncated: boolean;
}

export interface NodeFacts {
  readonly clock: ClockMeasurement | null;
  readonly kernel: KernelState | null;
  readonly sync: SyncState | null;
  readonly daemons: readonly DaemonState[] | null;
  readonly chrony: ChronyState | null;
  readonly timesync: TimesyncState | null;
  readonly timedatectl: Timedatectl | null;
  readonly timezone: TimezoneState | null;
  readonly stepClock: StepClock | null;
  readonly host: HostState | null;
  readonly configFiles: readonly ConfigFile[] | null;
  /** Raw outputs by command, for the eyes of a person: `chronyc -c tracking` → its text. */
  readonly raw: Readonly<Record<string, string>> | null;
}

/** To be spread by a source that knows only some of it. */
export const noFacts: NodeFacts = {
  clock: null,
  kernel: null,
  sync: null,
  daemons: null,
  chrony: null,
  timesync: null,
  timedatectl: null,
  timezone: null,
  stepClock: null,
  host: null,
  configFiles: null,
  raw: null,
};
