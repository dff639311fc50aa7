import pc from 'picocolors';
import type { LabState } from '../cluster/state.ts';
import { measureTruth, type Truth } from '../truth/truth.ts';

/** Prints each node's offset against the host's clock. Nodes are asked one after the other: a quiet machine has tighter bounds. */
export async function printTruth(state: LabState, json: boolean): Promise<void> {
  const found: Record<string, Truth | null> = {};
  for (const node of state.nodes) found[node.name] = await measureTruth(node.wire);
  if (json) {
    process.stdout.write(`${JSON.stringify({ lab: state.name, nodes: found }, null, 2)}\n`);
    return;
  }
  for (const [name, truth] of Object.entries(found)) {
    const text = truth
      ? `${truth.offsetSeconds >= 0 ? '+' : ''}${truth.offsetSeconds.toFixed(6)} s ± ${(truth.boundSeconds * 1000).toFixed(3)} ms`
      : pc.red('no answer');
    process.stdout.write(`${name.padEnd(8)} ${text}\n`);
  }
}
