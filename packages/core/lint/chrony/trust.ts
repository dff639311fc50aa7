import { text } from '../../text/index.ts';
import { isPoolName, isSmeared } from '../../time-servers/index.ts';
import type { ChronyRule } from '../rule.ts';
import { has, isComplete } from './missing.ts';
import { each, network } from './network.ts';

const THREE = 'server 192.0.2.1 iburst\nserver 192.0.2.2 iburst\nserver 192.0.2.3 iburst\n';

export const trustRules: readonly ChronyRule[] = [
  {
    code: 'chrony-fast-poll',
    subject: 'chrony.conf',
    severity: 'warning',
    title: text('public servers polled faster than every 64 s', '以短于 64 秒的间隔轮询公共服务器'),
    why: text(
      'Operators of public servers limit or ban such clients (kiss-o’-death RATE); the clock does not get better by it.',
      '公共服务器的运营者会限制或封禁这样的客户端(KoD RATE)；时钟也不会因此更准。',
    ),
    fix: text(
      'Leave `minpoll` at its default of 6; poll fast only servers of your own.',
      '`minpoll` 保持默认值 6；只对自己的服务器使用更快的轮询。',
    ),
    bad: 'pool pool.ntp.org iburst minpoll 3\n',
    good: 'pool pool.ntp.org iburst\n',
    check: (conf) =>
      each(
        conf,
        ({ name, options }) =>
          (isPoolName(name) || isSmeared(name)) && Number(options.get('minpoll') ?? 6) < 6,
      ),
  },
  {
    code: 'chrony-burst',
    subject: 'chrony.conf',
    since: '3.3',
    severity: 'warning',
    title: text('`burst` on public servers', '对公共服务器使用 `burst`'),
    why: text(
      'It sends four requests at every poll, for ever; public servers count this as abuse. `iburst` does it at the start only.',
      '它在每次轮询时都发送四个请求，公共服务器会视为滥用。`iburst` 只在启动时这样做。',
    ),
    fix: text('Use `iburst` alone.', '只使用 `iburst`。'),
    bad: 'pool pool.ntp.org iburst burst\n',
    good: 'pool pool.ntp.org iburst\n',
    check: (conf) =>
      each(conf, ({ name, options }) => options.has('burst') && (isPoolName(name) || isSmeared(name))),
  },
  {
    code: 'chrony-trust',
    subject: 'chrony.conf',
    since: '2.3',
    severity: 'warning',
    title: text('a source on the network is trusted against the majority', '让网络时间源凌驾于多数之上'),
    why: text(
      'With `trust` chronyd takes its word even when all others disagree: one liar moves the clock.',
      '带有 `trust` 时，即使其他时间源都不同意，chronyd 也相信它：一个错误时间源就能带偏时钟。',
    ),
    fix: text(
      'Remove `trust`; keep it for authenticated sources or a reference clock of your own.',
      '删除 `trust`；只用于经过认证的时间源或自有的参考时钟。',
    ),
    bad: 'server 192.0.2.1 iburst trust\nserver 192.0.2.2 iburst\nserver 192.0.2.3 iburst\n',
    good: THREE,
    check: (conf) =>
      each(conf, ({ options }) => options.has('trust') && !options.has('nts') && !options.has('key')),
  },
  {
    code: 'chrony-mixed-smear',
    subject: 'chrony.conf',
    severity: 'error',
    title: text(
      'servers that smear leap seconds beside servers that do not',
      '抹平闰秒与不抹平闰秒的服务器混用',
    ),
    why: text(
      'Around a leap second the two kinds differ by up to half a second, and neither has a majority.',
      '在闰秒前后，两类服务器最多相差半秒，谁也无法形成多数。',
    ),
    fix: text(
      'Use only servers that smear (Google, Amazon, Meta) or only servers that do not.',
      '只使用抹平闰秒的服务器(Google、Amazon、Meta)，或只使用不抹平的服务器。',
    ),
    bad: 'server time1.google.com iburst\nserver time2.google.com iburst\nserver 192.0.2.1 iburst\n',
    good: 'server time1.google.com iburst\nserver time2.google.com iburst\nserver time3.google.com iburst\n',
    check: (conf) => {
      const sources = network(conf).filter(({ options }) => !options.has('noselect'));
      return sources.every(({ name }) => isSmeared(name)) ? [] : each(conf, ({ name }) => isSmeared(name));
    },
  },
  {
    code: 'chrony-leapsectz-smear',
    subject: 'chrony.conf',
    severity: 'error',
    title: text('`leapsectz` with servers that smear leap seconds', '`leapsectz` 与抹平闰秒的服务器并存'),
    why: text(
      'chronyd inserts the leap second that the servers spread over a day: an error of up to a second.',
      'chronyd 会插入闰秒，而服务器已把它分摊到一天之内：误差最多一秒。',
    ),
    fix: text('Remove `leapsectz`.', '删除 `leapsectz`。'),
    bad: 'server time1.google.com iburst\nserver time2.google.com iburst\nserver time3.google.com iburst\nleapsectz right/UTC\n',
    good: 'server time1.google.com iburst\nserver time2.google.com iburst\nserver time3.google.com iburst\n',
    check: (conf) =>
      network(conf).some(({ name }) => isSmeared(name))
        ? conf.directives
            .filter(({ name }) => name === 'leapsectz' || name === 'leapseclist')
            .map(({ line }) => ({ line, edits: [{ line, lines: [] }] }))
        : [],
  },
  {
    code: 'chrony-key-without-file',
    subject: 'chrony.conf',
    severity: 'error',
    title: text('a key without a key file', '使用了密钥却没有密钥文件'),
    why: text(
      'Packets of that source cannot be authenticated, so it is never used.',
      '该时间源的报文无法认证，因而永远不会被采用。',
    ),
    fix: text('Add `keyfile`.', '加上 `keyfile`。'),
    bad: 'server 192.0.2.1 iburst key 1\nserver 192.0.2.2 iburst\nserver 192.0.2.3 iburst\n',
    good: 'server 192.0.2.1 iburst key 1\nserver 192.0.2.2 iburst\nserver 192.0.2.3 iburst\nkeyfile /etc/chrony.keys\n',
    check: (conf, context) =>
      isComplete(conf, context) && !has(conf, 'keyfile')
        ? each(conf, ({ options }) => options.has('key'))
        : [],
  },
  {
    code: 'chrony-nts-ignored',
    subject: 'chrony.conf',
    since: '4.0',
    severity: 'warning',
    title: text('NTS that does not protect', '未起保护作用的 NTS'),
    why: text(
      'With `authselectmode ignore`, or `mix` of old, unauthenticated sources count as much as those with NTS.',
      '在 `authselectmode ignore` 下，未认证的时间源与带 NTS 的时间源同等看待。',
    ),
    fix: text(
      'Use `authselectmode require`, or leave the default.',
      '使用 `authselectmode require`，或保持默认。',
    ),
    bad: 'server 192.0.2.1 iburst nts\nserver 192.0.2.2 iburst nts\nserver 192.0.2.3 iburst\nauthselectmode ignore\n',
    good: 'server 192.0.2.1 iburst nts\nserver 192.0.2.2 iburst nts\nserver 192.0.2.3 iburst\nauthselectmode require\n',
    check: (conf) =>
      network(conf).some(({ options }) => options.has('nts'))
        ? conf.directives
            .filter(({ name, args }) => name === 'authselectmode' && args[0]?.toLowerCase() === 'ignore')
            .map(({ line }) => ({ line }))
        : [],
  },
];
