import type { ClusterPolicy } from '../policy/index.ts';
import { designCluster } from './design.ts';

/**
 * Whom each node is meant to follow, by every name and address it may be called: node name → names. Empty where the
 * policy does not say, or says something that has no design; a node that is adopted follows whom it likes.
 */
export function intendedSources(policy: ClusterPolicy): ReadonlyMap<string, readonly string[]> {
  if (policy.timesync === undefined || !policy.timesync.enabled) return new Map();
  const nameOf = new Map(policy.nodes.map((node) => [node.address, node.name]));
  return new Map(
    designCluster(policy, policy.timesync).nodes.flatMap(({ node, upstreams, servers, adopted }) =>
      adopted
        ? []
        : [
            [
              node.name,
              [...upstreams, ...servers, ...servers.flatMap((address) => nameOf.get(address) ?? [])],
            ],
          ],
    ),
  );
}
