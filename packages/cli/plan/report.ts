/** What `plan` prints for a person: node by node, each action with its reason, each file as a diff. */
import { type Action, type ClusterDesign, type FileState, fromBase64 } from '@clockwarden/core/configure';
import { type Text, text } from '@clockwarden/core/text';
import { createTwoFilesPatch } from 'diff';
import type { PlannedNode } from '../commands/plan.ts';
import type { CliContext } from '../terminal/index.ts';

export function planLines(
  context: CliContext,
  design: ClusterDesign,
  plans: readonly PlannedNode[],
  order: readonly (readonly string[])[],
): readonly string[] {
  const { color, t } = context;
  const changed = plans.filter(({ plan }) => (plan?.actions.length ?? 0) > 0).length;
  const blocked = plans.filter(
    ({ plan }) => plan === null || plan.problems.some(({ severity }) => severity === 'error'),
  ).length;
  const summary = text(
    `${changed} of ${plans.length} nodes would change, ${plans.length - changed - blocked} are as they should be, ${blocked} cannot be planned.`,
    `${plans.length} 个节点中，${changed} 个需要改动，${plans.length - changed - blocked} 个已符合要求，${blocked} 个无法制定计划。`,
  );
  return [
    color.bold(t(summary)),
    ...design.problems.map((problem) => `${color.yellow('▲')} ${t(problem.text)}`),
    '',
    ...plans.flatMap((planned) => nodeLines(context, planned)),
    ...orderLines(context, order),
    color.dim(t(text('Nothing was changed.', '未作任何改动。'))),
  ];
}

function nodeLines(context: CliContext, { name, plan, facts, failure }: PlannedNode): readonly string[] {
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
    const word =
      plan.problems.length > 0 ? text('not touched', '不作改动') : text('as it should be', '已符合要求');
    return [`${title} (${part}, ${facts.os.name}): ${t(word)}`, ...problems, ''];
  }
  return [
    `${title} (${part}, ${facts.os.name})`,
    ...problems,
    ...plan.actions.flatMap(({ action, reason }, index) => [
      `  ${index + 1}. ${t(describe(action))}  ${color.dim(`# ${t(reason)}`)}`,
      ...diffLines(context, action, facts.files),
    ]),
    '',
  ];
}

function describe(action: Action): Text {
  switch (action.kind) {
    case 'fetch-packages':
      return text(`fetch ${action.packages.join(', ')}`, `取回 ${action.packages.join('、')}`);
    case 'install-package':
      return action.removes.length === 0
        ? text(`install ${action.package}`, `安装 ${action.package}`)
        : text(
            `install ${action.package}, which removes ${action.removes.join(', ')}`,
            `安装 ${action.package}，并移除 ${action.removes.join('、')}`,
          );
    case 'validate':
      return text(`let ${action.daemon} parse the new file`, `由 ${action.daemon} 解析新文件`);
    case 'put-file':
      return action.state.kind === 'absent'
        ? text(`remove ${action.path}`, `删除 ${action.path}`)
        : text(`write ${action.path}`, `写入 ${action.path}`);
    case 'set-unit':
      return action.state.active
        ? text(`start and enable ${action.unit}`, `启动并启用 ${action.unit}`)
        : text(`stop and disable ${action.unit}`, `停止并禁用 ${action.unit}`);
    case 'restart-unit':
      return text(`restart ${action.unit}`, `重启 ${action.unit}`);
    case 'open-firewall':
      return text(
        `open UDP 123 in ${action.backend} for ${action.networks.join(', ')}`,
        `在 ${action.backend} 中为 ${action.networks.join('、')} 放行 UDP 123`,
      );
    case 'close-firewall':
      return text(
        `close UDP 123 in ${action.backend} for ${action.networks.join(', ')}`,
        `在 ${action.backend} 中为 ${action.networks.join('、')} 关闭 UDP 123`,
      );
  }
}

function diffLines(
  { color }: CliContext,
  action: Action,
  files: Readonly<Record<string, FileState>>,
): readonly string[] {
  if (action.kind !== 'put-file') return [];
  const before = contentOf(files[action.path] ?? { kind: 'absent' });
  const patch = createTwoFilesPatch(action.path, action.path, before, contentOf(action.state), '', '', {
    context: 2,
  });
  return patch
    .split('\n')
    .slice(4)
    .filter((line) => line !== '' && !line.startsWith('\\'))
    .map(
      (line) =>
        `     ${line.startsWith('+') ? color.green(line) : line.startsWith('-') ? color.red(line) : line}`,
    );
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
