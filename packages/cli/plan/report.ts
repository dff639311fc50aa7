/** What `plan` prints for a person: node by node, each action with its reason, each file as a diff. */
import {
  type Action,
  type ClusterDesign,
  DEFAULT_MAX_STEP_SECONDS,
  type FileState,
  fromBase64,
  ruleStep,
} from '@clockwarden/core/configure';
import { formatOffset, type Text, text } from '@clockwarden/core/text';
import { createTwoFilesPatch } from 'diff';
import type { CliContext } from '../terminal/index.ts';
import type { MeasuredCorrection } from '../verify/index.ts';
import { describeAction, describeCorrection, startsDaemon } from './describe.ts';
import { type ClusterPlan, type Corrections, hasChanges, isBlocked, type PlannedNode } from './make.ts';

export function planLines(
  context: CliContext,
  { design, nodes: plans, order }: ClusterPlan,
  corrections: Corrections,
): readonly string[] {
  const { color, t } = context;
  const changed = plans.filter(hasChanges).length;
  const blocked = plans.filter(isBlocked).length;
  const adopted = new Set(design.nodes.flatMap((node) => (node.adopted ? [node.node.name] : [])));
  const summary = text(
    `Of ${plans.length} nodes ${changed} would change, ${plans.length - changed - blocked} would stay unchanged, ${blocked} cannot be planned.`,
    `${plans.length} 个节点中，${changed} 个需要改动，${plans.length - changed - blocked} 个无需改动，${blocked} 个无法制定计划。`,
  );
  return [
    color.bold(t(summary)),
    ...design.problems.map((problem) => `${color.yellow('▲')} ${t(problem.text)}`),
    ...serverLines(context, design),
    '',
    ...plans.flatMap((planned) =>
      nodeLines(context, planned, adopted.has(planned.name), corrections.get(planned.name)),
    ),
    ...orderLines(context, order),
  ];
}

/** Names of servers in one line; more are counted. */
const NAMES_SHOWN = 8;

function serverLines({ t }: CliContext, { nodes, serversReason }: ClusterDesign): readonly string[] {
  if (serversReason === null) return [];
  const names = nodes.flatMap(({ node, part }) => (part === 'server' ? [node.name] : []));
  const shown = names.slice(0, NAMES_SHOWN).join(', ') + (names.length > NAMES_SHOWN ? ', …' : '');
  const words = text(
    `Servers (${names.length}): ${shown}. ${serversReason.en}`,
    `服务端(${names.length} 个)：${shown}。${serversReason['zh-CN']}`,
  );
  return [t(words)];
}

function nodeLines(
  context: CliContext,
  planned: PlannedNode,
  isAdopted: boolean,
  measured: MeasuredCorrection | undefined,
): readonly string[] {
  const { color, t } = context;
  const { name, plan, facts, failure } = planned;
  const colon = t(text(': ', '：'));
  if (plan === null || facts === null) {
    return [`${color.bold(name)}${colon}${color.magenta(failure === null ? '—' : t(failure.text))}`, ''];
  }
  const part = plan.part === 'server' ? text('server', '服务端') : text('client', '客户端');
  const os = visible(facts.os.name);
  const title = `${color.bold(name)} ${t(text(`(${part.en}, ${os})`, `(${part['zh-CN']}，${os})`))}`;
  const problems = plan.problems.map(({ severity, text: words }) =>
    severity === 'error' ? `  ${color.red('✖')} ${visible(t(words))}` : warning(context, words),
  );
  if (plan.actions.length === 0) {
    const isRefused = plan.problems.some(({ severity }) => severity === 'error');
    const word = isRefused
      ? text('not touched', '不作改动')
      : isAdopted
        ? text('adopted: monitored, not rewritten', '只监测，不改写')
        : text('as it should be', '已符合要求');
    return [`${title}${colon}${t(word)}`, ...problems, ''];
  }
  return [
    title,
    ...clockLines(context, planned, measured),
    ...problems,
    ...plan.actions.flatMap(({ action, reason }, index) => {
      const isRunning = action.kind === 'configure-daemon' && facts.units[action.unit]?.active === true;
      const what = visible(t(describeAction(action, isRunning)));
      return [
        `  ${index + 1}. ${what}  ${color.dim(`# ${visible(t(reason))}`)}`,
        ...diffLines(context, action, facts.files),
      ];
    }),
    '',
  ];
}

function warning({ color, t }: CliContext, words: Text): string {
  return `  ${color.yellow('▲')} ${visible(t(words))}`;
}

/** How far the clock is off, what becomes of it, and what `apply` must be told before it lets that happen. */
function clockLines(
  context: CliContext,
  { name, plan, facts }: PlannedNode,
  measured: MeasuredCorrection | undefined,
): readonly string[] {
  const starts = plan?.actions.some(({ action }) => startsDaemon(action)) === true;
  if (facts === null || measured === undefined || !starts) return [];
  const { correction } = measured;
  const consent = { allowStep: false, maxStepSeconds: DEFAULT_MAX_STEP_SECONDS };
  const ruling = ruleStep(name, correction, facts.runs, consent);
  const clock = `  ${context.t(clockWords(measured))}`;
  if (ruling.kind === 'allowed') return [clock];
  const { text: why, hint } = ruling;
  const refusal = warning(context, text(`${why.en} ${hint.en}`, `${why['zh-CN']}${hint['zh-CN']}`));
  // Why nothing can be told of it is what stands in the way.
  return correction.kind === 'unknown' ? [refusal] : [clock, refusal];
}

function clockWords({ offset, correction }: MeasuredCorrection): Text {
  const what = describeCorrection(correction);
  if (offset === null) return text(`Its clock: ${what.en}`, `其时钟：${what['zh-CN']}`);
  const value = formatOffset(offset);
  return text(
    `Its clock stands ${value} from what it will follow: ${what.en}.`,
    `其时钟与将要跟随的时间相差 ${value}：${what['zh-CN']}。`,
  );
}

function diffLines(
  context: CliContext,
  action: Action,
  files: Readonly<Record<string, FileState>>,
): readonly string[] {
  if (action.kind === 'put-file') return fileDiff(context, action, files);
  if (action.kind === 'configure-daemon')
    return action.files.flatMap((file) => fileDiff(context, file, files));
  return [];
}

function fileDiff(
  { color, t }: CliContext,
  { path, state }: { readonly path: string; readonly state: FileState },
  files: Readonly<Record<string, FileState>>,
): readonly string[] {
  const before = files[path] ?? { kind: 'absent' };
  const accessLine = accessWords(before, state).map((words) => `     ${visible(t(words))}`);
  if (isSecret(before) || isSecret(state)) {
    return [
      ...accessLine,
      `     ${color.dim(t(text('not shown: not everybody may read it', '不显示：并非所有人都可读')))}`,
    ];
  }
  const patch = createTwoFilesPatch(path, path, contentOf(before), contentOf(state), '', '', { context: 2 });
  const lines = patch
    .split('\n')
    .slice(4)
    .filter((line) => line !== '' && !line.startsWith('\\'))
    .map(visible)
    .map((line) =>
      line.startsWith('+') ? color.green(line) : line.startsWith('-') ? color.red(line) : line,
    );
  return [...accessLine, ...lines.map((line) => `     ${line}`)];
}

/** Who may do what with the file, where that is new. */
function accessWords(before: FileState, after: FileState): readonly Text[] {
  const [was, becomes] = [accessOf(before), accessOf(after)];
  if (becomes === null || was === becomes) return [];
  return was === null
    ? [text(`new: ${becomes}`, `新文件：${becomes}`)]
    : [text(`${was} → ${becomes}`, `${was} → ${becomes}`)];
}

/** Mode, owner and group; null where there is no file. */
function accessOf(state: FileState): string | null {
  if (state.kind !== 'file') return null;
  return `${state.mode.toString(8).padStart(4, '0')} ${state.owner}:${state.group}`;
}

function isSecret(state: FileState): boolean {
  return state.kind === 'file' && (state.mode & 0o004) === 0;
}

function contentOf(state: FileState): string {
  switch (state.kind) {
    case 'absent':
      return '';
    case 'link':
      return `→ ${state.target}\n`;
    case 'other':
      return `(${state.what})\n`;
    case 'file':
      return Buffer.from(fromBase64(state.content), 'latin1').toString('utf8');
  }
}

function orderLines({ t }: CliContext, order: readonly (readonly string[])[]): readonly string[] {
  if (order.length === 0) return [];
  return [
    t(
      text(
        'In this order, each step verified before the next:',
        '按以下顺序进行，每一步验证通过后才进行下一步：',
      ),
    ),
    ...order.map((wave, index) => `  ${index + 1}. ${wave.join(', ')}`),
    '',
  ];
}

/** What a node says of itself must not move the cursor, nor turn the direction of writing: its own characters are written out. */
function visible(words: string): string {
  return words.replace(/[\p{Cc}\p{Bidi_Control}]/gu, (sign) =>
    sign === '\t' ? sign : `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
