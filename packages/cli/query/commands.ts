import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { NTP_PORT, type ServerName } from '@clockwarden/core/ntp';
import { type Text, text } from '@clockwarden/core/text';

export interface QueryCommand {
  readonly command: string;
  readonly meaning: Text;
}

interface Tool {
  readonly program: string;
  /** Null where the tool cannot ask this. The host is a plain name or address (parseServerName). */
  command(server: ServerName): string | null;
  readonly meaning: Text;
}

const onlyUsualPort =
  (command: (host: string) => string) =>
  ({ host, port }: ServerName): string | null =>
    port === NTP_PORT ? command(host) : null;

const tools: readonly Tool[] = [
  {
    program: 'chronyd',
    command: ({ host, port }) =>
      `sudo chronyd -Q -t 10 'server ${host}${port === NTP_PORT ? '' : ` port ${port}`} iburst'`,
    meaning: text(
      'measures and prints the correction; its sign is the offset’s: positive = this machine is behind',
      '测量并打印所需修正；符号与偏移相同：正值表示本机慢',
    ),
  },
  {
    program: 'ntpdate',
    command: onlyUsualPort((host) => `ntpdate -q ${host}`),
    meaning: text('prints offset and delay; -q never sets the clock', '打印偏移和往返时延；-q 不会改时钟'),
  },
  {
    program: 'ntpdig',
    command: onlyUsualPort((host) => `ntpdig ${host}`),
    meaning: text('the same by ntpsec’s tool', 'ntpsec 的同类工具'),
  },
  {
    program: 'sntp',
    command: onlyUsualPort((host) => `sntp ${host}`),
    meaning: text('the same by ntp.org’s tool', 'ntp.org 的同类工具'),
  },
];

/**
 * What an expert would type on this machine for each server: with the tools that are installed, or with all of them
 * where none is.
 *
 * @param path the environment's PATH; the sbin folders, where such tools live, are always looked into
 */
export function queryCommands(servers: readonly ServerName[], path: string): readonly QueryCommand[] {
  const folders = [...path.split(delimiter), '/usr/sbin', '/sbin'].filter((folder) => folder !== '');
  const installed = tools.filter(({ program }) => folders.some((folder) => isProgram(join(folder, program))));
  return servers.flatMap((server) =>
    (installed.length === 0 ? tools : installed).flatMap((tool) => {
      const command = tool.command(server);
      return command === null ? [] : [{ command, meaning: tool.meaning }];
    }),
  );
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
