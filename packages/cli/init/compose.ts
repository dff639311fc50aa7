/** The text of a new clockwarden.yaml, its comments in the person's language. */
import { defaultLimits, defaultSources, type PresetName, presets } from '@clockwarden/core/policy';
import { type Language, localized, type Text, text } from '@clockwarden/core/text';
import { stringify } from 'yaml';

/** Where the nodes come from. */
export type NodesFrom =
  | { readonly kind: 'inventory'; readonly path: string; readonly nodes: readonly string[] }
  | { readonly kind: 'addresses'; readonly addresses: readonly string[] }
  | { readonly kind: 'this-machine'; readonly name: string };

/** Nodes named in the comment beside `inventory:`; the others are counted. */
const NODES_SHOWN = 5;

/** What the nodes are to follow, by a preset. */
export interface WantedTime {
  readonly preset: PresetName;
  /** Networks that the servers serve; empty: a person must say. */
  readonly allow: readonly string[];
  /** One machine, which serves nobody. */
  readonly isAlone: boolean;
}

export function composeConfig(
  from: NodesFrom,
  name: string,
  language: Language,
  wanted?: WantedTime,
): string {
  const say = (words: Text): string => `# ${localized(words, language)}`;
  const head = [
    say(text('Clockwarden: the time this cluster should have.', 'Clockwarden：本集群应有的时间。')),
    say(
      text(
        'Every key is explained in docs/reference/configuration.md. Lines that start with # are examples.',
        '每个键的说明见 docs/reference/configuration.zh-CN.md。以 # 开头的行是示例。',
      ),
    ),
    '',
    scalar('name', name),
    '',
  ];
  const blocks = [
    nodesBlock(from, say),
    timezoneBlock(say, wanted),
    sourcesBlock(from, say),
    limitsBlock(say),
  ];
  return `${[
    ...head,
    ...[...blocks, timesyncBlock(say, wanted), consoleBlock(say)].flatMap((block) => [...block, '']),
  ]
    .join('\n')
    .trimEnd()}\n`;
}

type Say = (words: Text) => string;

/** `key: value` with whatever quotes YAML wants. */
function scalar(key: string, value: string): string {
  return stringify({ [key]: value }, { lineWidth: 0 }).trimEnd();
}

function nodesBlock(from: NodesFrom, say: Say): readonly string[] {
  switch (from.kind) {
    case 'inventory': {
      const shown = from.nodes.slice(0, NODES_SHOWN).join(', ');
      const more = from.nodes.length > NODES_SHOWN ? ', …' : '';
      return [
        say(
          text(
            `The nodes, read anew whenever this file is: ${from.nodes.length} now (${shown}${more}).`,
            `节点清单，每次读取本文件时都会重新读取：当前 ${from.nodes.length} 个(${shown}${more})。`,
          ),
        ),
        scalar('inventory', from.path),
      ];
    }
    case 'addresses':
      return [
        say(
          text(
            'The nodes. Say which are control-plane nodes: their clocks are held to a tighter limit.',
            '节点。请标明哪些是控制平面节点：它们的时钟限值更严格。',
          ),
        ),
        stringify({ nodes: from.addresses }, { lineWidth: 0 }).trimEnd(),
        '#  - {name: cp-1, address: 10.0.0.1, roles: [control-plane, etcd]}',
      ];
    case 'this-machine':
      return [
        say(
          text(
            'This machine alone. Add the others as addresses or maps.',
            '仅本机。可按地址或映射添加其他节点。',
          ),
        ),
        stringify({ nodes: [{ name: from.name, address: 'localhost' }] }, { lineWidth: 0 }).trimEnd(),
        '#  - {name: cp-1, address: 10.0.0.1, roles: [control-plane, etcd]}',
        '#  - 10.0.0.2',
      ];
  }
}

function timezoneBlock(say: Say, wanted: WantedTime | undefined): readonly string[] {
  const timezone = wanted === undefined ? null : presets[wanted.preset].timezone;
  return [
    say(
      text(
        'The time zone wanted on every node; without it only differences between nodes are shown.',
        '每个节点应有的时区；不设置则只显示节点之间的差异。',
      ),
    ),
    timezone === null ? '# timezone: Asia/Shanghai' : scalar('timezone', timezone),
  ];
}

function sourcesBlock(from: NodesFrom, say: Say): readonly string[] {
  const { ssh, ntp } = defaultSources;
  const unlessWritten =
    from.kind === 'this-machine'
      ? text('Where readings come from; this machine is read directly.', '数据来源；本机直接读取。')
      : text(
          'Where readings come from; ssh and ntp unless written here. Nothing is installed on the nodes.',
          '数据来源；不写时为 ssh 和 ntp。不会在节点上安装任何东西。',
        );
  return [
    say(unlessWritten),
    '# sources:',
    `#   ssh: {user: root, interval: ${ssh.intervalSeconds}s}`,
    `#   ntp: {interval: ${ntp.intervalSeconds}s}`,
    '#   chrony: true',
    '#   node-exporter: {port: 9100}',
    '#   prometheus: {url: http://127.0.0.1:9090}',
  ];
}

function limitsBlock(say: Say): readonly string[] {
  const { medianWarningSeconds, medianCriticalSeconds, roleSeconds } = defaultLimits;
  const ms = (seconds: number): string => `${seconds * 1_000}ms`;
  return [
    say(text('How far from the cluster median a clock may be.', '时钟允许偏离集群中位数的范围。')),
    '# limits:',
    `#   median: {warning: ${medianWarningSeconds}s, critical: ${medianCriticalSeconds}s}`,
    `#   roles: {control-plane: ${ms(roleSeconds['control-plane'])}, worker: ${ms(roleSeconds.worker)}}`,
    '',
    say(text('An NTP server that the whole cluster is held against.', '用来核对整个集群的 NTP 服务器。')),
    '# reference: ntp.aliyun.com',
  ];
}

function timesyncBlock(say: Say, wanted: WantedTime | undefined): readonly string[] {
  const title = say(text('Whom the nodes are meant to follow.', '节点应当跟随的时间服务器。'));
  if (wanted === undefined) {
    return [title, '# timesync: {enabled: true, mode: chrony, servers: [192.168.1.10], threshold: 500ms}'];
  }
  const { preset, allow, isAlone } = wanted;
  const { upstreams = [] } = presets[preset].timesync;
  const about =
    upstreams.length === 0
      ? text('The preset follows nobody outside.', '该预设不跟随任何外部时间源。')
      : text(`The preset follows ${upstreams.join(', ')}.`, `该预设跟随 ${upstreams.join('、')}。`);
  const head = [title, say(about), 'timesync:', `  preset: ${preset}`];
  if (isAlone)
    return upstreams.length === 0 ? [...head, '  allow: [127.0.0.1/32]'] : [...head, '  topology: direct'];
  return [
    ...head,
    `  ${say(
      text(
        'The networks that the servers serve, and nobody else. Check them.',
        '服务端只为这些网段提供服务。请核对。',
      ),
    )}`,
    allow.length === 0 ? '  # allow: [10.2.0.0/16]' : `  allow: [${allow.join(', ')}]`,
  ];
}

function consoleBlock(say: Say): readonly string[] {
  return [
    say(
      text(
        'The console of `clockwarden serve`. Any address but this machine needs a token or password, and TLS.',
        '`clockwarden serve` 的控制台。监听本机以外的地址需要令牌或密码，以及 TLS。',
      ),
    ),
    '# console: {listen: 127.0.0.1:8323}',
  ];
}
