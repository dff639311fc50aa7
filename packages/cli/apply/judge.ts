/** Whether a node is still the one that the plan was made for, and what is to be done on it. Decided for all before the first write. */
import type { AgentJob, GatheredFacts, PlanDocumentNode } from '@clockwarden/adapters/configure';
import {
  type ConfigureFacts,
  changedSince,
  type LockHolder,
  type NodePlan,
  type RememberedRun,
} from '@clockwarden/core/configure';
import { type Text, text } from '@clockwarden/core/text';
import { canonicalJson } from './canonical.ts';

type RefusalCode =
  | 'unreachable'
  | 'locked'
  | 'unfinished'
  | 'blocked'
  | 'changed'
  | 'not-wanted'
  | 'not-there';

export interface Refusal {
  readonly code: RefusalCode;
  readonly text: Text;
  readonly hint: Text;
}

export type Judgement =
  /** It is what it is meant to be: nothing is done. */
  | { readonly kind: 'as-wanted' }
  | { readonly kind: 'begin'; readonly actions: AgentJob['actions'] }
  /** A run was cut on it: it goes on. `actions` null: only the node knows them. */
  | { readonly kind: 'resume'; readonly run: RememberedRun; readonly actions: AgentJob['actions'] | null }
  | ({ readonly kind: 'refused' } & Refusal);

export interface NodeCase {
  readonly name: string;
  /** What the plan says of it; null: the plan is not at hand, and the node's own journal is gone on with. */
  readonly planned: PlanDocumentNode | null;
  readonly found: GatheredFacts | undefined;
  /** What clockwarden.yaml wants of it now; null: it is no node of the cluster any more, or could not be asked. */
  readonly wanted: NodePlan | null;
  readonly takeOver: boolean;
  /** Who we are: our own agent, left behind by a kill, is waited for. */
  readonly operator: string;
  digestOf(actions: AgentJob['actions']): string;
}

export function judgeNode(own: NodeCase): Judgement {
  const { name, planned, found, wanted, digestOf } = own;
  if (found === undefined) return refused('not-there', notThere(name), planAgain);
  if (!found.ok) return refused('unreachable', found.failure.text, found.failure.hint ?? reachHint);
  const { facts } = found;
  const cut = unfinishedRun(facts);
  const lock = facts.remembered?.lock ?? null;
  const isOurs = lock !== null && lock.operator === own.operator && lock.run === cut?.id;
  if (lock !== null && !isOurs && !own.takeOver) return refused('locked', lockWords(lock), takeOverHint);
  if (cut !== null) {
    const actions = planned?.actions ?? null;
    if (planned === null) return { kind: 'resume', run: cut, actions: null };
    if (actions !== null && digestOf(jobOf(actions)) === cut.digest) {
      return { kind: 'resume', run: cut, actions: jobOf(actions) };
    }
    return refused('unfinished', unfinishedWords(cut), continueHint(name));
  }
  if (wanted === null) return refused('not-there', notThere(name), planAgain);
  const blocking = wanted.problems.find(({ severity }) => severity === 'error');
  if (blocking !== undefined) return refused('blocked', blocking.text, leaveOutHint);
  if (wanted.actions.length === 0 || planned === null) return { kind: 'as-wanted' };
  return judgePlanned(planned, facts, wanted);
}

function judgePlanned(planned: PlanDocumentNode, facts: ConfigureFacts, wanted: NodePlan): Judgement {
  if (planned.actions === null || planned.seen === null) {
    return refused(
      'blocked',
      text(
        'The plan has nothing for it: it could not be planned.',
        '计划中没有该节点的内容：当时无法为它制定计划。',
      ),
      planAgain,
    );
  }
  const changed = changedSince(planned.seen, facts);
  if (changed.length > 0) {
    return refused(
      'changed',
      text(
        `It has changed since the plan was made: ${changed.join(', ')}.`,
        `制定计划之后该节点发生了变化：${changed.join('、')}。`,
      ),
      planAgain,
    );
  }
  const actions = jobOf(planned.actions);
  if (canonicalJson(actions) !== canonicalJson(jobOf(wanted.actions))) {
    return refused(
      'not-wanted',
      text(
        'clockwarden.yaml asks for something else now than when the plan was made.',
        '与制定计划时相比，clockwarden.yaml 现在的要求已经不同。',
      ),
      planAgain,
    );
  }
  return { kind: 'begin', actions };
}

/** The run that was cut last, if it is not ended. */
function unfinishedRun(facts: ConfigureFacts): RememberedRun | null {
  return facts.remembered?.runs.findLast(({ state }) => state === 'unfinished') ?? null;
}

/** Without the reasons. */
function jobOf(actions: AgentJob['actions']): AgentJob['actions'] {
  return actions.map(({ action, inverse }) => ({ action, inverse }));
}

function refused(code: RefusalCode, words: Text, hint: Text): Judgement {
  return { kind: 'refused', code, text: words, hint };
}

function notThere(name: string): Text {
  return text(`${name} is no node of this cluster any more.`, `${name} 已不是本集群的节点。`);
}

/** Times of a node's clock are for people: it may be the clock that is wrong. */
export function lockWords({ operator, run, sinceUnixSeconds }: LockHolder): Text {
  const since = new Date(sinceUnixSeconds * 1_000).toISOString();
  return text(
    `Held by ${operator} since ${since} by its own clock (run ${run}).`,
    `已被 ${operator} 锁定，按该节点时钟自 ${since} 起(运行 ${run})。`,
  );
}

function unfinishedWords({ id, operator, done, actions }: RememberedRun): Text {
  return text(
    `Run ${id} of ${operator} was cut there, with ${done.length} of ${actions} actions done.`,
    `${operator} 的运行 ${id} 在该节点上中断，${actions} 个动作中已完成 ${done.length} 个。`,
  );
}

const planAgain = text('Look at it anew: `clockwarden plan`', '请重新查看：`clockwarden plan`');
const reachHint = text(
  'Mend it, or leave the node out with --except.',
  '请先修复，或用 --except 排除该节点。',
);
const leaveOutHint = text('Leave the node out with --except.', '可用 --except 排除该节点。');
export const takeOverHint = text(
  'Ask who it is; if nobody is at work any more, add --take-over.',
  '请先询问对方；若已无人操作，可加上 --take-over。',
);

function continueHint(name: string): Text {
  return text(
    `Go on with it: \`clockwarden apply --continue\`. Or put it back: \`clockwarden rollback ${name}\`.`,
    `继续执行：\`clockwarden apply --continue\`；或恢复原状：\`clockwarden rollback ${name}\`。`,
  );
}
