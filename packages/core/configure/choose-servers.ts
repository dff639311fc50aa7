/** Which nodes give time to the others, and why those. */
import type { NodeSpec } from '../inventory/index.ts';
import { type Text, text } from '../text/index.ts';
import type { SettledNode } from './design.ts';

/** Few enough to look after, enough to outvote a liar. */
export const SERVERS_WANTED = 3;

interface ChosenServers {
  /** All that serve. */
  readonly servers: readonly NodeSpec[];
  /** Those whom a node follows that names nobody itself. */
  readonly common: readonly NodeSpec[];
  readonly reason: Text | null;
}

export const noServers: ChosenServers = { servers: [], common: [], reason: null };

/**
 * Nodes that the cluster's `servers` names, else those with the role, else three of the control plane, else three of all; all when
 * there are fewer. By name, so that another order of the inventory does not make other servers.
 * @param also nodes that single nodes or groups want to follow: they serve besides
 */
export function chooseServers(
  nodes: readonly SettledNode[],
  named: readonly NodeSpec[],
  also: readonly NodeSpec[],
): ChosenServers {
  const { common, reason } = choose(nodes, named);
  return { servers: [...new Set([...common, ...also])], common, reason };
}

function choose(nodes: readonly SettledNode[], named: readonly NodeSpec[]): Omit<ChosenServers, 'servers'> {
  if (named.length > 0) {
    return {
      common: nodes.flatMap(({ node }) => (named.includes(node) ? [node] : [])),
      reason: text('They are named in `servers`.', '它们写在 `servers` 中。'),
    };
  }
  const withRole = nodes.filter(({ node }) => node.roles.includes('ntp-server'));
  if (withRole.length > 0) {
    return {
      common: withRole.map(({ node }) => node),
      reason: text(
        'They have the role `ntp-server` (kubeasz: the group `chrony`).',
        '它们具有 `ntp-server` 角色(kubeasz 的 `chrony` 组)。',
      ),
    };
  }
  // A node that is never rewritten cannot be made a server.
  const free = nodes.filter(({ settings }) => !settings.adopt);
  const controlPlane = free.filter(({ node }) => node.roles.includes('control-plane'));
  const candidates = (controlPlane.length > 0 ? controlPlane : free).map(({ node }) => node);
  const byName = candidates.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return {
    common: byName.slice(0, SERVERS_WANTED),
    reason:
      controlPlane.length > 0
        ? text(
            'Control-plane nodes are there before the others, stay longest and are looked after most; three can outvote a wrong one.',
            '控制平面节点最先就绪、存续最久、维护最周到；三个节点可以否决其中出错的一个。',
          )
        : text(
            'No node has a role that fits, so the first three by name; three can outvote a wrong one.',
            '没有节点具有合适的角色，因此按名称取前三个；三个节点可以否决其中出错的一个。',
          ),
  };
}

/** Nodes of the cluster that a `servers` list names, the cluster's or a node's own. */
export function namedIn(
  nodeNamed: NodeLookup,
  blocks: readonly { readonly servers?: readonly string[] }[],
): readonly NodeSpec[] {
  const names = new Set(blocks.flatMap(({ servers }) => servers ?? []));
  return [...new Set([...names].flatMap((name) => nodeNamed(name) ?? []))];
}

/** A node of the cluster by its name, else by its address; undefined: somebody outside. */
export type NodeLookup = (name: string) => NodeSpec | undefined;

/** Made once: with ten thousand nodes a search for each name of each node takes seconds. */
export function lookupIn(nodes: readonly NodeSpec[]): NodeLookup {
  const byAddress = new Map(nodes.map((node) => [node.address, node]));
  const byName = new Map(nodes.map((node) => [node.name, node]));
  return (name) => byName.get(name) ?? byAddress.get(name);
}
