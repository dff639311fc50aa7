/** What `plan` prints for a person: node by node, each action with its reason, each file as a diff. */
import { type Action, type ClusterDesign, type FileState, fromBase64 } from '@clockwarden/core/configure';
import { formatOffset, text } from '@clockwarden/core/text';
import { createTwoFilesPatch } from 'diff';
import type { CliContext } from '../terminal/index.ts';
import type { MeasuredCorrection } from '../verify/index.ts';
import { describeAction, describeCorrection } from './describe.ts';
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
    `${changed} of ${plans.length} nodes would change, ${plans.length - changed - blocked} are as they should be, ${blocked} cannot be planned.`,
    `${plans.length} 个节点中，${changed} 个需要改动，${plans.length - changed - blocked} 个已符合要求，${blocked} 个无法制定计划。`,
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
  { name, plan, facts, failure }: PlannedNode,
  isAdopted: boolean,
  measured: MeasuredCorrection | undefined,
): readonly string[] {
  const { color, t } = context;
  const title = color.bold(name);
  if (plan === null || facts === null) {
    return [`${title}: ${color.magenta(failure === null ? '—' : t(failure.text))}`, ''];
  }
  const part = t(plan.part === 'server' ? text('server', '服务端') : text('client', '客户端'));
  const problems = plan.problems.map(({ severity, text: words }) => {
    const mark = severity === 'error' ? color.red('✖') : color.yellow('▲');
    return `  ${mark} ${t(words)}`;
  });
  if (plan.actions.length === 0) {
    const isRefused = plan.problems.some(({ severity }) => severity === 'error');
    const word = isRefused
      ? text('not touched', '不作改动')
      : isAdopted
        ? text('adopted: monitored, not rewritten', '只监测，不改写')
        : text('as it should be', '已符合要求');
    return [`${title} (${part}, ${facts.os.name}): ${t(word)}`, ...problems, ''];
  }
  return [
    `${title} (${part}, ${facts.os.name})`,
    ...clockLine(context, measured),
    ...problems,
    ...plan.actions.flatMap(({ action, reason }, index) => [
      `  ${index + 1}. ${t(describeAction(action))}  ${color.dim(`# ${t(reason)}`)}`,
      ...diffLines(context, action, facts.files),
    ]),
    '',
  ];
}

function clockLine({ t }: CliContext, measured: MeasuredCorrection | undefined): readonly string[] {
  if (measured === undefined) return [];
  const { offset, correction } = measured;
  const what = describeCorrection(correction);
  if (offset === null) return [`  ${t(text(`Its clock: ${what.en}`, `其时钟：${what['zh-CN']}`))}`];
  const value = formatOffset(offset);
  const words = text(
    `Its clock stands ${value} from what it will follow: ${what.en}.`,
    `其时钟与将要跟随的时间相差 ${value}：${what['zh-CN']}。`,
  );
  return [`  ${t(words)}`];
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
  const access = [accessOf(before), accessOf(state)].filter((words) => words !== null);
  const accessLine = access.length === 2 && access[0] !== access[1] ? [`     ${access.join(' → ')}`] : [];
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
    .map((line) =>
      line.startsWith('+') ? color.green(line) : line.startsWith('-') ? color.red(line) : line,
    );
  return [...accessLine, ...lines.map((line) => `     ${line}`)];
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
