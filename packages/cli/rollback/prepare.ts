/** What a rollback would do on each node, and what forbids it; found out before the first write. */
import { type AgentJob, type GatheredFacts, type NodeLogins, readJob } from '@clockwarden/adapters/configure';
import { storedRuns } from '@clockwarden/adapters/run-journal';
import {
  type Action,
  type ConfigureFacts,
  filesLeft,
  otherFiles,
  type RememberedRun,
} from '@clockwarden/core/configure';
import type { NodeSpec } from '@clockwarden/core/inventory';
import type { ClusterPolicy } from '@clockwarden/core/policy';
import { type Text, text } from '@clockwarden/core/text';
import { lockWords, takeOverHint } from '../apply/judge.ts';
import type { RefusedNode } from '../apply/refuse.ts';
import { memoriesOf } from '../history/memories.ts';
import { historyOf } from '../history/runs.ts';
import { gatherNodes } from '../plan/make.ts';
import type { CliContext } from '../terminal/index.ts';
import { runNamed, runsToUndo } from './choose.ts';

export interface UndoneRun {
  readonly run: RememberedRun;
  /** Null: the node keeps it no more in a form that this version knows; it can be put back all the same. */
  readonly job: AgentJob['actions'] | null;
}

/** What puts a run back that came so far, in the order in which it is done. */
export function inversesOf({ run, job }: UndoneRun): readonly Action[] {
  return run.undoOrder
    .filter((index) => run.done.includes(index) || run.begun === index)
    .flatMap((index) => job?.[index]?.inverse ?? []);
}

export interface NodeRollback {
  readonly spec: NodeSpec;
  readonly facts: ConfigureFacts;
  /** Newest first. */
  readonly runs: readonly UndoneRun[];
  /** Files that a hand changed since, which --force lets go. */
  readonly changedByHand: readonly string[];
}

export interface PreparedRollback {
  readonly nodes: readonly NodeRollback[];
  readonly refused: readonly RefusedNode[];
}

export interface ChooseOptions {
  readonly nodes: readonly NodeSpec[];
  /** Number or id of the last run that stays. */
  readonly to: string | undefined;
  readonly force: boolean;
  readonly takeOver: boolean;
}

/** Null: interrupted. */
export async function prepareRollback(
  context: CliContext,
  policy: ClusterPolicy,
  logins: NodeLogins,
  options: ChooseOptions,
): Promise<PreparedRollback | null> {
  // The numbers of runs are those of the whole cluster.
  const asked = options.to === undefined ? options.nodes : policy.nodes;
  const gathered = await gatherNodes(context, logins, asked);
  const { memories, silent } = memoriesOf(gathered);
  const after =
    options.to === undefined ? null : runNamed(options.to, historyOf(storedRuns(policy.name), memories));
  const found = await Promise.all(
    options.nodes.map(async (spec): Promise<NodeRollback | RefusedNode | null> => {
      const why = silent.get(spec.name);
      const own = gathered.get(spec.name);
      if (why !== undefined) return { node: spec.name, code: 'unreachable', text: why, hint: reachHint };
      const memory = memories.get(spec.name);
      if (own?.ok !== true || memory === undefined) return null;
      const runs = await Promise.all(
        runsToUndo(memory, after).map(async (run) => ({
          run,
          job: await readJob(spec, run.id, logins, context.signal),
        })),
      );
      return runs.length === 0 ? null : judge(spec, own, runs, options);
    }),
  );
  if (context.signal.aborted) return null;
  return {
    nodes: found.filter((one) => one !== null && 'runs' in one),
    refused: found.filter((one) => one !== null && 'code' in one),
  };
}

function judge(
  spec: NodeSpec,
  { facts }: Extract<GatheredFacts, { ok: true }>,
  runs: readonly UndoneRun[],
  { force, takeOver }: ChooseOptions,
): NodeRollback | RefusedNode {
  const lock = facts.remembered?.lock ?? null;
  if (lock !== null && !takeOver) {
    return { node: spec.name, code: 'locked', text: lockWords(lock), hint: takeOverHint };
  }
  const changedByHand = otherFiles(leftBy(runs), facts);
  if (changedByHand.length > 0 && !force) {
    return { node: spec.name, code: 'changed', text: changedWords(changedByHand), hint: forceHint };
  }
  return { spec, facts, runs, changedByHand };
}

/** What the runs left behind; a file of the action in which a run was cut may be either way. */
function leftBy(runs: readonly UndoneRun[]): ReturnType<typeof filesLeft> {
  const oldestFirst = runs.toReversed();
  const left = new Map(
    oldestFirst.flatMap(({ run, job }) => (job === null ? [] : [...filesLeft(job, run.done)])),
  );
  for (const { run, job } of runs) {
    if (job === null || run.begun === null) continue;
    for (const path of filesLeft(job, [run.begun]).keys()) left.delete(path);
  }
  return left;
}

function changedWords(paths: readonly string[]): Text {
  return text(
    `Changed by hand since: ${paths.join(', ')}. Putting back would lose that.`,
    `之后被手工修改过：${paths.join('、')}。回退会丢失这些修改。`,
  );
}

const forceHint = text(
  'Keep what you want of it; then add --force, which leaves a copy on this machine.',
  '请先保留需要的内容；然后加上 --force，会在本机留下一份副本。',
);
const reachHint = text('Mend it, or name the other nodes only.', '请先修复，或只指定其他节点。');
