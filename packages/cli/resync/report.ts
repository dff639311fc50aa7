/** What `resync` says of its nodes: what each was off by, and what has become of it. */
import type { NodeOutcome } from '@clockwarden/core/configure';
import { formatOffset, text } from '@clockwarden/core/text';
import type { Estimate } from '@clockwarden/core/time';
import type { NodeRunEnd } from '../apply/node-run.ts';
import { type CliContext, renderTable } from '../terminal/index.ts';
import { outcomeWords } from '../verify/words.ts';

export interface Resynced {
  readonly name: string;
  readonly end: NodeRunEnd;
  /** Null: its daemon was not asked, or did not do it. */
  readonly outcome: NodeOutcome | null;
  /** Against what it follows, before; null: not known. */
  readonly before: Estimate | null;
}

export function resyncLines(context: CliContext, done: readonly Resynced[]): readonly string[] {
  const { color, t } = context;
  const [header = '', ...rows] = renderTable(
    [
      { title: t(text('NODE', '节点')) },
      { title: t(text('WAS OFF BY (+ = AHEAD)', '此前偏移(+ 为快)')), align: 'right' },
      { title: t(text('NOW', '现在')) },
    ],
    done.map(({ name, before, end, outcome }) => [
      name,
      before === null ? '—' : formatOffset(before),
      nowWord(context, end, outcome),
    ]),
  );
  const reasons = done.flatMap(({ name, end, outcome }) => {
    if ('text' in end) return [`${color.bold(name)}: ${t(end.text)}`];
    const failing = outcome?.checks.filter(({ holds }) => holds === false) ?? [];
    return outcome?.grade === 'good' ? [] : failing.map((check) => `${color.bold(name)}: ${t(check.text)}`);
  });
  return [color.dim(header), ...rows, ...(reasons.length === 0 ? [] : ['', ...reasons])];
}

function nowWord({ color, t }: CliContext, end: NodeRunEnd, outcome: NodeOutcome | null): string {
  if (outcome !== null) {
    const paint = outcome.grade === 'good' ? color.green : color.yellow;
    return paint(t(outcomeWords[outcome.outcome]));
  }
  const word = {
    done: text('asked', '已请求'),
    stopped: text('stopped', '已停止'),
    failed: text('failed', '失败'),
    refused: text('refused', '被拒绝'),
    lost: text('lost', '连接中断'),
  }[end.kind];
  return color.red(t(word));
}

export function resyncJson(context: CliContext, done: readonly Resynced[]): unknown {
  return {
    schema: 'clockwarden.resync/1',
    nodes: done.map(({ name, end, outcome, before }) => ({
      name,
      before: before === null ? null : { seconds: before.seconds, low: before.low, high: before.high },
      result: end.kind,
      text: 'text' in end ? context.t(end.text) : null,
      outcome: outcome?.outcome ?? null,
    })),
  };
}
