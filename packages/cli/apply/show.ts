/** A run as it is shown: live lines for a person at a terminal, a line an event elsewhere, JSON lines with --json. */
import type { NodeProgress, RolloutState } from '@clockwarden/core/configure';
import { formatAge, type Text, text } from '@clockwarden/core/text';
import { describeAction } from '../plan/describe.ts';
import { type CliContext, type LiveLines, liveLines, width } from '../terminal/index.ts';
import { eventJson, type RunEvent, type RunKind } from './events.ts';

export interface Show {
  say(event: RunEvent): void;
  end(): void;
}

export function showRun(context: CliContext): Show {
  if (context.json) {
    return {
      say: (event) => context.print(JSON.stringify(eventJson(event, context.language, new Date()))),
      end: () => undefined,
    };
  }
  const nodes = new Map<string, Standing>();
  let kind: RunKind = 'apply';
  const live: LiveLines | null = liveLines(context, () => liveBlock(context, kind, nodes));
  return {
    say: (event) => {
      if (event.event === 'run-started') kind = event.kind;
      const isNews = remember(nodes, event);
      if (!isNews && live === null) return;
      const line = lineOf(context, kind, event, live !== null);
      if (live === null) {
        if (line !== null) context.print(line);
      } else if (line === null) live.refresh();
      else live.print(line);
    },
    end: () => live?.end(),
  };
}

/** Where a node stands, for the live block. */
interface Standing {
  progress: NodeProgress;
  /** What it does or waits for. */
  doing: Text | null;
  /** Monotonic milliseconds since when. */
  since: number;
}

/** False: it was known already. */
function remember(nodes: Map<string, Standing>, event: RunEvent): boolean {
  if (event.event === 'run-started') {
    for (const node of event.order.flat()) nodes.set(node, { progress: 'waiting', doing: null, since: 0 });
    return true;
  }
  if (event.event === 'run-ended') return true;
  const standing = nodes.get(event.node);
  if (standing === undefined) return true;
  if (event.event === 'waiting' && standing.doing?.en === event.text.en) return false;
  standing.since = performance.now();
  if (event.event === 'node') {
    standing.progress = event.progress;
    standing.doing = null;
  } else if (event.event === 'waiting') standing.doing = event.text;
  else standing.doing = actionWords(event);
  return true;
}

function liveBlock(
  context: CliContext,
  kind: RunKind,
  nodes: ReadonlyMap<string, Standing>,
): readonly string[] {
  const { color, t } = context;
  const all = [...nodes];
  const under = all.filter(([, { progress }]) => underWay.has(progress));
  const waiting = all.filter(([, { progress }]) => progress === 'waiting').length;
  const widest = Math.max(0, ...under.map(([name]) => width(name)));
  const lines = under.map(([name, { progress, doing, since }]) => {
    const seconds = (performance.now() - since) / 1_000;
    const age = seconds < 2 ? '' : color.dim(` ${formatAge(seconds)}`);
    const padding = ' '.repeat(widest - width(name));
    const words = t(joined(progressWords(kind, progress), doing));
    return `${color.cyan('…')} ${color.bold(name)}${padding}  ${words}${age}`;
  });
  const rest = text(`${waiting} nodes wait for their turn`, `还有 ${waiting} 个节点等待执行`);
  return waiting === 0 ? lines : [...lines, color.dim(`  ${t(rest)}`)];
}

const underWay: ReadonlySet<NodeProgress> = new Set(['applying', 'verifying', 'rolling-back']);

/** What a node's progress is called in a run of that kind. */
function progressWords(kind: RunKind, progress: NodeProgress): Text {
  return (kind === 'rollback' ? rollbackWords[progress] : undefined) ?? applyWords[progress];
}

const rollbackWords: Readonly<Partial<Record<NodeProgress, Text>>> = {
  applying: text('being put back', '正在回退'),
  verifying: text('being held against what it was', '正在与原状比对'),
  done: text('is what it was before', '已恢复原状'),
  'rolling-back': text('not put back', '未能恢复'),
  stuck: text('could not be put back: a person must look', '无法恢复：需要人工处理'),
};

const applyWords: Readonly<Record<NodeProgress, Text>> = {
  waiting: text('waits for its turn', '等待执行'),
  applying: text('being changed', '正在改动'),
  verifying: text('being verified', '正在验证'),
  'rolling-back': text('being put back', '正在回退'),
  done: text('done', '完成'),
  'rolled-back': text('failed, and is what it was before', '失败，已恢复原状'),
  stuck: text('failed, and could not be put back: a person must look', '失败且无法恢复：需要人工处理'),
  refused: text('not begun', '未开始'),
  lost: text('contact lost in between', '中途失去联系'),
  stopped: text('stopped in between', '中途停止'),
  untouched: text('untouched', '未作改动'),
};

/** A line for the record; null: nothing that must be kept. */
function lineOf(context: CliContext, kind: RunKind, event: RunEvent, isLive: boolean): string | null {
  const { color, t } = context;
  switch (event.event) {
    case 'run-started':
      return t(text(`Run ${event.run}, by ${event.operator}`, `运行 ${event.run}，操作者 ${event.operator}`));
    case 'node': {
      if (event.progress === 'untouched' || (isLive && underWay.has(event.progress) && event.text === null))
        return null;
      const words = joined(progressWords(kind, event.progress), event.text);
      return `${mark(context, event.progress)} ${color.bold(event.node)}  ${t(words)}`;
    }
    case 'action': {
      if (isLive && event.text === null) return null;
      return `  ${event.node}  ${t(joined(actionWords(event), event.text))}`;
    }
    case 'waiting':
      return isLive ? null : `  ${event.node}  ${t(event.text)}`;
    case 'run-ended':
      return null;
  }
}

function mark({ color }: CliContext, progress: NodeProgress): string {
  if (progress === 'done') return color.green('✔');
  if (progress === 'stuck' || progress === 'lost') return color.red('✖');
  if (
    progress === 'rolled-back' ||
    progress === 'refused' ||
    progress === 'stopped' ||
    progress === 'rolling-back'
  ) {
    return color.yellow('▲');
  }
  return '·';
}

/** `2/5 write /etc/chrony/chrony.conf` and how it went. */
function actionWords({ index, of, action, state }: Extract<RunEvent, { event: 'action' }>): Text {
  const words = action === null ? text('as the node remembers', '按节点上的记录') : describeAction(action);
  const place = `${index + 1}/${of}`;
  const [en, zh] = stateWords[state];
  return text(`${place} ${words.en}${en}`, `${place} ${words['zh-CN']}${zh}`);
}

const stateWords: Readonly<
  Record<Extract<RunEvent, { event: 'action' }>['state'], readonly [string, string]>
> = {
  begun: ['', ''],
  done: [' ✔', ' ✔'],
  failed: [' ✖', ' ✖'],
  undoing: [': putting it back', '：正在恢复'],
  undone: [': put back', '：已恢复'],
  'undo-failed': [': could not be put back', '：无法恢复'],
};

function joined(words: Text, more: Text | null): Text {
  return more === null ? words : text(`${words.en}: ${more.en}`, `${words['zh-CN']}：${more['zh-CN']}`);
}

function namesOf(nodes: readonly string[]): Text {
  return text(`${nodes.join(', ')} (${nodes.length})`, `${nodes.join('、')}(${nodes.length})`);
}

/** Nodes by where they ended, in the order in which a person wants to know. */
export function endingLines(
  context: CliContext,
  kind: RunKind,
  { progress }: RolloutState,
): readonly string[] {
  const order: readonly NodeProgress[] = [
    'done',
    'rolled-back',
    'stuck',
    'lost',
    'stopped',
    'refused',
    'untouched',
  ];
  return order.flatMap((one) => {
    const nodes = Object.entries(progress).flatMap(([node, where]) => (where === one ? [node] : []));
    return nodes.length === 0
      ? []
      : [`${mark(context, one)} ${context.t(joined(progressWords(kind, one), namesOf(nodes)))}`];
  });
}
