/** Everything that is found out and decided before the first write: the plan, the nodes as they are, what is done on each. */
import type { GatheredFacts, NodeLogins, PlanDocument } from '@clockwarden/adapters/configure';
import { jobDigest, readJob, readPlan } from '@clockwarden/adapters/configure';
import { storedRuns } from '@clockwarden/adapters/run-journal';
import {
  type BatchSize,
  type ClusterDesign,
  type ConfigureFacts,
  wavesOf,
} from '@clockwarden/core/configure';
import { OperatorError } from '@clockwarden/core/errors';
import type { ClusterPolicy, TimesyncConfig } from '@clockwarden/core/policy';
import { text } from '@clockwarden/core/text';
import { startsDaemon } from '../plan/describe.ts';
import { planDocument } from '../plan/document.ts';
import { type ClusterPlan, type Corrections, gatherNodes, planFrom } from '../plan/make.ts';
import { designOrThrow } from '../render/design.ts';
import type { CliContext } from '../terminal/index.ts';
import { measureCorrections } from '../verify/index.ts';
import { operatorName } from './identity.ts';
import { type Judgement, judgeNode, type Refusal } from './judge.ts';
import { type NodeSelection, selectNodes } from './selection.ts';

export interface PrepareOptions {
  readonly planPath: string | undefined;
  readonly goOn: boolean;
  readonly takeOver: boolean;
  readonly batch: BatchSize;
  readonly selection: NodeSelection;
}

export interface PreparedNode {
  readonly name: string;
  readonly facts: ConfigureFacts;
  readonly judgement: Extract<Judgement, { kind: 'begin' | 'resume' }>;
}

export interface Prepared {
  readonly design: ClusterDesign;
  readonly timesync: TimesyncConfig;
  /** What clockwarden.yaml wants of the nodes as they are now. */
  readonly plan: ClusterPlan;
  /** Empty where no daemon is to start anew. */
  readonly corrections: Corrections;
  /** Null: what goes on is another operator's, and only the nodes know it. */
  readonly document: PlanDocument | null;
  /** Those with something to do. */
  readonly nodes: readonly PreparedNode[];
  readonly order: readonly (readonly string[])[];
  readonly refused: readonly (Refusal & { readonly node: string })[];
  /** `performance.now()` when the nodes were asked. */
  readonly gatheredAt: number;
}

/** Null: interrupted. Changes nothing. */
export async function prepare(
  context: CliContext,
  policy: ClusterPolicy,
  logins: NodeLogins,
  options: PrepareOptions,
): Promise<Prepared | null> {
  const designed = designOrThrow(policy);
  const chosen = selectNodes(designed.design.nodes, options.selection);
  const given = givenPlan(policy, options);
  const gathered = await gatherNodes(
    context,
    logins,
    chosen.map(({ node }) => node),
    designed.design,
  );
  const gatheredAt = performance.now();
  if (context.signal.aborted) return null;
  const design = { ...designed.design, nodes: chosen };
  const plan = planFrom({ design, timesync: designed.timesync }, gathered, options.batch);
  const makes = given === null && !options.goOn;
  const documentWith = (measured: Corrections): PlanDocument =>
    planDocument(policy, plan, measured, context.language, new Date());
  const document = makes ? documentWith(new Map()) : given;
  const judged = judgeAll(plan, gathered, document, options);
  const nodes = await Promise.all(
    judged.flatMap(({ name, facts, judgement }) =>
      facts !== null && (judgement.kind === 'begin' || judgement.kind === 'resume')
        ? [withJob({ name, facts, judgement }, design, logins, context.signal)]
        : [],
    ),
  );
  const order = wavesOf(
    chosen.filter(({ node }) => nodes.some(({ name }) => name === node.name)),
    options.batch,
    new Set(nodes.flatMap(({ name, facts }) => (facts.runs.etcd || facts.runs.apiserver ? [name] : []))),
  );
  const refused = judged.flatMap(({ name, judgement }) =>
    judgement.kind === 'refused' ? [{ node: name, ...judgement }] : [],
  );
  const corrections =
    refused.length > 0 || !nodes.some(mayStep)
      ? new Map()
      : await measureCorrections(context, policy, designed.design, logins, context.signal);
  if (context.signal.aborted) return null;
  return {
    ...designed,
    plan,
    corrections,
    document: makes ? documentWith(corrections) : given,
    nodes,
    order,
    gatheredAt,
    refused,
  };
}

/** A daemon that starts anew may step: by its own first corrections, or asked to. */
export function mayStep({ judgement }: PreparedNode): boolean {
  return judgement.actions === null || judgement.actions.some(({ action }) => startsDaemon(action));
}

/** The plan of the file, or of the last run of this operator; null: neither is wanted, or there is none. */
function givenPlan(policy: ClusterPolicy, { planPath, goOn }: PrepareOptions): PlanDocument | null {
  if (planPath !== undefined && goOn) {
    const detail = text('--continue knows its plan itself.', '--continue 自己知道其计划。');
    throw new OperatorError('usage', { where: planPath, detail });
  }
  if (planPath !== undefined) {
    const plan = readPlan(planPath);
    if (plan.cluster === policy.name) return plan;
    throw new OperatorError('plan-invalid', {
      where: planPath,
      detail: text(
        `it is for the cluster ${plan.cluster}, and this is ${policy.name}`,
        `该计划属于集群 ${plan.cluster}，而当前集群是 ${policy.name}`,
      ),
    });
  }
  if (!goOn) return null;
  const last = storedRuns(policy.name).findLast(({ kind }) => kind === 'apply');
  return last === undefined || last.result === 'done' ? null : last.plan();
}

/** Of a run that another operator began the node itself tells what it consists of. */
async function withJob(
  prepared: PreparedNode,
  design: ClusterDesign,
  logins: NodeLogins,
  signal: AbortSignal,
): Promise<PreparedNode> {
  const { name, judgement } = prepared;
  const own = design.nodes.find(({ node }) => node.name === name);
  if (judgement.kind === 'begin' || judgement.actions !== null || own === undefined) return prepared;
  const actions = await readJob(own.node, judgement.run.id, logins, signal);
  return { ...prepared, judgement: { ...judgement, actions } };
}

interface Judged {
  readonly name: string;
  readonly facts: ConfigureFacts | null;
  readonly judgement: Judgement;
}

function judgeAll(
  plan: ClusterPlan,
  gathered: ReadonlyMap<string, GatheredFacts>,
  document: PlanDocument | null,
  { takeOver, selection }: PrepareOptions,
): readonly Judged[] {
  const wanted = new Set(plan.design.nodes.map(({ node }) => node.name));
  const planned = document?.nodes.map(({ name }) => name) ?? [...wanted];
  return planned
    .filter((name) => wanted.has(name) || (selection.nodes.length === 0 && !selection.except.includes(name)))
    .map((name) => {
      const own = plan.nodes.find((node) => node.name === name);
      const judgement = judgeNode({
        name,
        planned: document?.nodes.find((node) => node.name === name) ?? null,
        found: gathered.get(name),
        wanted: own?.plan ?? null,
        takeOver,
        operator: operatorName(process.env),
        digestOf: jobDigest,
      });
      return { name, facts: own?.facts ?? null, judgement };
    });
}
