/** Whom chronyd follows. */
import {
  type ChronyConf,
  isNewer,
  isWrittenHeader,
  localOptions,
  sourcesOf,
} from '../../chrony-conf/index.ts';
import { text } from '../../text/index.ts';
import { isDistributionPool, isPoolName, isPrivateAddress, isSelf } from '../../time-servers/index.ts';
import type { ChronyRule, LintContext } from '../rule.ts';
import { has, hasAllSources } from './missing.ts';
import { each, isAddress, network } from './network.ts';
import { readTogether } from './together.ts';

const THREE = 'server 192.0.2.1 iburst\nserver 192.0.2.2 iburst\nserver 192.0.2.3 iburst\n';

function countOf(conf: ChronyConf): number {
  return sourcesOf(conf).reduce((sum, source) => sum + source.count, 0);
}

/**
 * A server of an island: with the other servers it elects one of them, itself included. A chronyd that is too old for
 * `orphan` has plain `local` for it.
 */
function isOrphan(conf: ChronyConf, { chronyVersion }: LintContext): boolean {
  const hasOrphan = chronyVersion === null || !isNewer(localOptions.get('orphan')?.since, chronyVersion);
  return conf.directives.some(
    ({ name, args }) =>
      name === 'local' && (!hasOrphan || args.some((word) => word.toLowerCase() === 'orphan')),
  );
}

export const sourceRules: readonly ChronyRule[] = [
  {
    code: 'chrony-no-sources',
    subject: 'chrony.conf',
    severity: 'error',
    title: text('chronyd follows nobody', 'chronyd 没有跟随任何时间源'),
    why: text(
      'Without a server, pool, peer or refclock the clock is never corrected, and the daemon looks alive.',
      '没有 server、pool、peer 或 refclock，时钟永远不会被校正，而守护进程看起来运行正常。',
    ),
    fix: text('Name three servers or more.', '至少写三个服务器。'),
    bad: 'driftfile /var/lib/chrony/drift\nrtcsync\n',
    good: `driftfile /var/lib/chrony/drift\nrtcsync\n${THREE}`,
    check: (conf, context) =>
      hasAllSources(conf, context) && sourcesOf(conf).length === 0 && !has(conf, 'local')
        ? [{ line: 1 }]
        : [],
  },
  {
    code: 'chrony-single-source',
    subject: 'chrony.conf',
    severity: 'warning',
    title: text('one source alone', '只有一个时间源'),
    why: text(
      'Nobody notices when it lies, jumps or is restored from a snapshot; all nodes go wrong together.',
      '它出错、跳变或从快照恢复时无人察觉，所有节点会一起出错。',
    ),
    fix: text(
      'Name three or more that do not depend on each other (RFC 8633: four).',
      '写三个以上彼此独立的时间源(RFC 8633 建议四个)。',
    ),
    bad: 'server 192.0.2.1 iburst\n',
    good: THREE,
    check: (conf, context) => {
      const [only] = sourcesOf(conf);
      if (!hasAllSources(conf, context) || only === undefined || countOf(conf) !== 1) return [];
      return only.kind === 'refclock' || isOrphan(conf, context) ? [] : [{ line: only.directive.line }];
    },
  },
  {
    code: 'chrony-two-sources',
    subject: 'chrony.conf',
    severity: 'warning',
    title: text('two sources have no majority', '两个时间源无法形成多数'),
    why: text(
      'When the two disagree chronyd cannot tell which is right and follows neither.',
      '两者不一致时，chronyd 无法判断谁对，于是都不跟随。',
    ),
    fix: text('Add a third; better a fourth.', '增加第三个，最好有第四个。'),
    bad: 'server 192.0.2.1 iburst\nserver 192.0.2.2 iburst\n',
    good: THREE,
    check: (conf, context) => {
      const last = sourcesOf(conf).at(-1);
      return hasAllSources(conf, context) &&
        last !== undefined &&
        countOf(conf) === 2 &&
        !isOrphan(conf, context)
        ? [{ line: last.directive.line }]
        : [];
    },
  },
  {
    code: 'chrony-duplicate-source',
    subject: 'chrony.conf',
    severity: 'warning',
    title: text('the same source twice', '同一时间源写了两次'),
    why: text(
      'chronyd drops the second; two lines look like two opinions and are one.',
      'chronyd 会丢弃第二个；看似两个来源，其实只有一个。',
    ),
    fix: text('Remove one, name another server.', '删除其中一个，另写一个服务器。'),
    bad: `${THREE}server 192.0.2.1 iburst\n`,
    good: THREE,
    check: (conf) => {
      const seen = new Set<string>();
      return network(conf).flatMap(({ name, kind, directive: { line } }) => {
        const known = kind !== 'pool' && seen.has(name.toLowerCase());
        seen.add(name.toLowerCase());
        if (!known) return [];
        // A name may stand for another address at its second look-up.
        return [isAddress(name) ? { line, edits: [{ line, lines: [] }] } : { line }];
      });
    },
  },
  {
    code: 'chrony-no-iburst',
    subject: 'chrony.conf',
    severity: 'warning',
    title: text('a source without `iburst`', '时间源没有 `iburst`'),
    why: text(
      'The first correction waits for several polls, minutes instead of seconds after a start.',
      '启动后的第一次校正需要等待多次轮询：几分钟而不是几秒。',
    ),
    fix: text('Add `iburst`.', '加上 `iburst`。'),
    bad: 'server 192.0.2.1\nserver 192.0.2.2 iburst\nserver 192.0.2.3 iburst\n',
    good: THREE,
    check: (conf) =>
      network(conf)
        .filter(
          ({ kind, options, unknown }) => kind !== 'peer' && !options.has('iburst') && unknown.length === 0,
        )
        .map(({ directive: { line } }) => ({ line, edits: [extended(conf, line, 'iburst')] })),
  },
  {
    code: 'chrony-pool-of-address',
    subject: 'chrony.conf',
    since: '2.0',
    severity: 'warning',
    title: text('`pool` with an IP address', '`pool` 后面写了 IP 地址'),
    why: text(
      'A pool is a name with many addresses. An address is one source, however large `maxsources` is.',
      'pool 是对应多个地址的名称。写 IP 地址时，无论 `maxsources` 多大都只有一个时间源。',
    ),
    fix: text('Write `server`.', '改写为 `server`。'),
    bad: 'pool 192.0.2.1 iburst\nserver 192.0.2.2 iburst\nserver 192.0.2.3 iburst\n',
    good: THREE,
    check: (conf) =>
      network(conf)
        .filter(({ kind, name }) => kind === 'pool' && isAddress(name))
        .map(({ options, directive: { line } }) => {
          const mended = (conf.lines[line - 1] ?? '').replace(/pool/i, 'server');
          // `maxsources` is refused behind `server` by some versions: a person decides.
          return options.has('maxsources') ? { line } : { line, edits: [{ line, lines: [mended] }] };
        }),
  },
  {
    code: 'chrony-server-of-pool',
    subject: 'chrony.conf',
    since: '2.0',
    severity: 'warning',
    title: text('`server` with the name of a pool', '`server` 后面写了 pool 的名称'),
    why: text(
      'Of the many addresses one is taken at each start: another server each time, and no majority.',
      '每次启动只取众多地址中的一个：每次都可能不同，也无法形成多数。',
    ),
    fix: text('Write `pool`.', '改写为 `pool`。'),
    bad: 'server pool.ntp.org iburst\n',
    good: 'pool pool.ntp.org iburst\n',
    check: (conf) =>
      countOf(conf) < 3 ? each(conf, ({ kind, name }) => kind === 'server' && isPoolName(name)) : [],
  },
  {
    code: 'chrony-distribution-pool',
    subject: 'chrony.conf',
    severity: 'warning',
    title: text(
      "the distribution's servers beside those of this network",
      '发行版自带的服务器与本网络的服务器并存',
    ),
    why: text(
      'Servers were added, and the lines that came with the package were left: where the node reaches the internet, those count in the vote as well, and a node that does not reach it follows others than its neighbours.',
      '添加了服务器，却保留了软件包自带的行：节点能访问互联网时，这些服务器同样参与计票；不能访问的节点则与相邻节点跟随不同的源。',
    ),
    fix: text(
      'Remove the lines of the distribution, or mark the own servers with `prefer`.',
      '删除发行版自带的行，或给自己的服务器加上 `prefer`。',
    ),
    bad: 'pool 2.debian.pool.ntp.org iburst\nserver 10.2.0.1 iburst\nserver 10.2.0.2 iburst\nserver 10.2.0.3 iburst\n',
    good: 'server 10.2.0.1 iburst\nserver 10.2.0.2 iburst\nserver 10.2.0.3 iburst\n',
    check: (conf, { place }) => {
      const together = readTogether(conf, place);
      // Who serves follows servers outside and its neighbours; in a file of ours somebody asked for both.
      if (together.some((each) => has(each, 'allow')) || isWrittenHeader(conf.lines[0] ?? '')) return [];
      const own = together
        .flatMap(network)
        .filter(({ kind, name }) => kind === 'server' && isPrivateAddress(name));
      if (own.length === 0 || own.some(({ options }) => options.has('prefer'))) return [];
      return each(conf, ({ name }) => isDistributionPool(name));
    },
  },
  {
    code: 'chrony-self-source',
    subject: 'chrony.conf',
    severity: 'error',
    title: text('this machine as its own source', '把本机当作自己的时间源'),
    why: text(
      'A clock cannot be corrected by itself; chronyd rejects the loop and the source stays unusable.',
      '时钟无法用自己校正自己；chronyd 会拒绝这一环路，该时间源始终不可用。',
    ),
    fix: text(
      'Remove it. A server that shall go on without upstreams needs `local stratum 10 orphan`.',
      '删除它。若服务端需在没有上游时继续服务，请使用 `local stratum 10 orphan`。',
    ),
    bad: `${THREE}server 127.0.0.1 iburst\n`,
    good: THREE,
    check: (conf) => each(conf, ({ name }) => isSelf(name)),
  },
  {
    code: 'chrony-ntpd-local-clock',
    subject: 'chrony.conf',
    severity: 'error',
    title: text("ntpd's local clock as a source", '把 ntpd 的本地时钟当作时间源'),
    why: text(
      '127.127.x.y names drivers inside ntpd. chronyd sends packets to that address and never gets an answer.',
      '127.127.x.y 是 ntpd 内部驱动的写法。chronyd 会真的向该地址发包，且永远得不到应答。',
    ),
    fix: text(
      'Use `local stratum 10 orphan`, or `refclock` for real hardware.',
      '使用 `local stratum 10 orphan`；真实硬件请用 `refclock`。',
    ),
    bad: `${THREE}server 127.127.1.0 iburst\n`,
    good: THREE,
    check: (conf) => each(conf, ({ name }) => name.startsWith('127.127.')),
  },
  {
    code: 'chrony-poll-order',
    subject: 'chrony.conf',
    severity: 'error',
    title: text('`minpoll` above `maxpoll`', '`minpoll` 大于 `maxpoll`'),
    why: text(
      'chronyd silently raises maxpoll, so the file does not say what happens.',
      'chronyd 会悄悄调高 maxpoll，文件中的值与实际不符。',
    ),
    fix: text('Write minpoll ≤ maxpoll; 6 and 10 suit most.', '使 minpoll ≤ maxpoll；一般用 6 和 10。'),
    bad: 'server 192.0.2.1 iburst minpoll 8 maxpoll 6\nserver 192.0.2.2 iburst\nserver 192.0.2.3 iburst\n',
    good: THREE,
    check: (conf) =>
      each(conf, ({ options }) => Number(options.get('minpoll') ?? 6) > Number(options.get('maxpoll') ?? 24)),
  },
  {
    code: 'chrony-all-noselect',
    subject: 'chrony.conf',
    severity: 'error',
    title: text('every source is `noselect`', '所有时间源都带有 `noselect`'),
    why: text('chronyd measures them and follows none.', 'chronyd 只测量它们，不会跟随任何一个。'),
    fix: text('Remove `noselect` from those to follow.', '对要跟随的时间源删除 `noselect`。'),
    bad: 'pool pool.ntp.org iburst noselect\n',
    good: 'pool pool.ntp.org iburst\n',
    check: (conf, context) => {
      const sources = sourcesOf(conf);
      const [first] = sources;
      if (first === undefined || !hasAllSources(conf, context)) return [];
      return sources.every(({ options }) => options.has('noselect')) ? [{ line: first.directive.line }] : [];
    },
  },
  {
    code: 'chrony-offline',
    subject: 'chrony.conf',
    severity: 'warning',
    title: text('a source that starts offline', '时间源启动时处于 offline'),
    why: text(
      'It is not asked until somebody says `chronyc online`. On a server nobody does.',
      '在有人执行 `chronyc online` 之前不会查询它，而服务器上没有人会执行。',
    ),
    fix: text('Remove `offline`.', '删除 `offline`。'),
    bad: 'server 192.0.2.1 iburst offline\nserver 192.0.2.2 iburst\nserver 192.0.2.3 iburst\n',
    good: THREE,
    check: (conf) => each(conf, ({ options }) => options.has('offline')),
  },
  {
    code: 'chrony-all-prefer',
    subject: 'chrony.conf',
    severity: 'warning',
    title: text('every source is preferred', '所有时间源都带有 `prefer`'),
    why: text('`prefer` on all is `prefer` on none.', '全部 `prefer` 等于没有 `prefer`。'),
    fix: text('Keep it on the best ones, or on none.', '只保留在最好的时间源上，或全部删除。'),
    bad: 'server 192.0.2.1 iburst prefer\nserver 192.0.2.2 iburst prefer\nserver 192.0.2.3 iburst prefer\n',
    good: THREE,
    check: (conf, context) => {
      const sources = sourcesOf(conf);
      const last = sources.at(-1);
      if (last === undefined || sources.length < 2 || !hasAllSources(conf, context)) return [];
      return sources.every(({ options }) => options.has('prefer')) ? [{ line: last.directive.line }] : [];
    },
  },
  {
    code: 'chrony-minsources',
    subject: 'chrony.conf',
    since: '2.0',
    severity: 'error',
    title: text('`minsources` asks for more than there are', '`minsources` 大于时间源的数量'),
    why: text(
      'The clock is corrected only when so many sources agree; here that can never be.',
      '只有这么多时间源一致时才会校正时钟；这里永远达不到。',
    ),
    fix: text(
      'Lower it, or add sources. 2 suits three or four.',
      '调低该值，或增加时间源。三四个时间源时用 2。',
    ),
    bad: `${THREE}minsources 4\n`,
    good: `${THREE}minsources 2\n`,
    check: (conf, context) =>
      hasAllSources(conf, context)
        ? conf.directives
            .filter(({ name, args }) => name === 'minsources' && Number(args[0]) > countOf(conf))
            .map(({ line }) => ({ line }))
        : [],
  },
  {
    code: 'chrony-peer',
    subject: 'chrony.conf',
    severity: 'warning',
    title: text('symmetric mode between nodes', '节点之间使用对等模式'),
    why: text(
      '`peer` is open to forged packets without a key, and each side believes the other’s timing; two `server` lines do the same work safely.',
      '没有密钥时，`peer` 易受伪造报文影响，双方的时间也会互相牵制；两边各写一行 `server` 更安全，效果相同。',
    ),
    fix: text('Write `server` on both sides.', '两边都改写为 `server`。'),
    bad: `${THREE}peer 192.0.2.4\n`,
    good: `${THREE}server 192.0.2.4 iburst\n`,
    check: (conf) => each(conf, ({ kind, options }) => kind === 'peer' && !options.has('key')),
  },
];

function extended(conf: ChronyConf, line: number, word: string) {
  return { line, lines: [`${(conf.lines[line - 1] ?? '').trimEnd()} ${word}`] };
}
