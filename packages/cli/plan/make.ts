/** The plan of a cluster: its design, what the nodes are, and what would have to be done. Used by `plan` and by `apply`. */
import {
  type GatheredFacts,
  gatherFacts,
  type NodeLogins,
  openLogins,
} from '@clockwarden/adapters/configure';
import {
  type BatchSize,
  type ClusterDesign,
  type NodePlan,
  packagesWanted,
  planNode,
  wavesOf,
} from '@clockwarden/core/configure';
import type { NodeSpec } from '@clockwarden/core/inventory';
import { type ClusterPolicy, defaultSources, type TimesyncConfig } from '@clockwarden/core/policy';
import { text } from '@clockwarden/core/text';
import { designOrThrow } from '../render/design.ts';
import { type CliContext, progressOn } from '../terminal/index.ts';
import { type MeasuredCorrection, measureCorrections } from '../verify/index.ts';

/** A node with its plan, or with why there is none. */
export interface PlannedNode {
  readonly name: string;
  readonly plan: NodePlan | null;
  readonly facts: Extract<GatheredFacts, { ok: true }>['facts'] | null;
  readonly failure: Extract<GatheredFacts, { ok: false }>['failure'] | null;
}

export interface ClusterPlan {
  readonly design: ClusterDesign;
  readonly timesync: TimesyncConfig;
  /** In the order of the policy's nodes. */
  readonly nodes: readonly PlannedNode[];
  /** Nodes with something to change; nodes of one wave may be changed at the same time. */
  readonly order: readonly (readonly string[])[];
}

/** By node: its present offset, and what its daemon will do about it. Nodes that nobody measured are not in it. */
export type Corrections = ReadonlyMap<string, MeasuredCorrection>;

/** Share of the workers that may be changed at once where nobody says otherwise. */
export const DEFAULT_BATCH = 0.25;

/** Asks every node and changes nothing. Null: interrupted. Throws OperatorError where the policy has no design. */
export async function makePlan(
  context: CliContext,
  policy: ClusterPolicy,
  batch: BatchSize,
): Promise<{ readonly plan: ClusterPlan; readonly corrections: Corrections } | null> {
  const designed = designOrThrow(policy);
  const logins = openLogins(policy.sources.ssh ?? defaultSources.ssh);
  try {
    const gathered = await gatherNodes(context, logins, policy.nodes, designed.design);
    const plan = planFrom(designed, gathered, batch);
    const corrections =
      context.signal.aborted || plan.order.length === 0
        ? new Map()
        : await measureCorrections(context, policy, designed.design, logins, context.signal);
    return context.signal.aborted ? null : { plan, corrections };
  } finally {
    await logins.close();
  }
}

/** Of the nodes that were gathered, or were meant to be. */
export function planFrom(
  { design, timesync }: Pick<ClusterPlan, 'design' | 'timesync'>,
  gathered: ReadonlyMap<string, GatheredFacts>,
  batch: BatchSize,
): ClusterPlan {
  const nodes = design.nodes.map((nodeDesign): PlannedNode => {
    const { name } = nodeDesign.node;
    const found = gathered.get(name);
    if (found?.ok !== true) return { name, plan: null, facts: null, failure: found?.failure ?? null };
    const { facts } = found;
    return { name, plan: planNode(nodeDesign, timesync, facts), facts, failure: null };
  });
  const changing = new Set(nodes.filter(hasChanges).map(({ name }) => name));
  const order = wavesOf(
    design.nodes.filter(({ node }) => changing.has(node.name)),
    batch,
  );
  return { design, timesync, nodes, order };
}

export function hasChanges({ plan }: PlannedNode): boolean {
  return plan !== null && plan.actions.length > 0;
}

/** Not reached, or not to be touched. */
export function isBlocked({ plan }: PlannedNode): boolean {
  return plan === null || plan.problems.some(({ severity }) => severity === 'error');
}

/** @param design what may have to be installed on them; absent: nothing is going to be */
export async function gatherNodes(
  context: CliContext,
  logins: NodeLogins,
  nodes: readonly NodeSpec[],
  design?: ClusterDesign,
): Promise<ReadonlyMap<string, GatheredFacts>> {
  const gathered = new Map<string, GatheredFacts>();
  const progress = progressOn(context, () =>
    context.t(
      text(
        `${gathered.size} of ${nodes.length} nodes have told their state …`,
        `${nodes.length} 个节点中已有 ${gathered.size} 个报告了状态 …`,
      ),
    ),
  );
  try {
    await gatherFacts(
      nodes,
      logins,
      context.signal,
      (node, facts) => {
        gathered.set(node.name, facts);
      },
      design && packagesWanted(design),
    );
  } finally {
    progress.end();
  }
  return gathered;
}
