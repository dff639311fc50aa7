/** What `verify` says of its nodes: the sentence, the table, what is wrong and why; or all of it for programs. */
import type { ClusterDesign, NodeOutcome, OutcomeGrade } from '@clockwarden/core/configure';
import { formatDuration, type Text, text } from '@clockwarden/core/text';
import { type CliContext, renderTable } from '../terminal/index.ts';
import { outcomeWords } from './words.ts';

export function verifyLines(
  context: CliContext,
  design: ClusterDesign,
  outcomes: readonly NodeOutcome[],
): readonly string[] {
  return [
    context.color.bold(context.t(headline(outcomes))),
    '',
    ...tableLines(context, design, outcomes),
    ...detailLines(context, outcomes),
  ];
}

function headline(outcomes: readonly NodeOutcome[]): Text {
  const all = outcomes.length;
  const good = outcomes.filter(({ grade }) => grade === 'good').length;
  const local = outcomes.filter(({ grade, stage }) => grade === 'good' && stage === 'local-only').length;
  if (good < all) {
    return text(
      `${good} of ${all} nodes have the time that they were designed to have.`,
      `${all} 个节点中，${good} 个已达到期望的时间配置。`,
    );
  }
  return local > 0
    ? text(
        `All ${all} nodes keep one time, as an island: nobody outside stands behind it.`,
        `全部 ${all} 个节点的时间一致，为孤岛模式：没有外部参考。`,
      )
    : text(`All ${all} nodes are synchronized.`, `全部 ${all} 个节点已同步。`);
}

/** Worst last, so that it stands above the prompt; the order of the design among equals. */
const gradeOrder: readonly OutcomeGrade[] = ['good', 'waiting', 'unreached', 'wrong'];

export function tableLines(
  context: CliContext,
  design: ClusterDesign,
  outcomes: readonly NodeOutcome[],
  order: 'worst-last' | 'worst-first' = 'worst-last',
): readonly string[] {
  const { color, t } = context;
  const grades = order === 'worst-last' ? gradeOrder : gradeOrder.toReversed();
  const partOf = new Map(design.nodes.map(({ node, part }) => [node.name, part]));
  const sorted = [...outcomes].sort((a, b) => grades.indexOf(a.grade) - grades.indexOf(b.grade));
  const [header = '', ...rows] = renderTable(
    [
      { title: t(text('NODE', '节点')) },
      { title: t(text('PART', '角色')) },
      { title: t(text('OUTCOME', '结果')) },
      { title: t(text('CLOCK', '时钟')) },
      { title: t(text('WAITS FOR', '等待')) },
    ],
    sorted.map((outcome) => [
      outcome.node,
      t(partOf.get(outcome.node) === 'server' ? text('server', '服务端') : text('client', '客户端')),
      outcomeWord(context, outcome),
      clockWord(context, outcome),
      t(waitWords(outcome)),
    ]),
  );
  return [color.dim(header), ...rows];
}

function outcomeWord({ color, t }: CliContext, { outcome, grade, stage }: NodeOutcome): string {
  const mark = { good: '●', waiting: '◌', unreached: '◇', wrong: '✖' }[grade];
  const paint = { good: color.green, waiting: color.yellow, unreached: color.magenta, wrong: color.red }[
    grade
  ];
  const word = t(outcomeWords[outcome]);
  // How far it came stands beside "timed out", which is no state of a node.
  return paint(`${mark} ${outcome === 'timed-out' ? `${word} (${t(outcomeWords[stage])})` : word}`);
}

/** Yes, no or cannot tell: the independent look at the clock. */
function clockWord({ t }: CliContext, { checks }: NodeOutcome): string {
  const check =
    checks.find(({ code }) => code === 'clock') ?? checks.find(({ code }) => code === 'agrees') ?? null;
  if (check === null) return '—';
  return t(
    check.holds === null
      ? text('cannot tell', '无法判定')
      : check.holds
        ? text('right', '正确')
        : text('off', '偏离'),
  );
}

function waitWords({ waitsFor, remainingSeconds, grade }: NodeOutcome): Text {
  if (waitsFor === null) return grade === 'good' ? text('—', '—') : text('somebody to act', '人工处理');
  if (remainingSeconds === null) return waitsFor;
  const about = formatDuration(remainingSeconds);
  return text(`${waitsFor.en} About ${about}.`, `${waitsFor['zh-CN']} 约 ${about}。`);
}

/** Each thing that does not hold, said once however many nodes it is about. */
function detailLines(context: CliContext, outcomes: readonly NodeOutcome[]): readonly string[] {
  const { color, t } = context;
  const nodesByText = new Map<string, string[]>();
  for (const { node, checks, waitsFor } of outcomes) {
    for (const { holds, text: words } of checks) {
      const said = t(words);
      if (holds !== false || (waitsFor !== null && t(waitsFor) === said)) continue;
      nodesByText.set(said, [...(nodesByText.get(said) ?? []), node]);
    }
  }
  if (nodesByText.size === 0) return [];
  return [
    '',
    ...[...nodesByText].map(
      ([said, nodes]) => `${color.yellow('▲')} ${color.bold(nodes.join(', '))}: ${said}`,
    ),
  ];
}

export function verifyJson(
  context: CliContext,
  cluster: string,
  design: ClusterDesign,
  outcomes: readonly NodeOutcome[],
): unknown {
  const { t } = context;
  const partOf = new Map(design.nodes.map(({ node, part }) => [node.name, part]));
  return {
    schema: 'clockwarden.verify/1',
    cluster,
    topology: design.topology,
    grade: worstGrade(outcomes),
    headline: t(headline(outcomes)),
    nodes: outcomes.map(({ node, outcome, stage, grade, waitsFor, remainingSeconds, checks }) => ({
      name: node,
      part: partOf.get(node) ?? null,
      outcome,
      stage,
      grade,
      waitsFor: waitsFor === null ? null : t(waitsFor),
      remainingSeconds,
      checks: checks.map(({ code, holds, text: words }) => ({ code, holds, text: t(words) })),
    })),
  };
}

function worstGrade(outcomes: readonly NodeOutcome[]): OutcomeGrade {
  const order: readonly OutcomeGrade[] = ['wrong', 'unreached', 'waiting'];
  return order.find((grade) => outcomes.some((one) => one.grade === grade)) ?? 'good';
}

/** 0: all are what their design wants; 1: not yet; 3: a node was not reached; 2, before all: something is wrong. */
export function exitCodeOf(outcomes: readonly NodeOutcome[]): number {
  return { good: 0, waiting: 1, wrong: 2, unreached: 3 }[worstGrade(outcomes)];
}
