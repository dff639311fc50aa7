import type { NodeSpec } from '@clockwarden/core/inventory';
import type { Reading, SourceKind } from '@clockwarden/core/observe';
import type { ClusterPolicy } from '@clockwarden/core/policy';
import type { Source, SourceContext } from '@clockwarden/core/ports';

/** The nodes that a source is asked about: those that name it, and those that name none where it is not `local`. */
export function nodesFor(policy: ClusterPolicy, kind: SourceKind): readonly NodeSpec[] {
  return policy.nodes.filter((node) => node.sources?.includes(kind) ?? kind !== 'local');
}

/** Asks every source about its nodes once, all at the same time; resolves when the last has answered or timed out. */
export async function runRound(
  policy: ClusterPolicy,
  sources: readonly Source[],
  context: SourceContext,
  onReading: (node: NodeSpec, reading: Reading) => void,
): Promise<void> {
  await Promise.all(
    sources.map(async (source) => {
      const nodes = nodesFor(policy, source.kind);
      if (nodes.length > 0) await source.collect(nodes, context, onReading);
    }),
  );
}
