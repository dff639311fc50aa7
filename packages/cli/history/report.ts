import { type Text, text } from '@clockwarden/core/text';
import { type CliContext, renderTable } from '../terminal/index.ts';
import { type HistoryRun, type RunState, startOf } from './runs.ts';

/** Newest first. */
export function historyLines(context: CliContext, runs: readonly HistoryRun[]): readonly string[] {
  const { t } = context;
  if (runs.length === 0) {
    return [t(text('Clockwarden has changed nothing here yet.', 'Clockwarden 尚未在此作过任何改动。'))];
  }
  return renderTable(
    [
      { title: '#', align: 'right' },
      { title: t(text('run', '运行')) },
      { title: t(text('when (UTC)', '时间(UTC)')) },
      { title: t(text('who', '操作者')) },
      { title: t(text('what', '内容')) },
      { title: t(text('result', '结果')) },
      { title: t(text('nodes', '节点')) },
    ],
    [...runs]
      .reverse()
      .map((run) => [
        String(run.number),
        run.id,
        startOf(run.id).replace('T', ' ').replace('Z', ''),
        run.operator,
        t(what(run)),
        t(stateWords[run.state]),
        t(nodeWords(run)),
      ]),
  );
}

function what({ kind, actions }: HistoryRun): Text {
  if (kind === 'rollback') return text('rollback', '回退');
  if (kind === 'resync') return text('resync', '立即校时');
  return actions === null
    ? text('apply', '应用')
    : text(`apply, ${actions} action${actions === 1 ? '' : 's'}`, `应用，${actions} 个动作`);
}

/** The names alone where all came to the same. */
function nodeWords({ nodes }: HistoryRun): Text {
  const entries = Object.entries(nodes);
  if (new Set(Object.values(nodes)).size === 1) {
    const names = entries.map(([node]) => node);
    return text(names.join(', '), names.join('、'));
  }
  const states = entries.map(([node, state]) => [node, nodeStates[state] ?? text(state, state)] as const);
  return text(
    states.map(([node, words]) => `${node}: ${words.en}`).join(', '),
    states.map(([node, words]) => `${node}：${words['zh-CN']}`).join('、'),
  );
}

/** What a node says of the run, or the last that the operator's journal says of the node. */
const nodeStates: Readonly<Record<string, Text>> = {
  applied: text('applied', '已应用'),
  'rolled-back': text('rolled back', '已回退'),
  unfinished: text('unfinished', '未完成'),
  done: text('done', '完成'),
  stuck: text('not put back', '未能恢复'),
  refused: text('not begun', '未开始'),
  waiting: text('not begun', '未开始'),
  untouched: text('untouched', '未作改动'),
  stopped: text('stopped', '被中止'),
  lost: text('contact lost', '失去联系'),
  applying: text('cut', '中断'),
  verifying: text('cut', '中断'),
  'rolling-back': text('cut', '中断'),
};

const stateWords: Readonly<Record<RunState, Text>> = {
  done: text('done', '完成'),
  halted: text('halted', '已停下'),
  stopped: text('stopped', '被中止'),
  'rolled-back': text('rolled back', '已回退'),
  unfinished: text('unfinished', '未完成'),
  cut: text('cut', '中断'),
};
