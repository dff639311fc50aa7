/** The configuration as read → ClusterPolicy: defaults filled in, paths resolved, every node with its sources. */
import { join } from 'node:path';
import { type NodeRole, type NodeSpec, nodeRoles } from '@clockwarden/core/inventory';
import { type SourceKind, sourceKinds } from '@clockwarden/core/observe';
import {
  type ClusterPolicy,
  defaultLimits,
  defaultSources,
  type Limits,
  type Preset,
  type SourcesConfig,
  type TimesyncOverride,
} from '@clockwarden/core/policy';
import { stateDirectory } from '../state-directory/index.ts';
import { resolvePath } from './resolve-path.ts';
import type { Config } from './schema.ts';
import { isThisMachine } from './this-machine.ts';
import { timesyncOf } from './timesync.ts';

type SourceKey = keyof SourcesConfig;

/** In the file a source has the same name as in lists of sources; in code it is a property. */
const sourceKeys: Readonly<Record<SourceKind, SourceKey>> = {
  local: 'local',
  ntp: 'ntp',
  chrony: 'chrony',
  ssh: 'ssh',
  'node-exporter': 'nodeExporter',
  prometheus: 'prometheus',
};

/** Settings that name a file. */
const fileSettings = [
  'identityFile',
  'configFile',
  'bearerTokenFile',
  'passwordFile',
  'caFile',
  'certFile',
  'keyFile',
] as const;

export interface PolicyParts {
  readonly config: Config;
  readonly nodes: readonly NodeSpec[];
  /** What relative paths start from. */
  readonly folder: string;
  readonly name: string;
  /** Name of the history file without its ending. */
  readonly historyName: string;
  readonly timeoutSeconds: number | undefined;
  readonly preset: Preset | undefined;
  readonly overrides: ReadonlyMap<string, TimesyncOverride>;
}

export function buildPolicy(parts: PolicyParts): ClusterPolicy {
  const { config, folder } = parts;
  const nodes = parts.nodes.map((node) => ({ ...node, sources: sourcesOf(node, config) }));
  const used = new Set<string>(nodes.flatMap((node) => node.sources));
  const file = (path: string): string => resolvePath(folder, path);
  const { console: web = {}, history = {} } = config;
  return {
    name: parts.name,
    nodes,
    timezone: config.timezone ?? parts.preset?.timezone ?? null,
    limits: limitsOf(config),
    reference: config.reference ?? null,
    sources: sourcesConfig(config, used, folder, parts.timeoutSeconds),
    history: {
      path: history.path === ':memory:' ? ':memory:' : file(history.path ?? historyPath(parts.historyName)),
      rawHours: history.rawHours ?? 48,
      rollupDays: history.rollupDays ?? 90,
      maxBytes: history.maxSize ?? 2 * 2 ** 30,
    },
    console: {
      host: web.listen?.host ?? '127.0.0.1',
      port: web.listen?.port ?? 8323,
      ...(web.tokenFile === undefined ? {} : { tokenFile: file(web.tokenFile) }),
      ...(web.passwordHash === undefined ? {} : { passwordHash: web.passwordHash }),
      ...(web.tls === undefined ? {} : { tls: { certFile: file(web.tls.cert), keyFile: file(web.tls.key) } }),
      allowedHosts: web.allowedHosts ?? [],
    },
    ...timesyncOf(config.timesync, parts.preset, folder),
    ...(parts.overrides.size === 0 ? {} : { overrides: parts.overrides }),
  };
}

function historyPath(name: string): string {
  return join(stateDirectory(), `${name}.sqlite`);
}

function sourcesOf(node: NodeSpec, config: Config): readonly SourceKind[] {
  const here = isThisMachine(node.address);
  const wanted = node.sources ?? namedSources(config) ?? (here ? ['local'] : ['ssh', 'ntp']);
  return sourceKinds.filter((kind) => wanted.includes(kind) && (kind !== 'local' || here));
}

/** The sources that the configuration asks for; undefined when it does not say. */
function namedSources(config: Config): readonly SourceKind[] | undefined {
  const { sources } = config;
  if (sources === undefined || Array.isArray(sources)) return sources;
  return sourceKinds.filter((kind) => sources[kind] !== undefined && sources[kind] !== false);
}

function sourcesConfig(
  config: Config,
  used: ReadonlySet<string>,
  folder: string,
  timeoutSeconds: number | undefined,
): SourcesConfig {
  const named = new Set<string>([...(namedSources(config) ?? []), ...used]);
  const entries = sourceKinds
    .filter((kind) => named.has(kind))
    .map((kind) => {
      const key = sourceKeys[kind];
      const written = Array.isArray(config.sources) ? undefined : config.sources?.[kind];
      const settings: Record<string, unknown> = {
        ...defaultSources[key],
        ...(typeof written === 'object' ? renamed(written, folder) : {}),
        ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
      };
      return [key, settings];
    });
  return Object.fromEntries(entries) as SourcesConfig;
}

/** `interval` and `timeout` get their unit into the name; paths are resolved; what was not written is left out. */
function renamed(written: Readonly<Record<string, unknown>>, folder: string): Record<string, unknown> {
  const { interval, timeout, ...rest } = written;
  const settings: Record<string, unknown> = { ...rest, intervalSeconds: interval, timeoutSeconds: timeout };
  for (const name of fileSettings) {
    const path = settings[name];
    if (typeof path === 'string') settings[name] = resolvePath(folder, path);
  }
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function limitsOf(config: Config): Limits {
  const { limits = {}, timesync } = config;
  const threshold = timesync?.enabled === false ? undefined : timesync?.threshold;
  const roleSeconds = nodeRoles.map((role): [NodeRole, number] => [
    role,
    limits.roles?.[role] ??
      (role === 'worker' || role === 'control-plane' ? threshold : undefined) ??
      defaultLimits.roleSeconds[role],
  ]);
  return {
    medianWarningSeconds: limits.median?.warning ?? defaultLimits.medianWarningSeconds,
    medianCriticalSeconds: limits.median?.critical ?? defaultLimits.medianCriticalSeconds,
    roleSeconds: Object.fromEntries(roleSeconds) as Record<NodeRole, number>,
    controlPlaneSpreadSeconds: limits.controlPlaneSpread ?? defaultLimits.controlPlaneSpreadSeconds,
    referenceSeconds: limits.reference ?? defaultLimits.referenceSeconds,
  };
}
