/** The `timesync:` block of clockwarden.yaml. docs/reference/timesync.md gives the reason of each default. */

/** How the nodes are meant to be configured. Sources of readings do not look at it. */
export interface TimesyncConfig {
  readonly enabled: boolean;
  readonly mode: 'auto' | 'chrony' | 'timesyncd';
  /** `direct`: all follow the upstreams; `hierarchy`: servers in the cluster do, the others follow them; `island`: no outside. */
  readonly topology: 'auto' | 'direct' | 'hierarchy' | 'island';
  /** Outside servers, host names or addresses. */
  readonly upstreams: readonly string[];
  /** NTP servers that the nodes are meant to follow: nodes of the cluster by name or address, or others. Empty: not said. */
  readonly servers: readonly string[];
  /** Networks that the servers in the cluster serve, in CIDR notation. */
  readonly allow: readonly string[];
  /** Step when off by more than the threshold, in the first `limit` corrections after a start (−1: always). */
  readonly makestep: { readonly thresholdSeconds: number; readonly limit: number };
  /** Sources that must agree; null: chosen by the design. */
  readonly minSources: number | null;
  /** FallbackNTP of systemd-timesyncd. */
  readonly fallback: readonly string[];
  /** Network interfaces with hardware time stamps; `*`: all that can. */
  readonly hwtimestamp: readonly string[];
  /** Words after chrony's `refclock`, for the servers that have such a clock. */
  readonly refclocks: readonly string[];
  /** Authenticate the upstreams by Network Time Security (RFC 8915). */
  readonly nts: boolean;
  /** Symmetric keys between the nodes of the cluster; null: none. */
  readonly keys: KeysConfig | null;
  /** Follow a PTP grandmaster through the hardware clock of a network interface; null: no. */
  readonly ptp: PtpConfig | null;
  /** `auto`: open UDP 123 for `allow` where a firewall rules; `off`: leave firewalls alone. */
  readonly firewall: 'auto' | 'off';
  /** Monitored and never rewritten: somebody else configures it. */
  readonly adopt: boolean;
  /** What `limits.roles` has for workers and the control plane where the configuration says nothing finer; null: not said. */
  readonly thresholdSeconds: number | null;
}

export interface KeysConfig {
  /** A key file of chrony on the operator's machine, absolute. */
  readonly file: string;
  /** The key that in-cluster `server` lines name. 1..2^32−1. */
  readonly id: number;
  /** What the file holds; null: not read. Only what writes to nodes reads it. */
  readonly content: string | null;
}

export interface PtpConfig {
  /** Network interfaces with a hardware clock, on which the grandmaster is heard. At least one; `ptp4l` takes one only. */
  readonly interfaces: readonly string[];
  /** PTP domain, 0..127. */
  readonly domain: number;
  readonly transport: 'UDPv4' | 'UDPv6' | 'L2';
  /** `ptp4l`: it steers the hardware clock, chronyd reads that; `timemaster`: it starts ptp4l, phc2sys and chronyd together. */
  readonly program: 'ptp4l' | 'timemaster';
}

export const defaultTimesync: TimesyncConfig = {
  enabled: true,
  mode: 'auto',
  topology: 'auto',
  upstreams: [],
  servers: [],
  allow: [],
  makestep: { thresholdSeconds: 1, limit: 3 },
  minSources: null,
  fallback: [],
  hwtimestamp: [],
  refclocks: [],
  nts: false,
  keys: null,
  ptp: null,
  firewall: 'auto',
  adopt: false,
  thresholdSeconds: null,
};

/** Keys that hold for the whole cluster: a node that had another topology, or other keys, would be outside of it. */
type ClusterWide = 'enabled' | 'topology' | 'keys' | 'thresholdSeconds';

/** What a group or one node has differently. Lists take the place of the cluster's, they never add to them. */
export type TimesyncOverride = Partial<Omit<TimesyncConfig, ClusterWide>>;
