import type { LabNode } from '../cluster/plan.ts';
import { doOnNode } from '../node/agent.ts';
import { LabProblem } from '../problem.ts';
import { measureTruth } from './truth.ts';

/** Steps a node's clock so that it stands `offsetNs` ahead of the host's, to within the bound of the measurement. */
export async function setOffset(node: LabNode, offsetNs: bigint): Promise<void> {
  const truth = await measureTruth(node.wire);
  if (!truth) throw new LabProblem(`${node.name} does not answer: its clock cannot be set.`);
  await stepBy(node, offsetNs - BigInt(truth.offsetNs));
}

export async function stepBy(node: LabNode, nanoseconds: bigint): Promise<void> {
  await doOnNode(node.wire, `/usr/lib/lab/step-clock ${decimalSeconds(nanoseconds)}`);
}

/** Signed decimal seconds, exact. */
function decimalSeconds(nanoseconds: bigint): string {
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const text = `${size / 1_000_000_000n}.${String(size % 1_000_000_000n).padStart(9, '0')}`;
  return nanoseconds < 0n ? `-${text}` : text;
}
