/** What chronyd does with the clock of this machine. */
import { text } from '../../text/index.ts';
import type { ChronyRule } from '../rule.ts';
import { append, has, isComplete, named } from './missing.ts';

const THREE = 'server 192.0.2.1 iburst\nserver 192.0.2.2 iburst\nserver 192.0.2.3 iburst\n';
const WHOLE = `${THREE}driftfile /var/lib/chrony/drift\nmakestep 1.0 3\nrtcsync\n`;

export const clockRules: readonly ChronyRule[] = [
  {
    code: 'chrony-no-rtcsync',
    subject: 'chrony.conf',
    severity: 'warning',
    title: text('`rtcsync` is missing', '缺少 `rtcsync`'),
    why: text(
      'Without it chronyd never clears STA_UNSYNC: `node_timex_sync_status` stays 0 and alerts fire, and the hardware clock is not kept in step.',
      '没有它，chronyd 不会清除 STA_UNSYNC:`node_timex_sync_status` 一直为 0 并触发告警，硬件时钟也不会被校正。',
    ),
    fix: text('Add `rtcsync`.', '加上 `rtcsync`。'),
    bad: `${THREE}driftfile /var/lib/chrony/drift\nmakestep 1.0 3\n`,
    good: WHOLE,
    check: (conf, context) =>
      isComplete(conf, context) && !has(conf, 'rtcsync', 'rtcfile')
        ? [{ line: 1, edits: [append(conf, 'rtcsync')] }]
        : [],
  },
  {
    code: 'chrony-rtcfile-rtcsync',
    subject: 'chrony.conf',
    severity: 'warning',
    title: text('`rtcfile` and `rtcsync` exclude each other', '`rtcfile` 与 `rtcsync` 互相排斥'),
    why: text(
      'One lets chronyd track the hardware clock, the other lets the kernel set it.',
      '前者由 chronyd 跟踪硬件时钟，后者由内核设置它。',
    ),
    fix: text('Keep `rtcsync`.', '保留 `rtcsync`。'),
    bad: `${WHOLE}rtcfile /var/lib/chrony/rtc\n`,
    good: WHOLE,
    check: (conf) => (has(conf, 'rtcsync') ? named(conf, 'rtcfile').map(({ line }) => ({ line })) : []),
  },
  {
    code: 'chrony-no-driftfile',
    subject: 'chrony.conf',
    severity: 'warning',
    title: text('`driftfile` is missing', '缺少 `driftfile`'),
    why: text(
      'After each restart the rate of the clock is learnt anew, and the time is worse until then.',
      '每次重启都要重新学习时钟的频率误差，在此之前时间较不准确。',
    ),
    fix: text(
      'Add `driftfile /var/lib/chrony/drift` (Debian: /var/lib/chrony/chrony.drift).',
      '加上 `driftfile /var/lib/chrony/drift`(Debian:/var/lib/chrony/chrony.drift)。',
    ),
    bad: `${THREE}makestep 1.0 3\nrtcsync\n`,
    good: WHOLE,
    check: (conf, context) => (isComplete(conf, context) && !has(conf, 'driftfile') ? [{ line: 1 }] : []),
  },
  {
    code: 'chrony-no-makestep',
    subject: 'chrony.conf',
    severity: 'warning',
    title: text('`makestep` is missing', '缺少 `makestep`'),
    why: text(
      'A clock that is an hour off at boot is slewed for half a day at best; meanwhile tokens and certificates fail.',
      '开机时偏差一小时的时钟，仅靠渐调至少需要半天；期间令牌和证书都会失效。',
    ),
    fix: text(
      'Add `makestep 1.0 3`: step in the first three corrections only.',
      '加上 `makestep 1.0 3`：只在最初三次校正时跳变。',
    ),
    bad: `${THREE}driftfile /var/lib/chrony/drift\nrtcsync\n`,
    good: WHOLE,
    check: (conf, context) =>
      isComplete(conf, context) && !has(conf, 'makestep', 'initstepslew') ? [{ line: 1 }] : [],
  },
  {
    code: 'chrony-makestep-always',
    subject: 'chrony.conf',
    severity: 'warning',
    title: text('the clock may be stepped at any time', '时钟随时可能被跳变'),
    why: text(
      'With a negative limit one bad answer makes time jump under running etcd and apiservers, also backwards.',
      '次数为负时，一次错误应答就会让运行中的 etcd 和 apiserver 经历时间跳变，甚至倒退。',
    ),
    fix: text(
      'Use `makestep 1.0 3`; step once by `chronyc makestep` when it must be.',
      '使用 `makestep 1.0 3`；确有需要时用 `chronyc makestep` 跳变一次。',
    ),
    bad: `${THREE}driftfile /var/lib/chrony/drift\nmakestep 1.0 -1\nrtcsync\n`,
    good: WHOLE,
    check: (conf) =>
      named(conf, 'makestep')
        .filter(({ args }) => Number(args[1]) < 0)
        .map(({ line }) => ({ line })),
  },
  {
    code: 'chrony-makestep-small',
    subject: 'chrony.conf',
    severity: 'warning',
    title: text('steps for offsets that slewing mends in seconds', '对几秒内即可渐调的偏移也进行跳变'),
    why: text(
      'Below a tenth of a second a step costs more (time runs backwards for programs) than it gains.',
      '小于十分之一秒时，跳变的代价(程序看到时间倒退)大于收益。',
    ),
    fix: text('Use a threshold of 0.1 s or more; 1.0 is usual.', '阈值不小于 0.1 秒；通常为 1.0。'),
    bad: `${THREE}driftfile /var/lib/chrony/drift\nmakestep 0.001 3\nrtcsync\n`,
    good: WHOLE,
    check: (conf) =>
      named(conf, 'makestep')
        .filter(({ args }) => Number(args[0]) < 0.1)
        .map(({ line }) => ({ line })),
  },
  {
    code: 'chrony-initstepslew',
    subject: 'chrony.conf',
    severity: 'warning',
    title: text('`initstepslew` is deprecated', '`initstepslew` 已被弃用'),
    why: text(
      'It delays the start of chronyd until its own servers answer, and does not use the configured sources.',
      '它会推迟 chronyd 的启动，直到它自己的服务器应答，并且不使用已配置的时间源。',
    ),
    fix: text('Use `makestep 1.0 3`.', '使用 `makestep 1.0 3`。'),
    bad: `${THREE}driftfile /var/lib/chrony/drift\ninitstepslew 30 192.0.2.1\nrtcsync\n`,
    good: WHOLE,
    check: (conf) => named(conf, 'initstepslew').map(({ line }) => ({ line })),
  },
  {
    code: 'chrony-maxchange-exit',
    subject: 'chrony.conf',
    severity: 'warning',
    title: text('chronyd ends itself at a large offset', '偏移过大时 chronyd 会自行退出'),
    why: text(
      'With `maxchange` the daemon exits at a large correction: the node runs on without one, hours before STA_UNSYNC shows it.',
      '使用 `maxchange` 时，守护进程遇到大的校正会退出：节点从此没有时间守护进程，数小时后 STA_UNSYNC 才会显现。',
    ),
    fix: text(
      'Use a negative count (`maxchange 1000 1 -1`) to ignore instead, and watch the daemon.',
      '次数用负值(`maxchange 1000 1 -1`)以忽略该校正，并监控守护进程。',
    ),
    bad: `${WHOLE}maxchange 1000 1 2\n`,
    good: `${WHOLE}maxchange 1000 1 -1\n`,
    check: (conf) =>
      named(conf, 'maxchange')
        .filter(({ args }) => Number(args[2]) >= 0)
        .map(({ line }) => ({ line })),
  },
  {
    code: 'chrony-maxdistance',
    subject: 'chrony.conf',
    since: '2.2',
    severity: 'warning',
    title: text('sources of almost any quality are accepted', '几乎接受任何质量的时间源'),
    why: text(
      '`maxdistance` bounds the error of a source that may be followed; 3 s by default. Above 16 s it bounds nothing.',
      '`maxdistance` 限制可跟随时间源的误差，默认 3 秒。大于 16 秒等于没有限制。',
    ),
    fix: text(
      'Remove it; mend the source that needs it (Windows servers: 16 at most).',
      '删除它，并修复需要它的时间源(Windows 服务器最多 16)。',
    ),
    bad: `${WHOLE}maxdistance 100\n`,
    good: WHOLE,
    check: (conf) =>
      named(conf, 'maxdistance')
        .filter(({ args }) => Number(args[0]) > 16)
        .map(({ line }) => ({ line })),
  },
  {
    code: 'chrony-log-nowhere',
    subject: 'chrony.conf',
    severity: 'warning',
    title: text('`log` without `logdir` writes nothing', '只有 `log` 而没有 `logdir`，不会写入任何日志'),
    why: text(
      'chronyd has no folder for these logs unless it is named.',
      '若不指定，chronyd 没有存放这些日志的目录。',
    ),
    fix: text('Add `logdir /var/log/chrony`.', '加上 `logdir /var/log/chrony`。'),
    bad: `${WHOLE}log tracking\n`,
    good: `${WHOLE}log tracking\nlogdir /var/log/chrony\n`,
    check: (conf, context) =>
      isComplete(conf, context) && !has(conf, 'logdir')
        ? named(conf, 'log').map(({ line }) => ({ line }))
        : [],
  },
  {
    code: 'chrony-repeated',
    subject: 'chrony.conf',
    severity: 'warning',
    title: text('a directive that counts once stands twice', '只生效一次的指令写了两次'),
    why: text(
      'Of several the last one counts; whoever changes the first wonders.',
      '多次出现时以最后一个为准；修改前面那个的人会感到困惑。',
    ),
    fix: text('Keep one.', '只保留一个。'),
    bad: `${WHOLE}makestep 0.5 10\n`,
    good: WHOLE,
    check: (conf) =>
      once.flatMap((name) =>
        named(conf, name)
          .slice(0, -1)
          .map(({ line }) => ({ line, detail: text(`\`${name}\``, `\`${name}\``) })),
      ),
  },
];

const once = [
  'makestep',
  'driftfile',
  'minsources',
  'maxdistance',
  'maxchange',
  'maxslewrate',
  'port',
  'keyfile',
  'logdir',
  'leapsectz',
  'authselectmode',
  'user',
];
