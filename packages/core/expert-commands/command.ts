import { type Text, text } from '../text/index.ts';

/**
 * What a person wants to know or do:
 * - `state`: is the clock synchronised, and by which daemon
 * - `sources`: whom the daemon follows, and how well
 * - `measure`: the clock against a server, without touching the clock
 * - `logs`: what the daemon said
 * - `configuration`: what it was told
 * - `network`: who listens, who answers
 * - `timezone`: which zone is in effect
 * - `resync`: make it follow again, now (these change the node)
 */
export const expertPurposes = [
  'state',
  'sources',
  'measure',
  'logs',
  'configuration',
  'network',
  'timezone',
  'resync',
] as const;
export type ExpertPurpose = (typeof expertPurposes)[number];

/** One line for a shell on the node. */
export interface ExpertCommand {
  readonly command: string;
  readonly meaning: Text;
  /** Wants root; `command` then begins with sudo. */
  readonly root: boolean;
  /** Changes something on the node; all others only read. */
  readonly changes: boolean;
}

/** Families that name units and files differently. */
export type KnownFamily = 'debian' | 'rhel' | 'suse' | 'alpine' | 'arch';
/** `unknown`: the node's os-release was not seen. */
export type Family = KnownFamily | 'unknown';

export interface Circumstances {
  readonly family: Family;
  /** Server to measure against, already safe in a shell. */
  readonly server: string;
}

export type DaemonCommands = Readonly<
  Record<Exclude<ExpertPurpose, 'timezone'>, (on: Circumstances) => readonly ExpertCommand[]>
>;

export function read(command: string, en: string, zhCN: string): ExpertCommand {
  return { command, meaning: text(en, zhCN), root: false, changes: false };
}

export function readAsRoot(command: string, en: string, zhCN: string): ExpertCommand {
  return { command: `sudo ${command}`, meaning: text(en, zhCN), root: true, changes: false };
}

export function change(command: string, en: string, zhCN: string): ExpertCommand {
  return { command: `sudo ${command}`, meaning: text(en, zhCN), root: true, changes: true };
}

const distributions: Readonly<Record<KnownFamily, readonly string[]>> = {
  rhel: ['RHEL'],
  debian: ['Debian', 'Ubuntu'],
  suse: ['SUSE'],
  alpine: ['Alpine'],
  arch: ['Arch'],
};

/** Commands that name a unit or a file: an unknown family gets everyone's, each with the distributions where it is right. */
export function perFamily(
  on: Circumstances,
  build: (on: Circumstances & { readonly family: KnownFamily }) => readonly ExpertCommand[],
): readonly ExpertCommand[] {
  const { family } = on;
  if (family !== 'unknown') return build({ ...on, family });
  const found = new Map<string, { readonly one: ExpertCommand; readonly where: string[] }>();
  for (const known of Object.keys(distributions) as KnownFamily[]) {
    for (const one of build({ ...on, family: known })) {
      const same = found.get(one.command) ?? { one, where: [] };
      same.where.push(...distributions[known]);
      found.set(one.command, same);
    }
  }
  return [...found.values()].map(({ one, where }) => ({
    ...one,
    meaning: text(
      `${one.meaning.en} (${where.join(', ')})`,
      `${one.meaning['zh-CN']}（${where.join('、')}）`,
    ),
  }));
}

/** `systemctl status`, or what Alpine has instead. */
export function unitState({ family }: Circumstances, unit: string): ExpertCommand {
  return read(
    family === 'alpine' ? `rc-service ${unit} status` : `systemctl status ${unit}`,
    'is the daemon running, since when, does it start at boot',
    '守护进程是否在运行、何时启动、是否开机自启',
  );
}

export function unitLog({ family }: Circumstances, unit: string): ExpertCommand {
  return family === 'alpine'
    ? readAsRoot(`grep ${unit} /var/log/messages`, 'what the daemon said', '守护进程的日志')
    : readAsRoot(
        `journalctl -u ${unit} --since '-24 h' --no-pager`,
        'what the daemon said in the last day: sources selected, steps, refusals',
        '守护进程最近一天的日志：选中的源、跳变、拒绝',
      );
}

export function unitRestart({ family }: Circumstances, unit: string): ExpertCommand {
  return change(
    family === 'alpine' ? `rc-service ${unit} restart` : `systemctl restart ${unit}`,
    'start the daemon anew; it may step the clock as its configuration allows',
    '重启守护进程；它可能按配置跳变时钟',
  );
}

export const listeners = readAsRoot(
  "ss -ulpn '( sport = :123 or sport = :323 )'",
  'which program listens on NTP (123) and on the chrony command port (323), and on which addresses',
  '哪个程序在哪些地址上监听 NTP(123)和 chrony 命令端口(323)',
);

export const packets = readAsRoot(
  'tcpdump -ni any -c 10 udp port 123',
  'do NTP requests leave, and do replies come back',
  'NTP 请求是否发出，应答是否返回',
);

export const timedatectl = read(
  'timedatectl',
  'the kernel’s “System clock synchronized”, the NTP service and the time zone',
  '内核的 “System clock synchronized”、NTP 服务和时区',
);
