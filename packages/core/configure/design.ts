/** Who serves and who follows: the `timesync:` block and the nodes → one design a node. */
import type { NodeSpec } from '../inventory/index.ts';
import type { ClusterPolicy, TimesyncConfig } from '../policy/index.ts';
import { type Text, text } from '../text/index.ts';

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
  /** Networks that may ask it; empty for clients. */
  readonly allow: readonly string[];
  /** Serves its own clock when it has no other: the servers of a cluster stay together (`local stratum 10 orphan`). */
  readonly orphan: boolean;
  /** Sources that must agree before the clock is corrected; null: chrony's default of 1. */
  readonly minSources: number | null;
  readonly timezone: string | null;
}

export interface DesignProblem {
  /** An `error` means that there is no design for it. */
  readonly severity: 'error' | 'warning';
  readonly text: Text;
}

export interface ClusterDesign {
  readonly topology: 'direct' | 'hierarchy' | 'island';
  readonly nodes: readonly NodeDesign[];
  readonly problems: readonly DesignProblem[];
}

/** Few enough to look after, enough to outvote a liar. */
const SERVERS_WANTED = 3;

export function designCluster(policy: ClusterPolicy, timesync: TimesyncConfig): ClusterDesign {
  const named = timesync.servers.map((server) => ({ server, node: nodeNamed(policy.nodes, server) }));
  const outside = named.flatMap(({ server, node }) => (node === undefined ? [server] : []));
  const inside = named.flatMap(({ node }) => node ?? []);
  const topology = timesync.topology === 'auto' ? guessTopology(timesync, inside) : timesync.topology;
  // `servers:` that are no nodes of this cluster are what its readers mean by upstreams.
  const upstreams = topology === 'island' ? [] : unique([...timesync.upstreams, ...outside]);
  const servers = topology === 'direct' ? [] : inside.length > 0 ? inside : chooseServers(policy.nodes);
  const problems = problemsOf(topology, policy, timesync, upstreams, servers, outside);
  const context = { policy, timesync, upstreams, servers };
  return {
    topology,
    problems,
    nodes: problems.some((problem) => problem.severity === 'error')
      ? []
      : policy.nodes.map((node) => designNode(node, context)),
  };
}

interface DesignContext {
  readonly policy: ClusterPolicy;
  readonly timesync: TimesyncConfig;
  readonly upstreams: readonly string[];
  readonly servers: readonly NodeSpec[];
}

function designNode(node: NodeSpec, { policy, timesync, upstreams, servers }: DesignContext): NodeDesign {
  const isServer = servers.includes(node);
  const others = servers.filter((server) => server !== node).map((server) => server.address);
  const followsUpstreams = isServer || servers.length === 0;
  const followed = (followsUpstreams ? upstreams.length + timesync.refclocks.length : 0) + others.length;
  return {
    node,
    part: isServer ? 'server' : 'client',
    // timesyncd follows one server at a time and cannot serve; only who asks for it gets it.
    daemon: timesync.mode === 'timesyncd' && !isServer ? 'systemd-timesyncd' : 'chronyd',
    upstreams: followsUpstreams ? upstreams : [],
    servers: others,
    refclocks: isServer ? timesync.refclocks : [],
    allow: isServer ? timesync.allow : [],
    orphan: isServer,
    minSources: timesync.minSources ?? (!isServer && followed >= SERVERS_WANTED ? 2 : null),
    timezone: node.timezone ?? policy.timezone,
  };
}

/** Servers inside, or upstreams for servers to follow, make a hierarchy; outside servers alone are followed by all. */
function guessTopology(timesync: TimesyncConfig, inside: readonly NodeSpec[]): ClusterDesign['topology'] {
  return inside.length > 0 || timesync.upstreams.length > 0 || timesync.refclocks.length > 0
    ? 'hierarchy'
    : 'direct';
}

/** Nodes with the role first, then the control plane, then anybody: three, or all when there are fewer. */
function chooseServers(nodes: readonly NodeSpec[]): readonly NodeSpec[] {
  const withRole = nodes.filter((node) => node.roles.includes('ntp-server'));
  if (withRole.length > 0) return withRole;
  const controlPlane = nodes.filter((node) => node.roles.includes('control-plane'));
  return (controlPlane.length > 0 ? controlPlane : nodes).slice(0, SERVERS_WANTED);
}

function nodeNamed(nodes: readonly NodeSpec[], name: string): NodeSpec | undefined {
  return nodes.find((node) => node.name === name || node.address === name);
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}

function problemsOf(
  topology: ClusterDesign['topology'],
  policy: ClusterPolicy,
  timesync: TimesyncConfig,
  upstreams: readonly string[],
  servers: readonly NodeSpec[],
  outside: readonly string[],
): readonly DesignProblem[] {
  const problems: DesignProblem[] = [];
  const add = (severity: DesignProblem['severity'], en: string, zh: string): void => {
    problems.push({ severity, text: text(en, zh) });
  };
  const references = upstreams.length + timesync.refclocks.length;
  if (policy.nodes.length === 0) add('error', 'There are no nodes.', '没有任何节点。');
  if (topology === 'island' && outside.length > 0) {
    add(
      'error',
      `An island follows nobody outside, but \`servers\` names ${outside.join(', ')}, no nodes of this cluster.`,
      `孤岛模式不跟随外部时间源，但 \`servers\` 中的 ${outside.join('、')} 不是本集群的节点。`,
    );
  }
  if (topology !== 'island' && references === 0) {
    add(
      'error',
      'Nobody is there to follow: name `upstreams` (three or more), or say `topology: island`.',
      '没有可跟随的时间源：请设置 `upstreams`(三个以上)，或写明 `topology: island`。',
    );
  }
  if (topology !== 'direct' && timesync.allow.length === 0) {
    add(
      'error',
      'Servers must know whom to serve: name the node networks in `allow`, as 10.2.0.0/16.',
      '服务端必须知道为谁服务：请在 `allow` 中写明节点网段，如 10.2.0.0/16。',
    );
  }
  if (
    topology !== 'island' &&
    references > 0 &&
    references < SERVERS_WANTED &&
    timesync.refclocks.length === 0
  ) {
    add(
      'warning',
      references === 1
        ? `Everybody hangs on one upstream (${upstreams[0]}): when it lies or dies, nobody notices.`
        : 'Two upstreams cannot outvote each other: when one lies, nobody knows which. Three find it, four find it with one of them down.',
      references === 1
        ? `所有节点都依赖同一个上游(${upstreams[0]})：它出错或失效时无人察觉。`
        : '两个上游无法互相否决：其中一个出错时无法判断是谁。三个可以识别，四个在一个失效时仍可识别。',
    );
  }
  if (
    topology !== 'direct' &&
    servers.length > 0 &&
    servers.length < SERVERS_WANTED &&
    policy.nodes.length >= SERVERS_WANTED
  ) {
    add(
      'warning',
      `Only ${servers.length} of the nodes ${servers.length === 1 ? 'serves' : 'serve'}: clients want three to find a wrong one.`,
      `只有 ${servers.length} 个节点提供服务：客户端至少需要三个才能识别出错的那个。`,
    );
  }
  if (topology === 'island' && timesync.refclocks.length === 0) {
    add(
      'warning',
      'An island agrees with itself, not with the world: set the clock of one server by hand, and again when it has drifted too far (about a second a day).',
      '孤岛模式只保证内部一致，与外界无关：请手动设定其中一个服务端的时钟，漂移过大(约每天一秒)时再次设定。',
    );
  }
  if (timesync.mode === 'timesyncd' && topology === 'direct' && timesync.refclocks.length > 0) {
    add('error', 'systemd-timesyncd knows no reference clocks.', 'systemd-timesyncd 不支持参考时钟。');
  }
  return problems;
}
