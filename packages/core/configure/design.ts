/** Who serves and who follows: the `timesync:` block and the nodes → one design a node. */
import type { NodeSpec } from '../inventory/index.ts';
import type { ClusterPolicy, PtpConfig, TimesyncConfig, TimesyncOverride } from '../policy/index.ts';
import type { Text } from '../text/index.ts';
import {
  chooseServers,
  lookupIn,
  type NodeLookup,
  namedIn,
  noServers,
  SERVERS_WANTED,
} from './choose-servers.ts';
import { clusterProblems, countOf, nodeProblems } from './design-problems.ts';

export interface NodeDesign {
  readonly node: NodeSpec;
  /** `server`: gives time to other nodes. */
  readonly part: 'server' | 'client';
  readonly daemon: 'chronyd' | 'systemd-timesyncd';
  /** Outside servers that it follows. */
  readonly upstreams: readonly string[];
  /** Nodes of the cluster that it follows: the servers, or the other servers. Addresses. */
  readonly servers: readonly string[];
  /** Reference clocks of its own, as words after chrony's `refclock`. */
  readonly refclocks: readonly string[];
  /** The PTP grandmaster that it follows through a hardware clock; null: none. */
  readonly ptp: PtpConfig | null;
  /** Networks that may ask it; empty for clients. */
  readonly allow: readonly string[];
  /** Serves its own clock when it has no other: the servers of a cluster stay together (`local stratum 10 orphan`). */
  readonly orphan: boolean;
  /** Sources that must agree before the clock is corrected; null: chrony's default of 1. */
  readonly minSources: number | null;
  readonly timezone: string | null;
  /** Monitored and never rewritten: nothing is planned for it, no file is made for it. */
  readonly adopted: boolean;
  /** What this node has differently from the `timesync:` block of the cluster. */
  readonly overrides: TimesyncOverride;
}

export interface DesignProblem {
  /** An `error` means that there is no design for it. */
  readonly severity: 'error' | 'warning';
  readonly text: Text;
}

export interface ClusterDesign {
  readonly topology: 'direct' | 'hierarchy' | 'island';
  readonly nodes: readonly NodeDesign[];
  /** Why those nodes serve which serve; null: none does. */
  readonly serversReason: Text | null;
  readonly problems: readonly DesignProblem[];
}

export function designCluster(policy: ClusterPolicy, timesync: TimesyncConfig): ClusterDesign {
  const nodes = policy.nodes.map((node): SettledNode => {
    const overrides = policy.overrides?.get(node.name) ?? {};
    return { node, overrides, settings: { ...timesync, ...overrides } };
  });
  const nodeNamed = lookupIn(policy.nodes);
  const named = namedIn(nodeNamed, [timesync]);
  const namedByNodes = namedIn(
    nodeNamed,
    nodes.map(({ overrides }) => overrides),
  );
  const topology =
    timesync.topology === 'auto' ? guessTopology(timesync, [...named, ...namedByNodes]) : timesync.topology;
  const chosen = topology === 'direct' ? noServers : chooseServers(nodes, named, namedByNodes);
  const context: DesignContext = { ...chosen, policy, timesync, topology, nodeNamed };
  const designs = nodes.map((settled) => designNode(settled, context));
  const problems = [
    ...clusterProblems(context, designs, [...named, ...namedByNodes]),
    ...nodeProblems(designs, timesync),
  ];
  return {
    topology,
    problems,
    serversReason: chosen.reason,
    nodes: problems.some((problem) => problem.severity === 'error') ? [] : designs,
  };
}

/** A node with the block of the cluster and what it has differently put together. */
export interface SettledNode {
  readonly node: NodeSpec;
  readonly overrides: TimesyncOverride;
  readonly settings: TimesyncConfig;
}

export interface DesignContext {
  readonly policy: ClusterPolicy;
  readonly timesync: TimesyncConfig;
  readonly topology: ClusterDesign['topology'];
  /** All that serve, and those of them whom a node follows that names nobody itself. */
  readonly servers: readonly NodeSpec[];
  readonly common: readonly NodeSpec[];
  readonly nodeNamed: NodeLookup;
}

/** The block of the cluster as one node has it. */
export function settingsOf(design: NodeDesign, timesync: TimesyncConfig): TimesyncConfig {
  return { ...timesync, ...design.overrides };
}

function designNode({ node, overrides, settings }: SettledNode, context: DesignContext): NodeDesign {
  const { topology, policy, servers } = context;
  const isServer = servers.includes(node);
  const others = followedServers(node, overrides, context);
  const followsOutside = isServer || servers.length === 0;
  const upstreams = topology === 'island' ? [] : upstreamsOf(node, overrides, followsOutside, context);
  const hasClocks = isServer || topology === 'direct';
  const refclocks = hasClocks || overrides.refclocks !== undefined ? settings.refclocks : [];
  const ptp = hasClocks || overrides.ptp !== undefined ? settings.ptp : null;
  const followed = countOf(upstreams) + others.length + refclocks.length + (ptp === null ? 0 : 1);
  return {
    node,
    part: isServer ? 'server' : 'client',
    // timesyncd follows one server at a time and cannot serve; only who asks for it gets it.
    daemon: settings.mode === 'timesyncd' && !isServer ? 'systemd-timesyncd' : 'chronyd',
    upstreams,
    servers: others,
    refclocks,
    ptp,
    allow: isServer ? settings.allow : [],
    orphan: isServer,
    minSources: settings.minSources ?? (!isServer && followed >= SERVERS_WANTED ? 2 : null),
    timezone: node.timezone ?? policy.timezone,
    adopted: settings.adopt,
    overrides,
  };
}

/** Addresses of the nodes that it follows: those that it names itself, else the common servers; itself never. */
function followedServers(
  node: NodeSpec,
  overrides: TimesyncOverride,
  { common, nodeNamed }: DesignContext,
): readonly string[] {
  const own = overrides.servers?.flatMap((name) => nodeNamed(name) ?? []);
  return unique((own ?? common).filter((server) => server !== node).map((server) => server.address));
}

/**
 * `servers:` that are no nodes of this cluster are what its readers mean by upstreams. A node that names its own upstreams
 * follows those alone. A node of the cluster that is named as upstream is asked by its address.
 * @param followsOutside it follows what the cluster follows outside; a client does not, unless it names somebody itself
 */
function upstreamsOf(
  node: NodeSpec,
  overrides: TimesyncOverride,
  followsOutside: boolean,
  { timesync, nodeNamed }: DesignContext,
): readonly string[] {
  const common = followsOutside ? timesync.upstreams : [];
  const commonServers = followsOutside && overrides.upstreams === undefined ? timesync.servers : [];
  const outside = (overrides.servers ?? commonServers).filter((name) => nodeNamed(name) === undefined);
  return unique(
    [...(overrides.upstreams ?? common), ...outside].flatMap((name) => {
      const named = nodeNamed(name);
      return named === node ? [] : [named?.address ?? name];
    }),
  );
}

/** Servers inside, or upstreams for servers to follow, make a hierarchy; outside servers alone are followed by all. */
function guessTopology(timesync: TimesyncConfig, inside: readonly NodeSpec[]): ClusterDesign['topology'] {
  const references = timesync.upstreams.length + timesync.refclocks.length;
  return inside.length > 0 || references > 0 || timesync.ptp !== null ? 'hierarchy' : 'direct';
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
