/** A page for every rule of `clockwarden lint`, and the list of them, in both languages. */
import {
  isDaemonFile,
  lintRules,
  lintSubjects,
  lintText,
  pageOf,
  type Rule,
  type Severity,
  versionsOf,
} from '@clockwarden/core/lint';
import { type Language, localized, type Text, text } from '@clockwarden/core/text';

const words = {
  title: text('Rules of `clockwarden lint`', '`clockwarden lint` 的规则'),
  intro: text(
    '`clockwarden lint FILE...` finds these mistakes. Exit code 0: none, 1: warnings, 2: errors. `--fix` mends those marked so and shows the change; nothing else is touched. `--node NAME` reads the files of a node and judges them for the chronyd that is installed there; `--json` and `--sarif` are for programs: [json-lint.md](../json-lint.md).',
    '`clockwarden lint 文件...` 会找出以下错误。退出码 0：无，1：有警告，2：有错误。`--fix` 会修正标有此记号的错误并显示差异，不改动其他内容。`--node 名称` 读取节点上的文件，并按该节点所安装的 chronyd 版本检查；`--json` 和 `--sarif` 供程序使用：[json-lint.zh-CN.md](../json-lint.zh-CN.md)。',
  ),
  rule: text('Rule', '规则'),
  severity: text('Severity', '级别'),
  meaning: text('Mistake', '错误'),
  mends: text('`--fix`', '`--fix`'),
  yes: text('yes', '是'),
  refused: text('chronyd does not start with this mistake.', '有此错误时 chronyd 不会启动。'),
  file: text('File', '文件'),
  why: text('Why', '原因'),
  fix: text('What to do', '处理方法'),
  wrong: text('Wrong', '错误示例'),
  right: text('Right', '正确示例'),
  versions: text('Versions', '版本'),
  every: text('every version', '所有版本'),
  all: text('All rules', '全部规则'),
} as const;

const severities: Readonly<Record<Severity, Text>> = {
  error: text('error', '错误'),
  warning: text('warning', '警告'),
};

/** Path → content. */
export function lintPages(): ReadonlyMap<string, string> {
  const pages = new Map<string, string>();
  for (const [language, suffix] of [
    ['en', ''],
    ['zh-CN', '.zh-CN'],
  ] as const) {
    pages.set(`docs/reference/lint/README${suffix}.md`, indexPage(language, suffix));
    for (const rule of lintRules) {
      pages.set(pageOf(rule, language), rulePage(rule, language, suffix));
    }
  }
  return pages;
}

/** Whether `--fix` mends the rule's own bad example. */
function mends({ code, subject, bad }: Rule): boolean {
  if (!isDaemonFile(subject)) return false;
  return lintText(bad, subject, { chronyVersion: [4, 3], whole: true }).some(
    ({ rule, edits }) => rule.code === code && edits !== undefined,
  );
}

function indexPage(language: Language, suffix: string): string {
  const say = (value: Text): string => localized(value, language);
  const sections = lintSubjects.flatMap((subject) => [
    `## ${subject}`,
    '',
    `| ${[words.rule, words.severity, words.meaning, words.mends].map(say).join(' | ')} |`,
    '| --- | --- | --- | --- |',
    ...lintRules
      .filter((rule) => rule.subject === subject)
      .map((rule) =>
        [
          `[${rule.code}](${rule.code}${suffix}.md)`,
          say(severities[rule.severity]),
          say(rule.title),
          mends(rule) ? say(words.yes) : '',
        ].join(' | '),
      )
      .map((cells) => `| ${cells} |`),
    '',
  ]);
  return [`# ${say(words.title)}`, '', say(words.intro), '', ...sections].join('\n');
}

function rulePage(rule: Rule, language: Language, suffix: string): string {
  const say = (value: Text): string => localized(value, language);
  const versions = versionsOf(rule);
  const facts = [
    `${say(words.file)}: ${rule.subject}`,
    `${say(words.severity)}: ${say(severities[rule.severity])}`,
    ...(versions === null
      ? []
      : [
          `${say(words.versions)}: ${versions.since === null ? say(words.every) : `chrony ≥ ${versions.since}`}`,
        ]),
    ...(mends(rule) ? [`${say(words.mends)}: ${say(words.yes)}`] : []),
  ];
  return [
    `# ${rule.code}`,
    '',
    `${say(rule.title)}${language === 'en' ? '.' : '。'}`,
    '',
    facts.join(' · '),
    '',
    `## ${say(words.why)}`,
    '',
    say(rule.why),
    ...('refused' in rule && rule.refused === true ? ['', say(words.refused)] : []),
    '',
    `## ${say(words.fix)}`,
    '',
    say(rule.fix),
    '',
    `## ${say(words.wrong)}`,
    '',
    `\`\`\`\n${rule.bad}\`\`\``,
    '',
    `## ${say(words.right)}`,
    '',
    `\`\`\`\n${rule.good}\`\`\``,
    '',
    `[${say(words.all)}](README${suffix}.md)`,
    '',
  ].join('\n');
}
