import type { SourceKind } from '@clockwarden/core/observe';
import { type ClusterPolicy, defaultSources, type SourcesConfig } from '@clockwarden/core/policy';

const keys: Readonly<Record<SourceKind, keyof SourcesConfig>> = {
  local: 'local',
  ntp: 'ntp',
  chrony: 'chrony',
  ssh: 'ssh',
  'node-exporter': 'nodeExporter',
  prometheus: 'prometheus',
};

/** How often a source is asked, and how long one reading of one node may take, in seconds. */
export function paceOf(
  policy: ClusterPolicy,
  kind: SourceKind,
): { readonly intervalSeconds: number; readonly timeoutSeconds: number } {
  const key = keys[kind];
  return policy.sources[key] ?? defaultSources[key];
}

/** Age beyond which a reading takes no part: five of its source's intervals. */
export function staleAfter(policy: ClusterPolicy, kind: SourceKind): number {
  return 5 * paceOf(policy, kind).intervalSeconds;
}
