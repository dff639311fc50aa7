/** What `check` prints for a person: the sentence, the table worst first, the reasons, a closing line. */
import {
  type ClusterAssessment,
  type DisplayStatus,
  displayStatus,
  displayStatuses,
  type NodeAssessment,
  type Reason,
  saysSynchronized,
  worstFirst,
} from '@clockwarden/core/assess';
import { formatAge, formatDuration, formatOffset, text } from '@clockwarden/core/text';
import { type CliContext, renderTable } from '../terminal/index.ts';

export function reportLines(
  context: CliContext,
  assessment: ClusterAssessment,
  tookSeconds: number,
): string[] {
  const { color, t } = context;
  const nodes = [...assessment.nodes].sort((a, b) => worstFirst(orderOf(a), orderOf(b)));
  return [
    color.bold(t(assessment.headline)),
    '',
    ...tableLines(context, assessment, nodes),
    '',
    ...reasonLines(context, assessment, nodes),
    closingLine(context, assessment, tookSeconds),
  ];
}

function orderOf(node: NodeAssessment): Parameters<typeof worstFirst>[0] {
  return { verdict: node.verdict, name: node.node.name, offsetSeconds: node.offset?.seconds ?? null };
}

const UNKNOWN = '—';

function tableLines(
  context: CliContext,
  assessment: ClusterAssessment,
  nodes: readonly NodeAssessment[],
): string[] {
  const { t } = context;
  // Below three nodes there is no median; what a daemon says of its reference is then the best there is.
  const againstMedian = assessment.median !== null;
  const [header = '', ...rows] = renderTable(
    [
      { title: t(text('NODE', '节点')) },
      { title: t(text('ROLE', '角色')) },
      { title: t(text('VERDICT', '判定')) },
      { title: t(text('TIME SYNC', '时间同步')) },
      {
        title: t(
          againstMedian
            ? text('OFFSET (+ = AHEAD)', '偏移(+ 为快)')
            : text('FROM REFERENCE (+ = AHEAD)', '相对参考(+ 为快)'),
        ),
        align: 'right',
      },
      { title: t(text('SOURCE', '时间源')) },
      { title: t(text('STRATUM', '层级')), align: 'right' },
      { title: t(text('DAEMON', '守护进程')) },
      { title: t(text('TIMEZONE', '时区')) },
      { title: t(text('AGE', '数据年龄')), align: 'right' },
    ],
    nodes.map((node) => rowOf(context, node, againstMedian)),
  );
  return [context.color.dim(header), ...rows];
}

function rowOf(context: CliContext, assessed: NodeAssessment, againstMedian: boolean): string[] {
  const { sync, timezone } = assessed.observation.facts;
  const offset = againstMedian ? assessed.offset : (sync?.value.referenceOffset ?? null);
  return [
    assessed.node.name,
    assessed.role,
    statusWord(context, displayStatus(assessed)),
    syncWord(context, assessed),
    offset === null ? UNKNOWN : formatOffset(offset),
    sync?.value.source ?? UNKNOWN,
    sync?.value.stratum?.toString() ?? UNKNOWN,
    daemonWord(assessed),
    timezone?.value.name ?? UNKNOWN,
    ageOf(assessed),
  ];
}

function daemonWord(assessed: NodeAssessment): string {
  const { sync, daemons } = assessed.observation.facts;
  const running = daemons?.value.filter((daemon) => daemon.running).map((daemon) => daemon.kind) ?? [];
  if (running.length > 0) return running.join('+');
  return sync?.value.daemon ?? UNKNOWN;
}

/** The age of the clock reading; of the freshest other fact where no clock was read. */
function ageOf(assessed: NodeAssessment): string {
  const ages = Object.values(assessed.observation.facts).flatMap((fact) =>
    fact === null ? [] : [fact.ageSeconds],
  );
  const age = assessed.clock?.ageSeconds ?? (ages.length === 0 ? null : Math.min(...ages));
  return age === null ? UNKNOWN : formatAge(age);
}

function syncWord({ t }: CliContext, assessed: NodeAssessment): string {
  const synchronized = saysSynchronized(assessed.observation);
  if (synchronized === null) return t(text('unknown', '未知'));
  return t(synchronized ? text('synchronized', '已同步') : text('unsynchronized', '未同步'));
}

const statusMarks: Readonly<Record<DisplayStatus, string>> = {
  critical: '✖',
  warning: '▲',
  unreachable: '◇',
  undetermined: '?',
  ok: '●',
};

function statusWord({ color, t }: CliContext, status: DisplayStatus): string {
  const paint = {
    critical: color.red,
    warning: color.yellow,
    unreachable: color.magenta,
    undetermined: color.cyan,
    ok: color.green,
  }[status];
  return paint(`${statusMarks[status]} ${t(displayStatuses[status])}`);
}

function reasonLines(
  context: CliContext,
  assessment: ClusterAssessment,
  nodes: readonly NodeAssessment[],
): string[] {
  const ofCluster = assessment.reasons.flatMap((reason) => oneReason(context, assessment.name, reason));
  const ofNodes = nodes.flatMap((node) =>
    node.reasons
      .filter((reason) => reason.severity !== 'info' || nodes.length === 1)
      .flatMap((reason) => oneReason(context, node.node.name, reason)),
  );
  const lines = [...ofCluster, ...ofNodes];
  return lines.length === 0 ? [] : [...lines, ''];
}

function oneReason({ color, t }: CliContext, name: string, reason: Reason): string[] {
  const line = `${color.bold(name)}: ${t(reason.text)}`;
  return reason.endangers === null ? [line] : [line, `  ${color.dim(`→ ${t(reason.endangers)}`)}`];
}

function closingLine({ color, t }: CliContext, assessment: ClusterAssessment, tookSeconds: number): string {
  const { summary, median, nodes } = assessment;
  const counts = (['critical', 'warning', 'undetermined', 'ok'] as const)
    .filter((verdict) => summary[verdict] > 0)
    .map((verdict) => `${summary[verdict]} ${t(displayStatuses[verdict])}`);
  const unreachable =
    summary.unreachable === 0
      ? ''
      : t(text(` (${summary.unreachable} unreachable)`, `(其中 ${summary.unreachable} 个不可达)`));
  const parts = [
    `${t(text(`${nodes.length} ${nodes.length === 1 ? 'node' : 'nodes'}: `, `${nodes.length} 个节点：`))}${counts.join(', ')}${unreachable}`,
    ...(median === null
      ? []
      : [
          t(
            text(
              `median of ${median.nodes} is ${formatOffset(median)} from this machine`,
              `${median.nodes} 个节点的中位数相对本机 ${formatOffset(median)}`,
            ),
          ),
        ]),
    t(text(`measured in ${formatDuration(tookSeconds)}`, `测量用时 ${formatDuration(tookSeconds)}`)),
  ];
  return color.dim(parts.join(' · '));
}
