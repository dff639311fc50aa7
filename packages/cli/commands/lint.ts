import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  type ConfigLint,
  lintConfig,
  lintRulesFile,
  loadPolicy,
  readRulesFile,
} from '@clockwarden/adapters/config';
import { type ChronyVersion, parseChronyVersion } from '@clockwarden/core/chrony-conf';
import { OperatorError, type OperatorErrorDetails } from '@clockwarden/core/errors';
import {
  type DaemonFile,
  isDaemonFile,
  type LintContext,
  type LintSubject,
  lintSubjects,
  lintText,
  mendText,
} from '@clockwarden/core/lint';
import { text } from '@clockwarden/core/text';
import { InvalidArgumentError, Option } from 'commander';
import { lookOnce } from '../check/measure.ts';
import { drawnInHere } from '../lint/drawn-in.ts';
import { mendingDiff, replaceFile } from '../lint/mend.ts';
import { contextThere, nodeFiles, readingPolicy } from '../lint/node-files.ts';
import { type LintedFile, lintJson, lintLines, reported, summaryOf } from '../lint/report.ts';
import { lintSarif } from '../lint/sarif.ts';
import { isWhole, subjectOf } from '../lint/subject.ts';
import { commandsToCheckFile } from '../show-commands/files.ts';
import { commandsToReadConfiguration } from '../show-commands/nodes.ts';
import { showCommandsOption } from '../show-commands/option.ts';
import { type CommandGroup, printCommandGroups } from '../show-commands/print.ts';
import { type CliContext, policyOptions } from '../terminal/index.ts';
import type { CommandSetup, RegisterCommand } from './registry.ts';

interface LintOptions {
  readonly node?: readonly string[];
  readonly as?: LintSubject;
  readonly chronyVersion?: ChronyVersion;
  readonly sarif?: boolean;
  readonly fix?: boolean;
  readonly diff?: boolean;
  readonly showCommands?: boolean;
}

export const registerLint: RegisterCommand = (program, { run, t }) => {
  program
    .command('lint [file...]')
    .description(
      t(
        text(
          'find the mistakes in chrony.conf, timesyncd.conf, ntp.conf, Prometheus rules and clockwarden.yaml before they are used',
          '在使用之前找出 chrony.conf、timesyncd.conf、ntp.conf、Prometheus 规则和 clockwarden.yaml 中的错误',
        ),
      ),
    )
    .option(
      '--node <name...>',
      t(
        text(
          'the files that these nodes use now (read-only, by ssh)',
          '检查这些节点正在使用的文件(通过 ssh 只读)',
        ),
      ),
    )
    .addOption(
      new Option(
        '--as <kind>',
        t(text('what the files are, where their names do not tell', '文件类型(无法由文件名判断时)')),
      ).choices([...lintSubjects]),
    )
    .option(
      '--chrony-version <version>',
      t(
        text(
          "version of chronyd that shall read them, as 4.3: newer directives are mistakes (with --node: the node's own)",
          '读取这些文件的 chronyd 版本，例如 4.3：更新版本的指令视为错误(使用 --node 时默认为节点自身的版本)',
        ),
      ),
      chronyVersion(t),
    )
    .option(
      '--fix',
      t(text('mend what can be mended safely, and show it', '修正可以安全修正的错误，并显示差异')),
    )
    .option(
      '--diff',
      t(text('show what --fix would change; change nothing', '只显示 --fix 会修改的内容，不作修改')),
    )
    .option(
      '--sarif',
      t(text('print SARIF 2.1.0 for code hosts and editors', '输出 SARIF 2.1.0，供代码托管平台和编辑器使用')),
    )
    .addOption(showCommandsOption(t))
    .addHelpText(
      'after',
      `\n${t(text('Exit codes of lint: 0 no mistakes, 1 warnings, 2 errors.', 'lint 的退出码：0 无错误，1 有警告，2 有错误。'))}

${t(text('Examples:', '示例：'))}
  clockwarden lint /etc/chrony/chrony.conf
  clockwarden lint --chrony-version 4.3 --fix chrony.conf
  ssh node1 cat /etc/chrony.conf | clockwarden lint --as chrony.conf -
  clockwarden lint -i hosts --node master-01 worker-01
  clockwarden lint alerts.yaml
  clockwarden lint --sarif clockwarden.yaml > lint.sarif
  clockwarden lint --show-commands /etc/chrony.conf`,
    )
    .action(
      run(async (context, files: readonly string[], options: LintOptions) => {
        if (options.showCommands === true) return showCommands(files, options, context);
        const linted = await lintAll(files, options, context);
        if (options.sarif === true) context.print(JSON.stringify(lintSarif(linted, context), null, 2));
        else if (context.json) context.print(JSON.stringify(lintJson(linted, context), null, 2));
        else for (const line of lintLines(linted, context)) context.print(line);
        const { errors, warnings } = summaryOf(linted);
        return errors > 0 ? 2 : warnings > 0 ? 1 : 0;
      }),
    );
};

async function lintAll(
  files: readonly string[],
  options: LintOptions,
  context: CliContext,
): Promise<readonly LintedFile[]> {
  const names = options.node ?? [];
  if (files.length + names.length === 0) throw nothingToLint();
  const here = lintFiles(files, options, context);
  return names.length === 0 ? here : [...here, ...(await lintNodes(names, options, context))];
}

function nothingToLint(): OperatorError {
  return new OperatorError('usage', {
    detail: text('a file or --node is wanted', '需要指定文件或 --node'),
  });
}

async function showCommands(
  files: readonly string[],
  options: LintOptions,
  context: CliContext,
): Promise<number> {
  const names = options.node ?? [];
  if (files.length + names.length === 0) throw nothingToLint();
  const here = files.map((file): CommandGroup => {
    const subject = subjectFor(file, read(file), options);
    return { heading: file, about: { file, subject }, commands: commandsToCheckFile(subject, file) };
  });
  const there =
    names.length === 0
      ? []
      : commandsToReadConfiguration(
          await lookOnce(context, readingPolicy(loadPolicy(policyOptions(context)), names)),
        );
  printCommandGroups(context, [...here, ...there]);
  return context.signal.aborted ? 130 : 0;
}

/** Files of nodes are only looked at: --fix is for files of this machine. */
async function lintNodes(
  names: readonly string[],
  options: LintOptions,
  context: CliContext,
): Promise<readonly LintedFile[]> {
  const found = await nodeFiles(names, context);
  return found.flatMap((file): readonly LintedFile[] => {
    const { node, path, content } = file;
    const subject = subjectOf(path, content);
    if (subject === null || !isDaemonFile(subject)) return [];
    const findings = lintText(content, subject, contextThere(file, found, options.chronyVersion)).map(
      reported,
    );
    return [{ file: `${node}:${path}`, subject, findings }];
  });
}

function chronyVersion(t: CommandSetup['t']): (written: string) => ChronyVersion {
  return (written) => {
    const version = parseChronyVersion(written);
    if (version !== null) return version;
    throw new InvalidArgumentError(t(text('A version such as 4.3 is wanted.', '需要形如 4.3 的版本号。')));
  };
}

function lintFiles(
  files: readonly string[],
  options: LintOptions,
  context: CliContext,
): readonly LintedFile[] {
  if (files.includes('-') && options.fix === true) {
    throw new OperatorError('usage', {
      detail: text('--fix needs a file; --diff shows the change', '--fix 需要文件；--diff 可显示修改内容'),
    });
  }
  const found = files.map((file) => {
    const content = read(file);
    const subject = subjectFor(file, content, options);
    return {
      file,
      content,
      subject,
      rules: subject === 'prometheus-rules' ? readRulesFile(content, file) : null,
    };
  });
  const all = found.flatMap(({ rules }) => rules ?? []);
  return found.map(({ file, content, subject, rules }) => {
    if (rules !== null) return parsedFile(file, 'prometheus-rules', lintRulesFile(rules, all));
    return isDaemonFile(subject) ? lintFile(file, content, subject, options, context) : lintYaml(file);
  });
}

function lintFile(
  file: string,
  content: string,
  subject: DaemonFile,
  options: LintOptions,
  context: CliContext,
): LintedFile {
  const path = resolve(file);
  const lintContext = contextOf(options, file === '-' || isWhole(path), drawnInHere(path, content));
  const mended =
    options.fix === true || options.diff === true ? mendText(content, subject, lintContext) : content;
  if (mended !== content) mend(file, content, mended, options, context);
  const left = options.fix === true ? mended : content;
  return { file, subject, findings: lintText(left, subject, lintContext).map(reported) };
}

function subjectFor(file: string, content: string, options: LintOptions): LintSubject {
  const subject = options.as ?? subjectOf(file === '-' ? '' : resolve(file), content);
  if (subject !== null) return subject;
  throw new OperatorError('usage', {
    where: file,
    detail: text(
      `neither name nor content tells what it is; say it by --as ${lintSubjects.join('|')}`,
      `无法由文件名或内容判断类型；请用 --as 指定：${lintSubjects.join('|')}`,
    ),
  });
}

function contextOf(options: LintOptions, whole: boolean, drawnIn: readonly string[] | null): LintContext {
  const chronyVersion = options.chronyVersion ?? null;
  return { chronyVersion, whole, ...(drawnIn === null ? {} : { drawnIn }) };
}

function mend(file: string, before: string, after: string, options: LintOptions, context: CliContext): void {
  // Programs read standard output: there the diff would spoil JSON.
  const show = context.json || options.sarif === true ? context.note : context.print;
  show(mendingDiff(file, before, after).trimEnd());
  if (options.fix === true) replaceFile(file, after);
}

function lintYaml(file: string): LintedFile {
  if (file === '-') {
    throw new OperatorError('usage', {
      detail: text('clockwarden.yaml is read from a file only', 'clockwarden.yaml 只能从文件读取'),
    });
  }
  const path = resolve(file);
  const linted = lintConfig(path);
  // What is wrong with the inventory stands in another file.
  const problems = linted.problems.map((problem): OperatorErrorDetails => {
    const { where, line, detail } = problem;
    if (where === undefined || where === path) return problem;
    if (detail === undefined) return {};
    return {
      detail: text(`${place(where, line)}: ${detail.en}`, `${place(where, line)}：${detail['zh-CN']}`),
    };
  });
  return parsedFile(file, 'clockwarden.yaml', { ...linted, problems });
}

const invalid = {
  'clockwarden.yaml': { code: 'config-invalid', title: text('the configuration has a mistake', '配置有误') },
  'prometheus-rules': {
    code: 'prometheus-invalid',
    title: text('the file of rules cannot be read', '规则文件无法读取'),
  },
} as const;

/** A file that a parser of YAML has read, or refused. */
function parsedFile(
  file: string,
  subject: keyof typeof invalid,
  { problems, results }: ConfigLint,
): LintedFile {
  const refused = problems.map(({ line, column, detail }) => ({
    ...invalid[subject],
    severity: 'error' as const,
    line: line ?? null,
    column: column ?? null,
    detail: detail ?? null,
    why: null,
    fix: null,
    result: null,
  }));
  return { file, subject, findings: [...refused, ...results.map(reported)] };
}

function place(where: string, line: number | undefined): string {
  return line === undefined ? where : `${where}:${line}`;
}

function read(file: string): string {
  try {
    return new TextDecoder('utf-8').decode(readFileSync(file === '-' ? 0 : file));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OperatorError('input-unreadable', { where: file, detail: text(reason, reason) });
  }
}
