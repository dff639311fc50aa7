import { type QueryResult, queryServers } from '@clockwarden/adapters/ntp';
import { cryptoRandom } from '@clockwarden/adapters/round';
import { createTimeBase } from '@clockwarden/adapters/time-base';
import { type QueryReport, queryReportOf } from '@clockwarden/api/query';
import { OperatorError } from '@clockwarden/core/errors';
import { compareServers, parseServerName, type ServerName } from '@clockwarden/core/ntp';
import { defaultSources } from '@clockwarden/core/policy';
import { text } from '@clockwarden/core/text';
import { InvalidArgumentError } from 'commander';
import { queryCommands } from '../query/commands.ts';
import { queryLines } from '../query/report.ts';
import { showCommandsOption } from '../show-commands/option.ts';
import { printExpertCommands } from '../show-commands/print.ts';
import { type CliContext, progressOn } from '../terminal/index.ts';
import type { CommandSetup, RegisterCommand } from './registry.ts';

interface QueryOptions {
  readonly samples: number;
  readonly ipv4?: boolean;
  readonly ipv6?: boolean;
  readonly all?: boolean;
  readonly showCommands?: boolean;
}

const MOST_SAMPLES = 64;

export const registerQuery: RegisterCommand = (program, { run, t }) => {
  program
    .command('query')
    .description(
      t(
        text(
          'ask NTP servers, and say whether this machine should follow them; no clock is touched',
          '询问 NTP 服务器，并判断本机是否应跟随它们；不改动任何时钟',
        ),
      ),
    )
    .argument(
      '<server...>',
      t(text('name or address, with :port where it is not 123', '名称或地址，端口不是 123 时加 :端口')),
    )
    .option(
      '-n, --samples <number>',
      t(
        text(
          `good answers wanted of each server, 1 to ${MOST_SAMPLES}; the tightest is shown`,
          `每个服务器所需的有效应答数，1 到 ${MOST_SAMPLES}；显示误差界最小的一个`,
        ),
      ),
      samplesOf(t),
      defaultSources.ntp.samples,
    )
    .option('-4, --ipv4', t(text('use the IPv4 addresses of names', '只用名称的 IPv4 地址')))
    .option('-6, --ipv6', t(text('use the IPv6 addresses of names', '只用名称的 IPv6 地址')))
    .option('-a, --all', t(text('ask every address of each name', '询问每个名称的所有地址')))
    .addOption(showCommandsOption(t))
    .addHelpText('after', `\n${helpText(t)}`)
    .action(
      run(async (context, names: string[], options: QueryOptions) => {
        const servers = names.map(serverOf);
        if (options.showCommands === true) {
          printExpertCommands(context, queryCommands(servers, process.env.PATH ?? ''));
          return 0;
        }
        return query(context, names, servers, options);
      }),
    );
};

function helpText(t: Parameters<RegisterCommand>[1]['t']): string {
  return `${t(
    text(
      'Exit codes: 0 all servers are fit to follow, 1 some are not, 2 none is.',
      '退出码：0 全部适合跟随，1 部分不适合，2 全都不适合。',
    ),
  )}

${t(text('Examples:', '示例：'))}
  clockwarden query 10.0.0.5
  clockwarden query ntp1 ntp2 ntp3             # ${t(text('do they agree, and who is wrong', '它们是否一致，谁是错的'))}
  clockwarden query '[2001:db8::1]:1123' -n 32
  clockwarden query --all pool.ntp.org
  clockwarden query ntp1 --json | jq '.servers[0].offset.seconds'
  clockwarden query ntp1 --show-commands`;
}

async function query(
  context: CliContext,
  names: readonly string[],
  servers: readonly ServerName[],
  options: QueryOptions,
): Promise<number> {
  const timeBase = createTimeBase();
  const results: { readonly index: number; readonly result: QueryResult }[] = [];
  const progress = progressOn(context, () =>
    context.t(
      text(
        `${new Set(results.map(({ index }) => index)).size} of ${servers.length} servers have answered …`,
        `${servers.length} 个服务器中已有 ${new Set(results.map(({ index }) => index)).size} 个应答 …`,
      ),
    ),
  );
  try {
    await queryServers(
      servers,
      {
        samples: options.samples,
        timeoutSeconds: context.timeoutSeconds ?? defaultSources.ntp.timeoutSeconds,
        version: 4,
        family: options.ipv6 === true ? 6 : options.ipv4 === true ? 4 : 0,
        addresses: options.all === true ? 'all' : 'first',
      },
      { timeBase, random: cryptoRandom, signal: context.signal },
      (index, result) => void results.push({ index, result }),
    );
  } finally {
    progress.end();
  }
  if (context.signal.aborted) return 130;
  const queried = results
    .toSorted((a, b) => a.index - b.index)
    .map(({ index, result }) => ({ server: names[index] ?? '', result }));
  const now = timeBase.monotonic();
  const comparison = compareServers(
    queried.map(({ result }) => result),
    now,
  );
  const report = queryReportOf(queried, comparison, timeBase.instantAt(now), context.language);
  if (context.json) context.print(JSON.stringify(report, null, 2));
  else for (const line of queryLines(context, report)) context.print(line);
  return exitCodeOf(report);
}

function exitCodeOf({ servers }: QueryReport): number {
  const fit = servers.filter((server) => server.verdict === 'fit').length;
  if (fit === servers.length) return 0;
  return fit > 0 ? 1 : 2;
}

function serverOf(typed: string): ServerName {
  const server = parseServerName(typed);
  if (server !== null) return server;
  throw new OperatorError('usage', {
    where: typed,
    detail: text(
      'A server is a name or an address, with a port from 1 to 65535 if need be: ntp1, 10.0.0.5:123, 2001:db8::1, [2001:db8::1]:123.',
      '服务器应为名称或地址，可带 1 到 65535 的端口：ntp1、10.0.0.5:123、2001:db8::1、[2001:db8::1]:123。',
    ),
  });
}

function samplesOf(t: CommandSetup['t']): (value: string) => number {
  return (value) => {
    const samples = Number(value);
    if (Number.isInteger(samples) && samples >= 1 && samples <= MOST_SAMPLES) return samples;
    const words = text(
      `A whole number from 1 to ${MOST_SAMPLES} is wanted.`,
      `需要 1 到 ${MOST_SAMPLES} 的整数。`,
    );
    throw new InvalidArgumentError(t(words));
  };
}
