/** Findings as SARIF 2.1.0, which code hosts and editors show. */
import { isAbsolute, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { lintRules, pageOf, versionsOf } from '@clockwarden/core/lint';
import type { CliContext } from '../terminal/index.ts';
import { version } from '../version.ts';
import type { LintedFile, ReportedFinding } from './report.ts';

export function lintSarif(files: readonly LintedFile[], { t, language }: CliContext): unknown {
  const rules = lintRules.map((rule) => ({
    id: rule.code,
    shortDescription: { text: t(rule.title) },
    fullDescription: { text: t(rule.why) },
    help: { text: t(rule.fix) },
    defaultConfiguration: { level: rule.severity },
    // Not `helpUri`: that must be absolute (SARIF 2.1.0, 3.49.12).
    properties: { versions: versionsOf(rule), page: pageOf(rule, language) },
  }));
  const indexOf = new Map(rules.map((rule, index) => [rule.id, index]));
  const result = (file: string, finding: ReportedFinding): unknown => {
    const index = indexOf.get(finding.code);
    const words = [finding.title, finding.detail, finding.fix].flatMap((part) =>
      part === null ? [] : [t(part)],
    );
    return {
      ruleId: finding.code,
      ...(index === undefined ? {} : { ruleIndex: index }),
      level: finding.severity,
      message: { text: words.join(' — ') },
      locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(file) }, ...regionOf(finding) } }],
      ...fixesOf(file, finding, t(finding.fix ?? finding.title)),
    };
  };
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'clockwarden', version, rules } },
        columnKind: 'utf16CodeUnits',
        results: files.flatMap(({ file, findings }) => findings.map((finding) => result(file, finding))),
      },
    ],
  };
}

function uriOf(file: string): string {
  if (isAbsolute(file)) return pathToFileURL(file).href;
  return file
    .split(sep)
    .map((part) => encodeURIComponent(part))
    .join('/');
}

function regionOf({ line, column }: ReportedFinding): object {
  if (line === null) return {};
  return { region: { startLine: line, ...(column === null ? {} : { startColumn: column }) } };
}

function fixesOf(file: string, { result }: ReportedFinding, words: string): object {
  if (result?.edits === undefined) return {};
  const replacements = result.edits.map((edit) => ({
    deletedRegion: { startLine: edit.line, startColumn: 1, endLine: edit.line + 1, endColumn: 1 },
    insertedContent: { text: edit.lines.map((line) => `${line}\n`).join('') },
  }));
  const change = { artifactLocation: { uri: uriOf(file) }, replacements };
  return { fixes: [{ description: { text: words }, artifactChanges: [change] }] };
}
