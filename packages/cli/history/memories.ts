import type { GatheredFacts } from '@clockwarden/adapters/configure';
import type { NodeMemory } from '@clockwarden/core/configure';
import { type Text, text } from '@clockwarden/core/text';

/** What the nodes that could be asked remember, and why the others could not. */
export function memoriesOf(gathered: ReadonlyMap<string, GatheredFacts>): {
  readonly memories: ReadonlyMap<string, NodeMemory>;
  readonly silent: ReadonlyMap<string, Text>;
} {
  const memories = new Map<string, NodeMemory>();
  const silent = new Map<string, Text>();
  for (const [node, found] of gathered) {
    if (!found.ok) silent.set(node, found.failure.text);
    else if (found.facts.remembered === undefined) silent.set(node, needsRoot);
    else memories.set(node, found.facts.remembered);
  }
  return { memories, silent };
}

const needsRoot = text(
  'Only root may read there what was done: log in as root, or allow `sudo -n`.',
  '只有 root 能读取该节点的运行记录：请以 root 登录，或允许 `sudo -n`。',
);
