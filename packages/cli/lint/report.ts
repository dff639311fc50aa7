import { type LintResult, type LintSubject, pageOf, type Severity, versionsOf } from '@clockwarden/core/lint';
import { type Text, text } from '@clockwarden/core/text';
import type { CliContext } from '../terminal/index.ts';

/** A finding as people and programs see it. */
export interface ReportedFinding {
  readonly code: string;
  readonly severity: Severity;
  /** From 1; null when the whole file is meant. */
  readonly line: number | null;
  readonly column: number | null;
  readonly title: Text;
  readonly detail: Text | null;
  readonly why: Text | null;
  readonly fix: Text | null;
  readonly result: LintResult | null;
}

export interface LintedFile {
  readonly file: string;
  readonly subject: LintSubject;
  readonly findings: readonly ReportedFinding[];
}

export interface LintSummary {
  readonly errors: number;
  readonly warnings: number;
  /** Of both, those that --fix mends. */
  readonly fixable: number;
}

export function reported(result: LintResult): ReportedFinding {
  const { code, severity, title, why, fix } = result.rule;
  return {
    code,
    severity,
    line: result.line,
    column: result.column ?? null,
    title,
    detail: result.detail ?? null,
    why,
    fix,
    result,
  };
}

export function summaryOf(files: readonly LintedFile[]): LintSummary {
  const all = files.flatMap((file) => file.findings);
  return {
    errors: all.filter(({ severity }) => severity === 'error').length,
    warnings: all.filter(({ severity }) => severity === 'warning').length,
    fixable: all.filter(({ result }) => result?.edits !== undefined).length,
  };
}

/** docs/reference/json-lint.md */
export function lintJson(files: readonly LintedFile[], { t, language }: CliContext): unknown {
  const words = (value: Text | null): string | null => (value === null ? null : t(value));
  return {
    schema: 'clockwarden.lint/1',
    files: files.map(({ file, subject, findings }) => ({
      file,
      kind: subject,
      findings: findings.map(({ code, severity, line, column, title, detail, why, fix, result }) => ({
        code,
        severity,
        line,
        column,
        title: t(title),
        detail: words(detail),
        why: words(why),
        fix: words(fix),
        fixable: result?.edits !== undefined,
        versions: result === null ? null : versionsOf(result.rule),
        page: result === null ? null : pageOf(result.rule, language),
      })),
    })),
    summary: summaryOf(files),
  };
}

const severityWords: Readonly<Record<Severity, Text>> = {
  error: text('error', '错误'),
  warning: text('warning', '警告'),
};

export function lintLines(files: readonly LintedFile[], context: CliContext): readonly string[] {
  const { t, color } = context;
  const lines = files.flatMap(({ file, findings }) =>
    findings.flatMap((finding) => {
      const place = [file, finding.line, finding.column].filter((part) => part !== null).join(':');
      const paint = finding.severity === 'error' ? color.red : color.yellow;
      const what = finding.detail === null ? '' : `: ${t(finding.detail)}`;
      return [
        `${place}: ${paint(t(severityWords[finding.severity]))} ${color.bold(t(finding.title))}${what} ${color.dim(`[${finding.code}]`)}`,
        ...(finding.why === null ? [] : [`    ${t(finding.why)}`]),
        ...(finding.fix === null ? [] : [`    ${color.dim('→')} ${t(finding.fix)}`]),
      ];
    }),
  );
  return [...lines, ...(lines.length === 0 ? [] : ['']), t(summaryText(summaryOf(files), files.length))];
}

function summaryText({ errors, warnings, fixable }: LintSummary, files: number): Text {
  if (errors + warnings === 0)
    return text(`No mistakes in ${files} file(s).`, `${files} 个文件，未发现错误。`);
  const mend = fixable === 0 ? '' : ` ${fixable} can be mended by --fix.`;
  const mendZh = fixable === 0 ? '' : `其中 ${fixable} 处可用 --fix 修正。`;
  return text(
    `${errors} error(s), ${warnings} warning(s) in ${files} file(s).${mend}`,
    `${files} 个文件中有 ${errors} 处错误、${warnings} 处警告。${mendZh}`,
  );
}
