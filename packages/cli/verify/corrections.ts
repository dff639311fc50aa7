import type { NodeLogins } from '@clockwarden/adapters/configure';
import type { ClusterDesign } from '@clockwarden/core/configure';
import { type ClusterPolicy, defaultTimesync } from '@clockwarden/core/policy';
import { text } from '@clockwarden/core/text';
import { type CliContext, progressOn } from '../terminal/index.ts';
import { type MeasuredCorrection, Verifier } from './verifier.ts';

/** For each of these nodes of the design its present offset from what it will follow, and what is done about it when its daemon starts. */
export async function measureCorrections(
  context: CliContext,
  policy: ClusterPolicy,
  design: ClusterDesign,
  logins: NodeLogins | undefined,
  signal: AbortSignal,
  names: readonly string[] = design.nodes.map(({ node }) => node.name),
): Promise<ReadonlyMap<string, MeasuredCorrection>> {
  const verifier = new Verifier({ policy, design, timesync: policy.timesync ?? defaultTimesync, logins });
  const progress = progressOn(context, () =>
    context.t(text('Measuring how far each clock is off …', '正在测量各时钟的偏移 …')),
  );
  try {
    return await verifier.corrections(names, signal);
  } finally {
    progress.end();
    await verifier.close();
  }
}
