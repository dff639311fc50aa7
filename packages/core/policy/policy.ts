/** The time a cluster should have, and where its readings come from: clockwarden.yaml once read, with defaults filled in. */
import type { NodeRole, NodeSpec } from '../inventory/index.ts';
import type { TimesyncConfig, TimesyncOverride } from './timesync.ts';

export interface Limits {
  /** |offset from the cluster median| beyond which a node is a warning, or critical. Seconds, > 0. */
  readonly medianWarningSeconds: number;
  readonly medianCriticalSeconds: number;
  /** |offset from the cluster median| allowed for a role; beyond it the node is a warning. Seconds, > 0. */
  readonly roleSeconds: Readonly<Record<NodeRole, number>>;
  /** Leeway of ServiceAccount tokens: two control-plane nodes further apart than this answer 401 to each other's tokens. */
  readonly controlPlaneSpreadSeconds: number;
  /** |cluster median − reference| beyond which the whole cluster is a warning. */
  readonly referenceSeconds: number;
}

export const defaultLimits: Limits = {
  medianWarningSeconds: 30,
  medianCriticalSeconds: 120,
  roleSeconds: { 'control-plane': 0.05, etcd: 0.05, worker: 0.2, 'ntp-server': 0.05 },
  controlPlaneSpreadSeconds: 60,
  referenceSeconds: 1,
};

/** How often a source is asked by `serve`, and how long one reading of one node may take. Seconds, > 0. */
interface Pace {
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
}

export interface NtpConfig extends Pace {
  readonly port: number;
  /** Exchanges per reading; the one with the smallest bound is kept. 1..64. */
  readonly samples: number;
}

interface ChronyConfig extends Pace {
  readonly port: number;
}

export interface SshConfig extends Pace {
  readonly user?: string;
  readonly port?: number;
  readonly identityFile?: string;
  /** An ssh_config(5) file to use instead of the user's own. */
  readonly configFile?: string;
  readonly extraArguments: readonly string[];
  /** `auto`: `sudo -n` where a command needs it and it is allowed; `never`: read what an ordinary user may read. */
  readonly sudo: 'auto' | 'never';
  /** Logins under way at once. */
  readonly concurrency: number;
}

/** Secrets are named by file, never written into the configuration. */
export interface HttpAuth {
  readonly bearerTokenFile?: string;
  readonly username?: string;
  readonly passwordFile?: string;
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
}

export interface NodeExporterConfig extends Pace, HttpAuth {
  readonly scheme: 'http' | 'https';
  readonly port: number;
  readonly path: string;
}

export interface PrometheusConfig extends Pace, HttpAuth {
  readonly url: string;
  /** PromQL label matchers that pick node_exporter's series, as `job="node"`. Empty: all. */
  readonly selector: string;
  /** The label that names a node, tried in this order against the node's name and address. */
  readonly nodeLabels: readonly string[];
}

/** A source that is absent is not asked. `local` applies to nodes whose address is this machine. */
export interface SourcesConfig {
  readonly local?: Pace;
  readonly ntp?: NtpConfig;
  readonly chrony?: ChronyConfig;
  readonly ssh?: SshConfig;
  readonly nodeExporter?: NodeExporterConfig;
  readonly prometheus?: PrometheusConfig;
}

/** What a source has when the configuration names it without details. */
export const defaultSources = {
  local: { intervalSeconds: 5, timeoutSeconds: 5 },
  ntp: { port: 123, samples: 8, intervalSeconds: 15, timeoutSeconds: 5 },
  chrony: { port: 323, intervalSeconds: 15, timeoutSeconds: 3 },
  ssh: { intervalSeconds: 60, timeoutSeconds: 20, extraArguments: [], sudo: 'auto', concurrency: 32 },
  nodeExporter: { scheme: 'http', port: 9100, path: '/metrics', intervalSeconds: 60, timeoutSeconds: 10 },
  prometheus: {
    url: 'http://127.0.0.1:9090',
    selector: '',
    nodeLabels: ['node', 'nodename', 'kubernetes_node', 'instance'],
    intervalSeconds: 15,
    timeoutSeconds: 10,
  },
} as const satisfies Required<SourcesConfig>;

/** For who judges: what only root may ask of chronyd is for the eyes of a person who watches the console. */
export function withoutSudo<T extends Pick<ClusterPolicy, 'sources'>>(policy: T): T {
  const { sources } = policy;
  return sources.ssh === undefined
    ? policy
    : { ...policy, sources: { ...sources, ssh: { ...sources.ssh, sudo: 'never' } } };
}

export interface HistoryConfig {
  /** SQLite file; `:memory:` keeps nothing. */
  readonly path: string;
  readonly rawHours: number;
  readonly rollupDays: number;
  readonly maxBytes: number;
}

export interface ConsoleConfig {
  readonly host: string;
  readonly port: number;
  readonly tokenFile?: string;
  /** scrypt hash made by `clockwarden serve --hash-password`. */
  readonly passwordHash?: string;
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
  /** Host names besides the listening address by which browsers may reach the console. */
  readonly allowedHosts: readonly string[];
}

export interface ClusterPolicy {
  readonly name: string;
  readonly nodes: readonly NodeSpec[];
  /** IANA name wanted on every node; null: not judged beyond differences between nodes. */
  readonly timezone: string | null;
  readonly limits: Limits;
  /** NTP server (`host` or `host:port`) the whole cluster is held against; null: none. */
  readonly reference: string | null;
  readonly sources: SourcesConfig;
  readonly history: HistoryConfig;
  readonly console: ConsoleConfig;
  /** The `timesync:` block; absent when the configuration has none. */
  readonly timesync?: TimesyncConfig;
  /** What single nodes have differently, by their name: groups weakest first, the node's own last, already merged. */
  readonly overrides?: ReadonlyMap<string, TimesyncOverride>;
}
