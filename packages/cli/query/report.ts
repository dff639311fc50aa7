/** What `query` prints for a person: the sentence, the table, the reasons, the failures. */
import type { QueryReport, QueryReportServer } from '@clockwarden/api/query';
import { formatDuration, formatOffset, text } from '@clockwarden/core/text';
import type { Estimate } from '@clockwarden/core/time';
import { type CliContext, renderTable } from '../terminal/index.ts';

const UNKNOWN = '—';

export function queryLines(context: CliContext, report: QueryReport): string[] {
  return [
    context.color.bold(headline(context, report)),
    '',
    ...tableLines(context, report.servers),
    ...reasonLines(context, report.servers),
    ...closingLines(context, report.servers),
  ];
}

/** How the numbers came about. */
function closingLines({ t, color }: CliContext, servers: readonly QueryReportServer[]): string[] {
  const measured = servers.filter((server) => server.offset !== null);
  if (measured.length === 0) return [];
  const samples = Math.max(...measured.map((server) => server.samples));
  const words = measured.some((server) => server.stampedBy === 'kernel')
    ? text(
        `Tightest of up to ${samples} answers each, their arrival stamped by the kernel.`,
        `每个服务器最多 ${samples} 次应答中误差界最小的一次，到达时刻由内核记录。`,
      )
    : text(
        `Tightest of up to ${samples} answers each, their arrival stamped by this process.`,
        `每个服务器最多 ${samples} 次应答中误差界最小的一次，到达时刻由本进程记录。`,
      );
  return ['', color.dim(t(words))];
}

/** One sentence: do they agree, and where does this machine stand. */
function headline(context: CliContext, { servers, agreement }: QueryReport): string {
  const { t } = context;
  const good = servers.filter((server) => server.verdict === 'fit');
  if (agreement.verdict === 'no-majority') {
    return t(
      text(
        'No majority: the servers contradict each other, and nobody can tell which of them is right.',
        '没有多数：各服务器互相矛盾，无法判断谁是对的。',
      ),
    );
  }
  if (good.length === 0) {
    return t(text('No server is fit to follow.', '没有适合跟随的服务器。'));
  }
  const words = standing(context, agreement.offset ?? good[0]?.offset ?? null);
  if (agreement.verdict !== 'majority') {
    // Nobody confirms it.
    const by = good[0] === undefined ? '' : nameOf(good[0]);
    return t(text(`By ${by} alone: ${words}`, `仅据 ${by}：${words}`));
  }
  const { agreeing, falsetickers } = agreement;
  const liars =
    falsetickers.length === 0
      ? ''
      : t(text(` Falseticker: ${falsetickers.join(', ')}.`, `错误时间源：${falsetickers.join('、')}。`));
  return `${t(
    text(`${agreeing.length} servers agree: ${words}`, `${agreeing.length} 个服务器一致：${words}`),
  )}${liars}`;
}

function standing({ t }: CliContext, offset: QueryReportServer['offset']): string {
  if (offset === null) return '';
  const shown = formatOffset(estimateOf(offset)).replace(/^[+−]/, '');
  if (offset.lowSeconds <= 0 && offset.highSeconds >= 0) {
    return t(
      text(
        `this machine's clock shows no difference beyond the bound (${shown}).`,
        `本机时钟的偏差未超出误差界(${shown})。`,
      ),
    );
  }
  return offset.seconds > 0
    ? t(text(`this machine's clock is behind by ${shown}.`, `本机时钟慢 ${shown}。`))
    : t(text(`this machine's clock is ahead by ${shown}.`, `本机时钟快 ${shown}。`));
}

function tableLines(context: CliContext, servers: readonly QueryReportServer[]): string[] {
  const { t, color } = context;
  const [header = '', ...rows] = renderTable(
    [
      { title: t(text('SERVER', '服务器')) },
      { title: t(text('FOLLOW', '跟随')) },
      { title: t(text('OFFSET (+ = SERVER AHEAD)', '偏移(+ 为服务器快)')), align: 'right' },
      { title: t(text('DELAY', '往返时延')), align: 'right' },
      { title: t(text('STRATUM', '层级')), align: 'right' },
      { title: 'REFID' },
      { title: t(text('LEAP', '闰秒')) },
      { title: t(text('ROOT DISTANCE', '根距离')), align: 'right' },
      { title: t(text('PRECISION', '精度')), align: 'right' },
      { title: t(text('VERSION', '版本')), align: 'right' },
    ],
    servers.map((server) => rowOf(context, server)),
  );
  return [color.dim(header), ...rows];
}

function rowOf(context: CliContext, server: QueryReportServer): string[] {
  const seconds = (value: number | null): string => (value === null ? UNKNOWN : formatDuration(value));
  return [
    nameOf(server),
    verdictWord(context, server.verdict),
    server.offset === null ? UNKNOWN : formatOffset(estimateOf(server.offset)),
    seconds(server.delaySeconds),
    server.stratum?.toString() ?? UNKNOWN,
    server.refIdAddress ?? server.refId ?? UNKNOWN,
    leapWord(context, server.leap),
    seconds(server.rootDistanceSeconds),
    seconds(server.precisionSeconds),
    server.version?.toString() ?? UNKNOWN,
  ];
}

function nameOf({ server, address }: QueryReportServer): string {
  return address === null || server.includes(address) ? server : `${server} (${address})`;
}

/** A word and a shape beside the colour. */
function verdictWord({ t, color }: CliContext, verdict: QueryReportServer['verdict']): string {
  switch (verdict) {
    case 'fit':
      return color.green(t(text('✓ yes', '✓ 可以')));
    case 'unfit':
      return color.red(t(text('✗ no', '✗ 不要')));
    case 'failed':
      return color.yellow(t(text('? not measured', '? 未测得')));
  }
}

function leapWord({ t }: CliContext, leap: QueryReportServer['leap']): string {
  switch (leap) {
    case null:
      return UNKNOWN;
    case 'normal':
      return t(text('none', '无'));
    case 'insert-second':
      return '+1 s';
    case 'delete-second':
      return '−1 s';
    case 'unsynchronized':
      return t(text('unsynchronized', '未同步'));
  }
}

function reasonLines(context: CliContext, servers: readonly QueryReportServer[]): string[] {
  const lines = servers.flatMap((server) => [
    ...server.reasons.map((reason) => {
      const mark = reason.severity === 'unfit' ? context.color.red('✗') : context.color.dim('·');
      return `${mark} ${nameOf(server)}: ${reason.text}`;
    }),
    ...(server.error === null
      ? []
      : [
          `${context.color.yellow('?')} ${nameOf(server)}: ${server.error.text}`,
          ...(server.error.hint === null ? [] : [`  ${context.color.dim('→')} ${server.error.hint}`]),
        ]),
  ]);
  return lines.length === 0 ? [] : ['', ...lines];
}

function estimateOf(offset: NonNullable<QueryReportServer['offset']>): Estimate {
  return { seconds: offset.seconds, low: offset.lowSeconds, high: offset.highSeconds };
}
