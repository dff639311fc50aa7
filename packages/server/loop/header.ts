import type { ClusterHeader } from '@clockwarden/api/console';
import type { Snapshot } from '@clockwarden/api/snapshot';
import type { ClusterPolicy } from '@clockwarden/core/policy';

/** The snapshot without its nodes, with what the policy wants. */
export function clusterHeaderOf(snapshot: Snapshot, policy: ClusterPolicy): ClusterHeader {
  const { nodes: _, ...header } = snapshot;
  return { ...header, timezonePolicy: policy.timezone, reference: policy.reference };
}
