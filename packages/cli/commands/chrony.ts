import { type ChronyAnswer, readChronyd } from '@clockwarden/adapters/chrony';
import { cryptoRandom } from '@clockwarden/adapters/round';
import { OperatorError } from '@clockwarden/core/errors';
import { expertCommands } from '@clockwarden/core/expert-commands';
import { explainChrony } from '@clockwarden/core/explain';
import { parseServerName, type ServerName, serverText } from '@clockwarden/core/ntp';
import { defaultSources } from '@clockwarden/core/policy';
import { formatDuration, text } from '@clockwarden/core/text';
import { type Asked, type ChronyVerdict, chronyReport, verdictOf } from '../chrony/report.ts';
import { explanationLines } from '../explain/lines.ts';
import { showCommandsOption } from '../show-commands/option.ts';
import { printExpertCommands } from '../show-commands/print.ts';
import { type CliContext, progressOn } from '../terminal/index.ts';
import type { RegisterCommand } from './registry.ts';

const exitCodes: Readonly<Record<ChronyVerdict, number>> = {
  ok: 0,
  warning: 1,
  critical: 2,
  undetermined: 3,
  unreachable: 3,
};

export const registerChrony: RegisterCommand = (program, { run, t }) => {
  program
    .command('chrony')
    .description(
      t(
        text(
          'ask a chronyd for tracking, sources and sourcestats, and explain every mark and value',
          '向 chronyd 查询 tracking、sources 和 sourcestats，并解释每个标记和数值',
        ),
      ),
    )
    .argument(
      '<host>',
      t(text('name or address, with :port where it is not 323', '名称或地址，端口不是 323 时加 :端口')),
    )
    .addOption(showCommandsOption(t))
    .addHelpText('after', `\n${helpText(t)}`)
    .action(
      run(async (context, typed: string, options: { readonly showCommands?: boolean }) => {
        const target = targetOf(typed);
        if (options.showCommands === true) {
          printExpertCommands(context, [
            ...expertCommands(null, 'chronyd', 'sources'),
            ...expertCommands(null, 'chronyd', 'logs'),
          ]);
          return 0;
        }
        return explainDaemon(context, target);
      }),
    );
};

function helpText(t: Parameters<RegisterCommand>[1]['t']): string {
  return `${t(
    text(
      `chronyd answers on UDP 323, by default only on its own loopback (bindcmdaddress, cmdallow).
Exit codes: 0 synchronized, 1 with something to look at, 2 not synchronized or about to be,
3 no answer, or none about tracking.`,
      `chronyd 在 UDP 323 上应答，默认仅限其本机回环地址(bindcmdaddress、cmdallow)。
退出码：0 已同步，1 有需要注意之处，2 未同步或即将失去同步，
3 没有应答，或没有 tracking 的应答。`,
    ),
  )}

${t(text('Examples:', '示例：'))}
  clockwarden chrony localhost
  clockwarden chrony 10.0.0.5 --json | jq .tracking.systemOffsetSeconds
  clockwarden chrony '[2001:db8::1]:323'
  ssh node3 chronyc -n sources | clockwarden explain -   # ${t(text('where the port is closed', '端口未开放时'))}`;
}

async function explainDaemon(context: CliContext, target: ServerName): Promise<number> {
  const name = serverText(target.host, target.port);
  const monotonic = (): bigint => process.hrtime.bigint();
  const at = new Date();
  const started = monotonic();
  const progress = progressOn(context, () => context.t(text(`asking ${name} …`, `正在询问 ${name} …`)));
  const timeoutMs = (context.timeoutSeconds ?? defaultSources.chrony.timeoutSeconds) * 1000;
  let answer: ChronyAnswer;
  try {
    answer = await readChronyd(target, {
      timeoutMs,
      signal: context.signal,
      random: cryptoRandom,
      monotonic,
    });
  } finally {
    progress.end();
  }
  if (context.signal.aborted) return 130;
  const asked: Asked = { target: name, at, tookSeconds: Number(monotonic() - started) / 1e9 };
  if (context.json) context.print(JSON.stringify(chronyReport(asked, answer, context.t), null, 2));
  else for (const line of lines(context, asked, answer)) context.print(line);
  return exitCodes[verdictOf(answer)];
}

function lines(context: CliContext, asked: Asked, answer: ChronyAnswer): string[] {
  const { t, color } = context;
  if (!answer.ok) {
    const { text: words, hint } = answer.failure;
    return [color.red(`✗ ${t(words)}`), ...(hint === undefined ? [] : [`  → ${t(hint)}`])];
  }
  const took = formatDuration(asked.tookSeconds);
  const header = text(
    `chronyd at ${asked.target}, read in ${took}. + means: this node’s clock is ahead.`,
    `${asked.target} 的 chronyd，读取耗时 ${took}。+ 表示本节点时钟偏快。`,
  );
  return [
    color.dim(t(header)),
    ...missing(answer).map((part) =>
      color.yellow(t(text(`! No answer about ${part}.`, `! 没有得到 ${part} 的应答。`))),
    ),
    ...explanationLines(context, explainChrony(answer.state)),
  ];
}

/** Parts that were lost or refused: not the same as an empty list. */
function missing({ state }: Extract<ChronyAnswer, { ok: true }>): string[] {
  const parts = {
    tracking: state.tracking,
    sources: state.sources,
    sourcestats: state.sourceStats,
    activity: state.activity,
  };
  return Object.entries(parts).flatMap(([part, value]) => (value === null ? [part] : []));
}

function targetOf(typed: string): ServerName {
  const target = parseServerName(typed, defaultSources.chrony.port);
  if (target !== null) return target;
  throw new OperatorError('usage', {
    where: typed,
    detail: text(
      'A host is a name or an address, with a port from 1 to 65535 if need be: cp-1, 10.0.0.5:323, [2001:db8::1]:323.',
      '主机应为名称或地址，可带 1 到 65535 的端口：cp-1、10.0.0.5:323、[2001:db8::1]:323。',
    ),
  });
}
