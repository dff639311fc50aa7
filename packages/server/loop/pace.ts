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

const SHORTEST_PAUSE_MS = 200;
const LARGE_CLUSTERS_PAUSE_MS = 400;
const PAUSE_TO_COST = 16;
const LEAST_PAUSE_TO_COST = 1.5;

/**
 * Milliseconds from one judgement to the next: a small cluster's follow each other quickly, a large one's cost more and keep a
 * distance that a person hardly notices. Never do they take more than two fifths of their thread.
 * @param costMs CPU time of the last, ≥ 0
 */
export function pauseAfter(costMs: number): number {
  const unnoticed = Math.min(LARGE_CLUSTERS_PAUSE_MS, PAUSE_TO_COST * costMs);
  return Math.max(SHORTEST_PAUSE_MS, unnoticed, LEAST_PAUSE_TO_COST * costMs);
}
