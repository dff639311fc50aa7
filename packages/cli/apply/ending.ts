/** Where a run stands at its end, and what to type next. */
import type { NodeProgress, RolloutState } from '@clockwarden/core/configure';
import { type Text, text } from '@clockwarden/core/text';
import type { CliContext } from '../terminal/index.ts';
import type { RunKind, RunResult } from './events.ts';
import { endingLines } from './show.ts';

/** Returns the exit code: 0 done, 1 something to look at, 2 a person is needed, 3 not reached, 130 interrupted. */
export function endApply(context: CliContext, state: RolloutState, result: RunResult, run: string): number {
  tell(context, 'apply', state, result, [
    ...(nodesThat(state, 'stopped', 'lost').length > 0 ? [goOn(state)] : []),
    ...(nodesThat(state, 'stuck').length > 0 ? [stuck(state)] : []),
    ...(result === 'halted' && nodesThat(state, 'rolled-back', 'refused').length > 0 ? [lookAgain] : []),
    ...(result === 'done' ? [undo(run)] : []),
  ]);
  return exitCodeOf(state, result);
}

export function endRollback(context: CliContext, state: RolloutState, result: RunResult): number {
  tell(
    context,
    'rollback',
    state,
    result,
    nodesThat(state, 'stopped', 'lost', 'stuck').length > 0 ? [rollAgain] : [],
  );
  return exitCodeOf(state, result);
}

function exitCodeOf(state: RolloutState, result: RunResult): number {
  if (nodesThat(state, 'stuck').length > 0) return 2;
  if (result === 'stopped') return 130;
  if (nodesThat(state, 'lost').length > 0) return 3;
  return result === 'done' ? 0 : 1;
}

function tell(
  context: CliContext,
  kind: RunKind,
  state: RolloutState,
  result: RunResult,
  next: readonly Text[],
): void {
  if (context.json) return;
  const { color, t } = context;
  context.print('');
  context.print(color.bold(t(headlineOf(kind, state, result))));
  for (const line of endingLines(context, kind, state)) context.print(`  ${line}`);
  for (const words of next) context.print(`  ${color.dim('→')} ${t(words)}`);
}

function headlineOf(kind: RunKind, state: RolloutState, result: RunResult): Text {
  if (kind === 'rollback' && result === 'done') return allBack;
  // Failures that were borne, or that of the last node: there was none left to begin.
  if (result === 'halted' && nodesThat(state, 'untouched').length === 0) return notAll;
  return headline[result];
}

const notAll = text('Ended, and not every node is as it should be.', '已结束，但并非所有节点都符合要求。');
const allBack = text('Done: every node is what it was before.', '完成：所有节点均已恢复原状。');

const headline: Readonly<Record<RunResult, Text>> = {
  done: text('Done: every node is verified.', '完成：所有节点均已通过验证。'),
  halted: text('Halted. No further node was begun.', '已停下，没有再开始新的节点。'),
  stopped: text(
    'Stopped. Every node was left between two actions, with its time daemon running.',
    '已停止。每个节点都停在两个动作之间，时间守护进程仍在运行。',
  ),
};

function nodesThat(state: RolloutState, ...wanted: readonly NodeProgress[]): readonly string[] {
  return Object.entries(state.progress).flatMap(([node, progress]) =>
    wanted.includes(progress) ? [node] : [],
  );
}

function goOn(state: RolloutState): Text {
  const nodes = nodesThat(state, 'stopped', 'lost').join(' ');
  return text(
    `Go on: clockwarden apply --continue. Or put it back: clockwarden rollback ${nodes}`,
    `继续执行：clockwarden apply --continue；或恢复原状：clockwarden rollback ${nodes}`,
  );
}

function stuck(state: RolloutState): Text {
  const nodes = nodesThat(state, 'stuck').join(' ');
  return text(
    `Mend the cause that is named above, then: clockwarden rollback ${nodes}`,
    `先排除上面指出的原因，再执行：clockwarden rollback ${nodes}`,
  );
}

const lookAgain = text(
  'Mend the cause that is named above, then look again: clockwarden plan',
  '先排除上面指出的原因，再重新查看：clockwarden plan',
);

const rollAgain = text('Mend the cause, then say it again.', '排除原因后再执行一次。');

function undo(run: string): Text {
  return text(`To undo it: clockwarden rollback (run ${run})`, `如需撤销：clockwarden rollback(运行 ${run})`);
}
