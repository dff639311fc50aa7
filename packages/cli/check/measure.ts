/** One look at the whole cluster. */
import { createSources } from '@clockwarden/adapters/registry';
import { cryptoRandom, LatestReadings, Reference, runRound } from '@clockwarden/adapters/round';
import { createTimeBase } from '@clockwarden/adapters/time-base';
import { assessCluster, type ClusterAssessment } from '@clockwarden/core/assess';
import { type ClusterPolicy, withoutSudo } from '@clockwarden/core/policy';
import type { SourceContext } from '@clockwarden/core/ports';
import { text } from '@clockwarden/core/text';
import { type CliContext, progressOn } from '../terminal/index.ts';

export interface Observer {
  /** Asks every source about every node once. */
  look(): Promise<{ readonly assessment: ClusterAssessment; readonly tookSeconds: number }>;
  close(): Promise<void>;
}

/** Sources stay open between looks: names, keys and connections are kept. */
export function createObserver(context: CliContext, policy: ClusterPolicy): Observer {
  const sources = createSources(withoutSudo(policy));
  const reference = Reference.of(policy);
  const timeBase = createTimeBase();
  const sourceContext: SourceContext = { timeBase, random: cryptoRandom, signal: context.signal };
  return {
    async look() {
      const startedAt = timeBase.monotonic();
      const latest = new LatestReadings();
      const answered = new Set<string>();
      const progress = progressOn(context, () =>
        context.t(
          text(
            `${answered.size} of ${policy.nodes.length} nodes have answered …`,
            `${policy.nodes.length} 个节点中已有 ${answered.size} 个应答 …`,
          ),
        ),
      );
      try {
        await Promise.all([
          reference?.measure(sourceContext),
          runRound(policy, sources, sourceContext, (node, reading) => {
            latest.record(node, reading);
            answered.add(node.name);
          }),
        ]);
      } finally {
        progress.end();
      }
      const now = timeBase.monotonic();
      const assessment = assessCluster(
        policy,
        latest.observe(policy.nodes, now, () => Number.POSITIVE_INFINITY),
        timeBase.instantAt(now),
        reference?.estimateAt(now, Number.POSITIVE_INFINITY) ?? null,
      );
      return { assessment, tookSeconds: Number(timeBase.monotonic() - startedAt) / 1e9 };
    },
    async close() {
      const open = [...sources, ...(reference === null ? [] : [reference])];
      await Promise.all(open.map((source) => source.close()));
    },
  };
}

/** One look, and nothing left open. */
export async function lookOnce(context: CliContext, policy: ClusterPolicy): Promise<ClusterAssessment> {
  const observer = createObserver(context, policy);
  try {
    return (await observer.look()).assessment;
  } finally {
    await observer.close();
  }
}
