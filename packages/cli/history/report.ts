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
        nodeWords(run),
      ]),
  );
}

function what({ kind, actions }: HistoryRun): Text {
  if (kind === 'rollback') return text('rollback', '回退');
  return actions === null
    ? text('apply', '应用')
    : text(`apply, ${actions} actions`, `应用，${actions} 个动作`);
}

/** The names alone where all came to the same. */
function nodeWords({ nodes }: HistoryRun): string {
  const entries = Object.entries(nodes);
  const states = new Set(entries.map(([, state]) => state));
  return entries.map(([node, state]) => (states.size === 1 ? node : `${node}: ${state}`)).join(', ');
}

const stateWords: Readonly<Record<RunState, Text>> = {
  done: text('done', '完成'),
  halted: text('halted', '已停下'),
  stopped: text('stopped', '被中止'),
  'rolled-back': text('rolled back', '已回退'),
  unfinished: text('unfinished', '未完成'),
  cut: text('cut', '中断'),
};
