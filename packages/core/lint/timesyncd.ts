/** Rules for timesyncd.conf(5). systemd ignores what it does not understand and says so only in the journal. */
import { nearest } from '../spelling/index.ts';
import { text } from '../text/index.ts';
import { isSelf } from '../time-servers/index.ts';
import type { TimesyncdRule } from './rule.ts';
import { serversOf, type TimesyncdConf } from './timesyncd-conf.ts';

const keys = [
  'NTP',
  'FallbackNTP',
  'RootDistanceMaxSec',
  'PollIntervalMinSec',
  'PollIntervalMaxSec',
  'ConnectionRetrySec',
  'SaveIntervalSec',
];

/** Words that belong behind a server in chrony.conf and ntp.conf. */
const daemonWords = ['iburst', 'burst', 'prefer', 'server', 'pool', 'minpoll', 'maxpoll', 'key'];

function lists(conf: TimesyncdConf) {
  return conf.assignments.filter(({ key }) => key === 'NTP' || key === 'FallbackNTP');
}

/** `NTP=` collects; an empty assignment starts anew. */
function effective(conf: TimesyncdConf, wanted: string): readonly string[] {
  let servers: readonly string[] = [];
  for (const { key, value } of conf.assignments) {
    if (key === wanted) servers = value === '' ? [] : [...servers, ...serversOf(value)];
  }
  return servers;
}

const unitSeconds: Readonly<Record<string, number>> = {
  us: 1e-6,
  ms: 1e-3,
  '': 1,
  s: 1,
  sec: 1,
  second: 1,
  seconds: 1,
  m: 60,
  min: 60,
  minute: 60,
  minutes: 60,
  h: 3_600,
  hr: 3_600,
  hour: 3_600,
  hours: 3_600,
  d: 86_400,
  day: 86_400,
  days: 86_400,
};

/** Seconds of a time span as systemd.time(7) writes it; null when it is none. */
function spanSeconds(value: string): number | null {
  const parts = [...value.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]*)\s*/gy)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== value) return null;
  let seconds = 0;
  for (const [, digits, unit] of parts) seconds += Number(digits) * (unitSeconds[unit ?? ''] ?? Number.NaN);
  return Number.isNaN(seconds) ? null : seconds;
}

function span(conf: TimesyncdConf, key: string, otherwise: number) {
  const found = conf.assignments.findLast((assignment) => assignment.key === key && assignment.value !== '');
  return { line: found?.line ?? 1, seconds: found === undefined ? otherwise : spanSeconds(found.value) };
}

/** The value of a line with its key kept as it stands. */
function rewritten(conf: TimesyncdConf, line: number, value: string) {
  const written = conf.lines[line - 1] ?? '';
  return { line, lines: [`${written.slice(0, written.indexOf('=') + 1)}${value}`] };
}

export const timesyncdRules: readonly TimesyncdRule[] = [
  {
    code: 'timesyncd-section',
    subject: 'timesyncd.conf',
    severity: 'error',
    title: text('a setting outside of [Time]', '设置不在 [Time] 段中'),
    why: text(
      'systemd reads settings of timesyncd only below `[Time]`; elsewhere they are ignored.',
      'systemd 只读取 `[Time]` 段中的 timesyncd 设置，其他位置会被忽略。',
    ),
    fix: text('Put `[Time]` above it.', '在其上方写 `[Time]`。'),
    bad: 'NTP=192.0.2.1 192.0.2.2\n',
    good: '[Time]\nNTP=192.0.2.1 192.0.2.2\n',
    check: (conf) =>
      conf.assignments.filter(({ section }) => section !== 'Time').map(({ line }) => ({ line })),
  },
  {
    code: 'timesyncd-unknown-key',
    subject: 'timesyncd.conf',
    severity: 'error',
    title: text('systemd-timesyncd knows no such setting', 'systemd-timesyncd 没有这个设置'),
    why: text(
      'It is ignored with a line in the journal; upper and lower case count.',
      '它会被忽略，仅在日志中留下一行；键名区分大小写。',
    ),
    fix: text('Correct the spelling.', '改正拼写。'),
    bad: '[Time]\nServers=192.0.2.1 192.0.2.2\n',
    good: '[Time]\nNTP=192.0.2.1 192.0.2.2\n',
    check: (conf) => [
      ...conf.assignments
        .filter(({ key }) => !keys.includes(key))
        .map(({ key, line }) => {
          const suggestion = nearest(key, keys);
          const short = key.slice(0, 60);
          return {
            line,
            detail:
              suggestion === null
                ? text(`\`${short}\``, `\`${short}\``)
                : text(
                    `\`${short}\`: is \`${suggestion}\` meant?`,
                    `\`${short}\`：是否应为 \`${suggestion}\`？`,
                  ),
          };
        }),
      ...conf.strays.map((line) => ({ line })),
    ],
  },
  {
    code: 'timesyncd-commas',
    subject: 'timesyncd.conf',
    severity: 'error',
    title: text('servers separated by commas', '服务器之间用逗号分隔'),
    why: text(
      'The list is separated by spaces; with commas it is one name that nobody can resolve.',
      '列表以空格分隔；用逗号时整个列表会被当成一个无法解析的名称。',
    ),
    fix: text('Separate them by spaces.', '用空格分隔。'),
    bad: '[Time]\nNTP=192.0.2.1,192.0.2.2\n',
    good: '[Time]\nNTP=192.0.2.1 192.0.2.2\n',
    check: (conf) =>
      lists(conf)
        .filter(({ value }) => /[,;]/.test(value) && !value.includes('#'))
        .map(({ value, line }) => ({
          line,
          edits: [rewritten(conf, line, serversOf(value.replace(/[,;]/g, ' ')).join(' '))],
        })),
  },
  {
    code: 'timesyncd-trailing-comment',
    subject: 'timesyncd.conf',
    severity: 'error',
    title: text('a comment behind a value', '值后面带有注释'),
    why: text(
      'systemd knows comments only on lines of their own: each word behind `#` becomes a server.',
      'systemd 只认独立成行的注释：`#` 后面的每个词都会变成服务器。',
    ),
    fix: text('Put the comment on a line of its own.', '将注释单独写成一行。'),
    bad: '[Time]\nNTP=192.0.2.1 192.0.2.2 # ours\n',
    good: '[Time]\n# ours\nNTP=192.0.2.1 192.0.2.2\n',
    check: (conf) =>
      conf.assignments
        .filter(({ value }) => value.includes('#'))
        .map(({ value, line }) => {
          const cut = value.indexOf('#');
          const [edited] = rewritten(conf, line, value.slice(0, cut).trim()).lines;
          return { line, edits: [{ line, lines: [value.slice(cut), edited ?? ''] }] };
        }),
  },
  {
    code: 'timesyncd-options',
    subject: 'timesyncd.conf',
    severity: 'error',
    title: text('options of other daemons in the list of servers', '服务器列表中出现了其他守护进程的选项'),
    why: text(
      'timesyncd has no options for a server: `iburst` becomes the name of one, and is asked in turn.',
      'timesyncd 的服务器没有选项：`iburst` 会被当作服务器名称并轮流查询。',
    ),
    fix: text('Leave only names and addresses.', '只保留名称和地址。'),
    bad: '[Time]\nNTP=192.0.2.1 192.0.2.2 iburst\n',
    good: '[Time]\nNTP=192.0.2.1 192.0.2.2\n',
    check: (conf) =>
      lists(conf)
        .filter(({ value }) => serversOf(value).some((word) => daemonWords.includes(word)))
        .map(({ value, line }) => {
          const kept = serversOf(value).filter((word) => !daemonWords.includes(word));
          return { line, edits: [rewritten(conf, line, kept.join(' '))] };
        }),
  },
  {
    code: 'timesyncd-port',
    subject: 'timesyncd.conf',
    severity: 'error',
    title: text('a port behind a server', '服务器后面带有端口'),
    why: text(
      'timesyncd always asks port 123; a name with a port cannot be resolved.',
      'timesyncd 只使用 123 端口；带端口的名称无法解析。',
    ),
    fix: text('Remove the port, or use chrony.', '去掉端口，或改用 chrony。'),
    bad: '[Time]\nNTP=192.0.2.1:123 192.0.2.2\n',
    good: '[Time]\nNTP=192.0.2.1 192.0.2.2\n',
    check: (conf) =>
      lists(conf)
        .filter(({ value }) => serversOf(value).some((word) => /^[^:[\]]+:\d+$|\]:\d+$/.test(word)))
        .map(({ line }) => ({ line })),
  },
  {
    code: 'timesyncd-self',
    subject: 'timesyncd.conf',
    severity: 'error',
    title: text('this machine as its own server', '把本机当作自己的服务器'),
    why: text('timesyncd serves nobody, itself included.', 'timesyncd 不提供服务，包括对自己。'),
    fix: text('Name servers on the network.', '填写网络上的服务器。'),
    bad: '[Time]\nNTP=127.0.0.1 192.0.2.2\n',
    good: '[Time]\nNTP=192.0.2.1 192.0.2.2\n',
    check: (conf) =>
      lists(conf)
        .filter(({ value }) => serversOf(value).some(isSelf))
        .map(({ line }) => ({ line })),
  },
  {
    code: 'timesyncd-fallback-only',
    subject: 'timesyncd.conf',
    severity: 'warning',
    title: text('servers only as a fallback', '服务器只写在备用列表中'),
    why: text(
      'FallbackNTP is asked only while no other server is known; one from DHCP takes its place unseen.',
      '只有在不知道其他服务器时才使用 FallbackNTP;DHCP 提供的服务器会悄悄取而代之。',
    ),
    fix: text('Write them as `NTP=`.', '写在 `NTP=` 中。'),
    bad: '[Time]\nFallbackNTP=192.0.2.1 192.0.2.2\n',
    good: '[Time]\nNTP=192.0.2.1 192.0.2.2\n',
    check: (conf, { whole }) => {
      const fallback = conf.assignments.find(({ key, value }) => key === 'FallbackNTP' && value !== '');
      return whole && fallback !== undefined && effective(conf, 'NTP').length === 0
        ? [{ line: fallback.line }]
        : [];
    },
  },
  {
    code: 'timesyncd-single-server',
    subject: 'timesyncd.conf',
    severity: 'warning',
    title: text('one server alone', '只有一个服务器'),
    why: text(
      'timesyncd follows one server and cannot notice when it lies; with one in the list nobody takes over when it is down.',
      'timesyncd 只跟随一个服务器，无法发现其错误；列表中只有一个时，它宕机后也无人接替。',
    ),
    fix: text(
      'Name two or more; use chrony where a liar must be noticed.',
      '至少写两个；需要识别错误时间源时请使用 chrony。',
    ),
    bad: '[Time]\nNTP=192.0.2.1\n',
    good: '[Time]\nNTP=192.0.2.1 192.0.2.2\n',
    check: (conf, { whole }) => {
      const last = conf.assignments.findLast(({ key, value }) => key === 'NTP' && value !== '');
      return whole && last !== undefined && effective(conf, 'NTP').length === 1 ? [{ line: last.line }] : [];
    },
  },
  {
    code: 'timesyncd-poll',
    subject: 'timesyncd.conf',
    severity: 'error',
    title: text('poll intervals that timesyncd does not take', 'timesyncd 不接受的轮询间隔'),
    why: text(
      'The smallest must be 16 s or more and below the largest; otherwise both go back to their defaults.',
      '最小间隔不得小于 16 秒，且必须小于最大间隔；否则会退回默认值。',
    ),
    fix: text(
      'Keep 32 and 2048, or write numbers within these bounds.',
      '保持 32 和 2048，或填写范围内的值。',
    ),
    bad: '[Time]\nNTP=192.0.2.1 192.0.2.2\nPollIntervalMinSec=5\n',
    good: '[Time]\nNTP=192.0.2.1 192.0.2.2\nPollIntervalMinSec=32\n',
    check: (conf) => {
      const least = span(conf, 'PollIntervalMinSec', 32);
      const most = span(conf, 'PollIntervalMaxSec', 2_048);
      const wrong = least.seconds === null || most.seconds === null || least.seconds < 16;
      return wrong || (most.seconds ?? 0) < (least.seconds ?? 0)
        ? [{ line: Math.max(least.line, most.line) }]
        : [];
    },
  },
  {
    code: 'timesyncd-root-distance',
    subject: 'timesyncd.conf',
    severity: 'warning',
    title: text('servers of almost any quality are accepted', '几乎接受任何质量的服务器'),
    why: text(
      'RootDistanceMaxSec bounds the error of a server that may be followed; 5 s by default.',
      'RootDistanceMaxSec 限制可跟随服务器的误差，默认 5 秒。',
    ),
    fix: text('Remove it, and mend the server that needs it.', '删除它，并修复需要它的服务器。'),
    bad: '[Time]\nNTP=192.0.2.1 192.0.2.2\nRootDistanceMaxSec=5min\n',
    good: '[Time]\nNTP=192.0.2.1 192.0.2.2\n',
    check: (conf) => {
      const { line, seconds } = span(conf, 'RootDistanceMaxSec', 5);
      return seconds === null || seconds > 16 ? [{ line }] : [];
    },
  },
];
