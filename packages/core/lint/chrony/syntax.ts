/** What chronyd refuses at its start, or reads without effect. */
import {
  type ChronyConf,
  chronyDirectives,
  type Directive,
  isNewer,
  localOptions,
  sourceOptions,
  sourcesOf,
} from '../../chrony-conf/index.ts';
import { nearest } from '../../spelling/index.ts';
import { type Text, text } from '../../text/index.ts';
import type { ChronyRule, Finding, LintContext } from '../rule.ts';

/** Words of ntp.conf that people carry over. */
const ntpdWords = new Set(
  'restrict fudge tinker tos disable enable statsdir statistics filegen crypto includefile keys trustedkey controlkey requestkey broadcastclient multicastclient interface leapfile'.split(
    ' ',
  ),
);

/** Which word starts a comment; −1 when none does. */
function commentAt(directive: Directive): number {
  return directive.args.findIndex((word) => /^[#;!%]/.test(word));
}

function meant(suggestion: string | null, written: string): Text {
  const what = written.slice(0, 60);
  return suggestion === null
    ? text(`\`${what}\``, `\`${what}\``)
    : text(`\`${what}\`: is \`${suggestion}\` meant?`, `\`${what}\`：是否应为 \`${suggestion}\`？`);
}

function unknownDirectives(conf: ChronyConf): readonly Directive[] {
  return conf.directives.filter(({ name }) => !chronyDirectives.has(name));
}

export const syntaxRules: readonly ChronyRule[] = [
  {
    code: 'chrony-unknown-directive',
    subject: 'chrony.conf',
    severity: 'error',
    title: text('chronyd knows no such directive', 'chronyd 没有这个指令'),
    why: text(
      'One line that chronyd does not know keeps it from starting at all: the node is left without a time daemon.',
      '只要有一行无法识别，chronyd 就不会启动：节点将没有时间守护进程。',
    ),
    fix: text('Correct the spelling, or remove the line.', '改正拼写，或删除该行。'),
    bad: 'serveer 192.0.2.1 iburst\n',
    good: 'server 192.0.2.1 iburst\nserver 192.0.2.2 iburst\nserver 192.0.2.3 iburst\n',
    refused: true,
    check: (conf) =>
      unknownDirectives(conf)
        .filter(({ name }) => !ntpdWords.has(name))
        .map(({ name, line }) => ({
          line,
          detail: meant(nearest(name, [...chronyDirectives.keys()]), name),
        })),
  },
  {
    code: 'chrony-ntpd-directive',
    subject: 'chrony.conf',
    severity: 'error',
    title: text('a directive of ntpd in chrony.conf', 'chrony.conf 中出现了 ntpd 的指令'),
    why: text(
      'ntp.conf and chrony.conf look alike and are two languages; chronyd does not start with this line.',
      'ntp.conf 与 chrony.conf 看似相同，实为两种语言；有这一行时 chronyd 不会启动。',
    ),
    fix: text(
      'Use what chrony has: `allow` for restrict, `makestep` for tinker, `local stratum 10 orphan` for fudge and tos orphan.',
      '改用 chrony 的写法：restrict 用 `allow`,tinker 用 `makestep`,fudge 和 tos orphan 用 `local stratum 10 orphan`。',
    ),
    bad: 'restrict default nomodify noquery\n',
    good: 'allow 10.0.0.0/16\n',
    refused: true,
    check: (conf) =>
      unknownDirectives(conf)
        .filter(({ name }) => ntpdWords.has(name))
        .map(({ name, line }) => ({ line, detail: meant(null, name) })),
  },
  {
    code: 'chrony-trailing-comment',
    subject: 'chrony.conf',
    severity: 'error',
    title: text('a comment behind a directive', '指令后面带有注释'),
    why: text(
      'chronyd takes `#` for a comment only at the start of a line. Behind a directive it is one more word, and chronyd does not start.',
      'chronyd 只把行首的 `#` 当作注释。写在指令后面时，它会被当成参数，chronyd 不会启动。',
    ),
    fix: text('Put the comment on a line of its own.', '将注释单独写成一行。'),
    bad: 'rtcsync # keep the kernel informed\n',
    good: '# keep the kernel informed\nrtcsync\n',
    refused: true,
    check: (conf) =>
      conf.directives.flatMap((directive): readonly Finding[] => {
        if (commentAt(directive) < 0) return [];
        const written = conf.lines[directive.line - 1] ?? '';
        const cut = written.search(/\s[#;!%]/);
        const lines = [
          written
            .slice(cut)
            .trim()
            .replace(/^[;!%]/, '#'),
          written.slice(0, cut).trimEnd(),
        ];
        return [{ line: directive.line, edits: [{ line: directive.line, lines }] }];
      }),
  },
  {
    code: 'chrony-arguments',
    subject: 'chrony.conf',
    severity: 'error',
    title: text('too few or too many words behind a directive', '指令的参数过少或过多'),
    why: text('chronyd counts them and does not start.', 'chronyd 会检查参数个数，不符时不会启动。'),
    fix: text(
      'See the directive in chrony.conf(5). makestep wants a threshold and a count, without a comma.',
      '参见 chrony.conf(5) 中的该指令。makestep 需要阈值和次数两个参数，不加逗号。',
    ),
    bad: 'makestep 1.0\n',
    good: 'makestep 1.0 3\n',
    refused: true,
    check: (conf) =>
      conf.directives.flatMap((directive): readonly Finding[] => {
        const facts = chronyDirectives.get(directive.name);
        const count = directive.args.length;
        if (facts === undefined || facts.obsolete || commentAt(directive) >= 0) return [];
        if (count >= facts.min && count <= facts.max) return [];
        const wanted = facts.min === facts.max ? `${facts.min}` : `${facts.min}–${facts.max}`;
        const range = facts.max === Number.POSITIVE_INFINITY ? `≥ ${facts.min}` : wanted;
        const detail = text(
          `\`${directive.name}\` wants ${range}, there are ${count}`,
          `\`${directive.name}\` 需要 ${range} 个，实际 ${count} 个`,
        );
        return [{ line: directive.line, detail }];
      }),
  },
  {
    code: 'chrony-unknown-option',
    subject: 'chrony.conf',
    severity: 'error',
    title: text('a source has an option that chronyd does not know', '时间源带有 chronyd 不认识的选项'),
    why: text('chronyd does not start with it.', '有这样的选项时 chronyd 不会启动。'),
    fix: text(
      'Correct it. A line names one server only: give each its own.',
      '改正它。一行只能写一个服务器：请为每个服务器单独写一行。',
    ),
    bad: 'server 192.0.2.1 ibust\n',
    good: 'server 192.0.2.1 iburst\nserver 192.0.2.2 iburst\nserver 192.0.2.3 iburst\n',
    refused: true,
    check: (conf) =>
      sourcesOf(conf)
        .filter((source) => commentAt(source.directive) < 0)
        .flatMap((source) =>
          source.unknown.map((word) => ({
            line: source.directive.line,
            detail: meant(nearest(word, [...sourceOptions.keys()]), word),
          })),
        ),
  },
  {
    code: 'chrony-local-option',
    subject: 'chrony.conf',
    severity: 'error',
    title: text(
      '`local` has an option or value that chronyd does not take',
      '`local` 的选项或取值不被 chronyd 接受',
    ),
    why: text(
      'chronyd does not start with it. A stratum is 1 to 15; `local 10` without the word stratum is refused too.',
      'chronyd 不会启动。层级为 1 到 15；缺少 stratum 一词的 `local 10` 同样会被拒绝。',
    ),
    fix: text('Write `local stratum 10 orphan`.', '写作 `local stratum 10 orphan`。'),
    bad: 'local 10\n',
    good: 'local stratum 10 orphan\nallow 10.0.0.0/16\n',
    refused: true,
    check: (conf) =>
      conf.directives
        .filter(
          (directive) => directive.name === 'local' && commentAt(directive) < 0 && !localFits(directive),
        )
        .map(({ line }) => ({ line })),
  },
  {
    code: 'chrony-newer-directive',
    subject: 'chrony.conf',
    severity: 'error',
    title: text('this version of chronyd does not know the directive yet', '该版本的 chronyd 尚不支持此指令'),
    why: text(
      'chronyd does not start with a directive or option of a later version; distributions differ by years.',
      '遇到更新版本才有的指令或选项时，chronyd 不会启动；各发行版的版本可能相差数年。',
    ),
    fix: text('Remove it, or upgrade chrony on this node first.', '删除它，或先升级该节点上的 chrony。'),
    bad: 'opencommands sources\n',
    good: 'cmdallow 127.0.0.1\n',
    refused: true,
    check: newerThanDaemon,
  },
  {
    code: 'chrony-obsolete-directive',
    subject: 'chrony.conf',
    since: '2.2',
    severity: 'warning',
    title: text('a directive that no longer does anything', '该指令已不起作用'),
    why: text(
      'chronyd since 2.2 accepts it with a message and ignores it; whoever reads the file believes in it.',
      '自 2.2 版起 chronyd 会提示后忽略它；阅读该文件的人却会以为它有效。',
    ),
    fix: text('Remove the line.', '删除该行。'),
    bad: 'dumponexit\n',
    good: 'dumpdir /var/lib/chrony\n',
    check: (conf) =>
      conf.directives
        .filter(({ name }) => chronyDirectives.get(name)?.obsolete === true)
        .map(({ line }) => ({ line, edits: [{ line, lines: [] }] })),
  },
];

function localFits({ args }: Directive): boolean {
  for (let at = 0; at < args.length; at += 1) {
    const word = (args[at] ?? '').toLowerCase();
    const facts = localOptions.get(word);
    if (facts === undefined) return false;
    if (!facts.value) continue;
    at += 1;
    const value = Number(args[at] ?? Number.NaN);
    if (Number.isNaN(value)) return false;
    if (word === 'stratum' && (value < 1 || value > 15)) return false;
  }
  return true;
}

function newerThanDaemon(conf: ChronyConf, { chronyVersion }: LintContext): readonly Finding[] {
  if (chronyVersion === null) return [];
  const found = (line: number, name: string, since: string | undefined): readonly Finding[] =>
    isNewer(since, chronyVersion)
      ? [{ line, detail: text(`\`${name}\`: since chrony ${since}`, `\`${name}\`:chrony ${since} 起支持`) }]
      : [];
  return [
    ...conf.directives.flatMap(({ name, line }) => found(line, name, chronyDirectives.get(name)?.since)),
    ...sourcesOf(conf)
      .filter(({ kind }) => kind !== 'refclock')
      .flatMap((source) =>
        [...source.options.keys()].flatMap((option) =>
          found(source.directive.line, option, sourceOptions.get(option)?.since),
        ),
      ),
    ...conf.directives
      .filter(({ name }) => name === 'local')
      .flatMap(({ args, line }) =>
        args.flatMap((word) => found(line, word.toLowerCase(), localOptions.get(word.toLowerCase())?.since)),
      ),
  ];
}
