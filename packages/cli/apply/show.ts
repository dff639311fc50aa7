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
  let waves: Waves = [];
  const live: LiveLines | null = liveLines(context, (columns) =>
    liveBlock(context, kind, waves, nodes, columns),
  );
  const print = (line: string): void => {
    if (live === null) context.print(line);
    else live.print(line);
  };
  const stopping = (): void => print(context.t(stops));
  context.signal.addEventListener('abort', stopping, { once: true });
  return {
    say: (event) => {
      if (event.event === 'run-started') ({ kind, order: waves } = event);
      const isNews = remember(nodes, event);
      if (!isNews && live === null) return;
      const line = lineOf(context, kind, event, live !== null);
      if (line === null) live?.refresh();
      else print(line);
    },
    end: () => {
      context.signal.removeEventListener('abort', stopping);
      live?.end();
    },
  };
}

const stops = text(
  'Stopping: what is under way ends first. Ctrl-C once more ends at once.',
  '正在停止：先完成正在执行的动作。再按一次 Ctrl-C 则立即结束。',
);

type Waves = readonly (readonly string[])[];

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

/** A line for each node under way; below, wave by wave, those that wait until the ones above them are verified. */
function liveBlock(
  context: CliContext,
  kind: RunKind,
  waves: Waves,
  nodes: ReadonlyMap<string, Standing>,
  columns: number,
): readonly string[] {
  const { color, t } = context;
  const under = [...nodes].filter(([, { progress }]) => underWay.has(progress));
  const widest = Math.max(0, ...under.map(([name]) => width(name)));
  const lines = under.map(([name, { progress, doing, since }]) => {
    const seconds = (performance.now() - since) / 1_000;
    const age = seconds < 2 ? '' : color.dim(` ${formatAge(seconds)}`);
    const padding = ' '.repeat(widest - width(name));
    const words = t(joined(progressWords(kind, progress), doing));
    return `${color.cyan('…')} ${color.bold(name)}${padding}  ${words}${age}`;
  });
  const waiting = waves
    .map((wave) => wave.filter((name) => nodes.get(name)?.progress === 'waiting'))
    .filter((wave) => wave.length > 0);
  const then = t(text('  then ', '  随后 '));
  return [...lines, ...waiting.flatMap((wave) => listed(then, wave, columns)).map((line) => color.dim(line))];
}

/** The names behind `first`, on as many lines as they take. */
function listed(first: string, names: readonly string[], columns: number): readonly string[] {
  const lines = [first];
  for (const [index, name] of names.entries()) {
    const words = index === names.length - 1 ? name : `${name}, `;
    const line = lines.at(-1) ?? '';
    if (line === first || width(line + words.trimEnd()) <= columns) {
      lines[lines.length - 1] = line + words;
    } else lines.push(' '.repeat(width(first)) + words);
  }
  return lines.map((line) => line.trimEnd());
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
