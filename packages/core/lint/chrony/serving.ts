/** Whom chronyd serves, who may command it, and what it says of itself without a source. */
import type { ChronyConf, Directive } from '../../chrony-conf/index.ts';
import { sourcesOf } from '../../chrony-conf/index.ts';
import { text } from '../../text/index.ts';
import type { ChronyRule } from '../rule.ts';
import { has, isComplete, named } from './missing.ts';

/** `allow`, `allow all`, `allow 0.0.0.0/0`, `allow 0/0`, `allow ::/0`. */
function isEverybody({ args }: Directive): boolean {
  const network = args.find((word) => word !== 'all');
  return network === undefined || /^(0(\.0){0,3}|::)\/0$/.test(network);
}

function isAny(address: string | undefined): boolean {
  return address === '0.0.0.0' || address === '::';
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(127\.|::1$)/.test(address);
}

function stratumOf({ args }: Directive): number | null {
  const at = args.findIndex((word) => word.toLowerCase() === 'stratum');
  const value = Number(args[at + 1] ?? Number.NaN);
  return at < 0 || Number.isNaN(value) ? null : value;
}

export const servingRules: readonly ChronyRule[] = [
  {
    code: 'chrony-deny-all',
    subject: 'chrony.conf',
    severity: 'error',
    title: text('`deny all` takes back every `allow`', '`deny all` 会取消所有 `allow`'),
    why: text(
      'The form with `all` overrides every earlier rule for a part of the network: this server answers nobody. Those who are not allowed are refused without it.',
      '带 `all` 的形式会覆盖先前针对任何子网的规则：该服务端不再应答任何人。没有它时，未被允许的客户端本来就会被拒绝。',
    ),
    fix: text(
      'Remove `deny all`; prove it with `chronyc accheck ADDRESS`.',
      '删除 `deny all`；用 `chronyc accheck 地址` 验证。',
    ),
    bad: 'allow 10.2.0.0/16\ndeny all\n',
    good: 'allow 10.2.0.0/16\n',
    check: (conf) =>
      named(conf, 'deny')
        .filter(({ args, line }) => args[0] === 'all' && args.length === 1 && hasAllowBefore(conf, line))
        .map(({ line }) => ({ line, edits: [{ line, lines: [] }] })),
  },
  {
    code: 'chrony-allow-everybody',
    subject: 'chrony.conf',
    severity: 'warning',
    title: text('every address may ask this server', '任何地址都可以查询该服务端'),
    why: text(
      'An NTP server for all the world answers forged requests to others and tells strangers of the cluster.',
      '对全网开放的 NTP 服务端会应答伪造来源的请求，也会向陌生人暴露集群信息。',
    ),
    fix: text('Allow the networks of the nodes only.', '只允许节点所在的网段。'),
    bad: 'allow 0.0.0.0/0\n',
    good: 'allow 10.2.0.0/16\n',
    check: (conf) =>
      named(conf, 'allow')
        .filter(isEverybody)
        .map(({ line }) => ({ line })),
  },
  {
    code: 'chrony-bad-network',
    subject: 'chrony.conf',
    severity: 'error',
    title: text('a network with an impossible prefix', '网段前缀长度不可能'),
    why: text(
      'An IPv4 prefix has at most 32 bits, an IPv6 prefix 128. chronyd ends with a fatal error when it applies the rule.',
      'IPv4 前缀最多 32 位，IPv6 最多 128 位。chronyd 应用该规则时会报致命错误并退出。',
    ),
    fix: text('Write the prefix of the network, as 10.2.0.0/16.', '写出网段的前缀，例如 10.2.0.0/16。'),
    bad: 'allow 10.2.0.0/48\n',
    good: 'allow 10.2.0.0/16\n',
    check: (conf) =>
      named(conf, 'allow', 'deny', 'cmdallow', 'cmddeny')
        .filter(({ args }) => args.some(hasImpossiblePrefix))
        .map(({ line }) => ({ line })),
  },
  {
    code: 'chrony-serves-no-port',
    subject: 'chrony.conf',
    severity: 'error',
    title: text('`port 0` with `allow`: nobody is served', '`port 0` 与 `allow` 并存：不会服务任何人'),
    why: text(
      '`port 0` closes the NTP server socket, so `allow` has no effect.',
      '`port 0` 会关闭 NTP 服务端口，`allow` 因此无效。',
    ),
    fix: text(
      'Remove `port 0` on a server, or `allow` on a client.',
      '服务端请删除 `port 0`，客户端请删除 `allow`。',
    ),
    bad: 'allow 10.2.0.0/16\nport 0\n',
    good: 'allow 10.2.0.0/16\n',
    check: (conf) =>
      has(conf, 'allow')
        ? named(conf, 'port')
            .filter(({ args }) => Number(args[0]) === 0)
            .map(({ line }) => ({ line }))
        : [],
  },
  {
    code: 'chrony-serves-loopback',
    subject: 'chrony.conf',
    severity: 'error',
    title: text(
      '`bindaddress` of this machine alone, with `allow`',
      '`bindaddress` 只绑定本机，却有 `allow`',
    ),
    why: text(
      'The server socket is bound to the loopback address, so no other node reaches it.',
      '服务端口绑定在回环地址上，其他节点无法访问。',
    ),
    fix: text(
      'Remove `bindaddress`, or name an address that nodes reach.',
      '删除 `bindaddress`，或改为节点可以访问的地址。',
    ),
    bad: 'allow 10.2.0.0/16\nbindaddress 127.0.0.1\n',
    good: 'allow 10.2.0.0/16\nbindaddress 10.2.0.5\n',
    check: (conf) =>
      has(conf, 'allow')
        ? named(conf, 'bindaddress')
            .filter(({ args }) => isLoopback(args[0]))
            .map(({ line }) => ({ line }))
        : [],
  },
  {
    code: 'chrony-command-port-open',
    subject: 'chrony.conf',
    severity: 'warning',
    title: text(
      '`bindcmdaddress` opens the command port on every interface',
      '`bindcmdaddress` 在所有网卡上开放命令端口',
    ),
    why: text(
      'Guides take it for the address on which NTP is served. It is UDP 323, the port of chronyc; NTP is served by `allow` alone.',
      '一些教程误以为它是 NTP 的服务地址。它其实是 chronyc 使用的 UDP 323 端口；提供 NTP 服务只需要 `allow`。',
    ),
    fix: text(
      'Remove it, or keep it on purpose and limit it with `cmdallow NETWORK` and the firewall.',
      '删除它；若确有需要，请用 `cmdallow 网段` 和防火墙加以限制。',
    ),
    bad: 'bindcmdaddress 0.0.0.0\n',
    good: 'bindcmdaddress 127.0.0.1\n',
    check: (conf) =>
      has(conf, 'cmdallow')
        ? []
        : named(conf, 'bindcmdaddress')
            .filter(({ args }) => isAny(args[0]))
            .map(({ line }) => ({ line })),
  },
  {
    code: 'chrony-cmdallow-everybody',
    subject: 'chrony.conf',
    severity: 'warning',
    title: text('every address may read the state of chronyd', '任何地址都可以读取 chronyd 的状态'),
    why: text(
      'Whoever reaches UDP 323 learns the sources and offsets of this node.',
      '凡是能访问 UDP 323 的人，都能得知该节点的时间源和偏移。',
    ),
    fix: text('Name the networks that monitor.', '只写出用于监控的网段。'),
    bad: 'cmdallow all\n',
    good: 'bindcmdaddress 10.2.0.5\ncmdallow 10.2.0.0/24\n',
    check: (conf) =>
      named(conf, 'cmdallow')
        .filter(isEverybody)
        .map(({ line }) => ({ line })),
  },
  {
    code: 'chrony-cmdallow-unreachable',
    subject: 'chrony.conf',
    severity: 'warning',
    title: text(
      '`cmdallow` without `bindcmdaddress` reaches nobody',
      '只有 `cmdallow` 而没有 `bindcmdaddress`，无人可达',
    ),
    why: text(
      'The command port is bound to the loopback addresses unless `bindcmdaddress` says otherwise.',
      '除非设置 `bindcmdaddress`，命令端口只绑定在回环地址上。',
    ),
    fix: text(
      'Add `bindcmdaddress` with an address of this node, or remove `cmdallow`.',
      '加上 `bindcmdaddress` 和该节点的地址，或删除 `cmdallow`。',
    ),
    bad: 'cmdallow 10.2.0.0/24\n',
    good: 'bindcmdaddress 10.2.0.5\ncmdallow 10.2.0.0/24\n',
    check: (conf, context) =>
      isComplete(conf, context) && !named(conf, 'bindcmdaddress').some(({ args }) => args[0]?.[0] !== '/')
        ? named(conf, 'cmdallow')
            .filter((directive) => !isLoopback(directive.args[0]) && !isEverybody(directive))
            .map(({ line }) => ({ line }))
        : [],
  },
  {
    code: 'chrony-local-low-stratum',
    subject: 'chrony.conf',
    severity: 'warning',
    title: text('an undisciplined clock claims a low stratum', '未受校准的时钟声称很低的层级'),
    why: text(
      'Stratum 1 means a hardware reference. A server that counts itself near the top wins over real sources as soon as it loses its own.',
      '层级 1 意味着有硬件参考。自称接近顶层的服务端，一旦失去上游，就会压过真正的时间源。',
    ),
    fix: text('Use `local stratum 10 orphan`.', '使用 `local stratum 10 orphan`。'),
    bad: 'local stratum 1\nallow 10.2.0.0/16\n',
    good: 'local stratum 10 orphan\nallow 10.2.0.0/16\n',
    check: (conf) =>
      named(conf, 'local')
        .filter((directive) => (stratumOf(directive) ?? 10) < 6)
        .map(({ line }) => ({ line })),
  },
  {
    code: 'chrony-local-without-orphan',
    subject: 'chrony.conf',
    since: '2.4',
    severity: 'warning',
    title: text('`local` without `orphan` beside sources', '有时间源时使用 `local` 却没有 `orphan`'),
    why: text(
      'When the upstreams fail, servers without `orphan` each go their own way; with it the one with the lowest ID leads and the others follow.',
      '上游失效后，没有 `orphan` 的各个服务端会各走各的；有 `orphan` 时，它们会共同跟随其中一个。',
    ),
    fix: text('Add `orphan`, and let the servers poll each other.', '加上 `orphan`，并让各服务端互相查询。'),
    bad: 'server 192.0.2.1 iburst\nserver 10.2.0.6 iburst\nserver 10.2.0.7 iburst\nallow 10.2.0.0/16\nlocal stratum 10\n',
    good: 'server 192.0.2.1 iburst\nserver 10.2.0.6 iburst\nserver 10.2.0.7 iburst\nallow 10.2.0.0/16\nlocal stratum 10 orphan\n',
    check: (conf) =>
      sourcesOf(conf).length < 2
        ? []
        : named(conf, 'local')
            .filter(({ args }) => !args.some((word) => word.toLowerCase() === 'orphan'))
            .map(({ line }) => ({ line })),
  },
  {
    code: 'chrony-local-client',
    subject: 'chrony.conf',
    severity: 'warning',
    title: text('`local` on a machine that serves nobody', '不提供服务的机器上却有 `local`'),
    why: text(
      'A client with `local` reports itself as synchronised when it follows nobody, so no alarm sounds.',
      '客户端使用 `local` 后，即使没有跟随任何时间源，也会报告为已同步，因而不会告警。',
    ),
    fix: text(
      'Remove `local` on clients; it belongs on servers with `allow`.',
      '请在客户端删除 `local`；它只用于带 `allow` 的服务端。',
    ),
    bad: 'local stratum 10\n',
    good: 'local stratum 10 orphan\nallow 10.2.0.0/16\n',
    check: (conf, context) =>
      isComplete(conf, context) && !has(conf, 'allow')
        ? named(conf, 'local').map(({ line }) => ({ line }))
        : [],
  },
  {
    code: 'chrony-broadcast',
    subject: 'chrony.conf',
    severity: 'warning',
    title: text('broadcast NTP', 'NTP 广播'),
    why: text(
      'Broadcast clients cannot measure the delay and believe whoever shouts; chronyd itself does not listen to it.',
      '广播客户端无法测量时延，也会相信任何发送者；chronyd 自身并不接收广播。',
    ),
    fix: text(
      'Let clients poll the server: `server ADDRESS iburst`.',
      '让客户端主动查询服务端：`server 地址 iburst`。',
    ),
    bad: 'broadcast 60 10.2.255.255\n',
    good: 'allow 10.2.0.0/16\n',
    check: (conf) => named(conf, 'broadcast').map(({ line }) => ({ line })),
  },
  {
    code: 'chrony-root',
    subject: 'chrony.conf',
    severity: 'warning',
    title: text('chronyd keeps all rights of root', 'chronyd 保留 root 的全部权限'),
    why: text(
      'Distributions drop them to a user of its own and keep CAP_SYS_TIME; `user root` undoes this.',
      '发行版会让 chronyd 降权到专用用户，只保留 CAP_SYS_TIME;`user root` 取消了这一保护。',
    ),
    fix: text('Remove the line.', '删除该行。'),
    bad: 'user root\n',
    good: 'user _chrony\n',
    check: (conf) =>
      named(conf, 'user')
        .filter(({ args }) => args[0] === 'root')
        .map(({ line }) => ({ line })),
  },
];

function hasAllowBefore(conf: ChronyConf, line: number): boolean {
  return named(conf, 'allow').some((directive) => directive.line < line);
}

function hasImpossiblePrefix(word: string): boolean {
  const [network = '', bits] = word.split('/');
  return bits !== undefined && Number(bits) > (network.includes(':') ? 128 : 32);
}
