/** Writes the pages of docs/reference that are tables of the code; `scripts/docs.test.ts` holds them to it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { configJsonSchema } from '@clockwarden/adapters/config';
import { queryReportSchema } from '@clockwarden/api/query';
import { localizedSnapshotSchema } from '@clockwarden/api/snapshot';
import { reasonTexts } from '@clockwarden/core/assess';
import { errorTable } from '@clockwarden/core/errors';
import { type Language, localized, type Text, text } from '@clockwarden/core/text';
import { z } from 'zod';
import { lintPages } from './lint-pages.ts';

const words = {
  errors: text('Errors', '错误'),
  errorsIntro: text(
    'Every error that Clockwarden reports to a person or a program. The code is stable; `--json` and the API carry it.',
    'Clockwarden 向人或程序报告的全部错误。错误码是稳定的；`--json` 和 API 中都带有它。',
  ),
  code: text('Code', '错误码'),
  exit: text('Exit code', '退出码'),
  http: text('HTTP status', 'HTTP 状态'),
  meaning: text('Meaning', '含义'),
  next: text('What next', '下一步'),
  reasons: text('Reasons of a verdict', '判定的原因'),
  reasonsIntro: text(
    'Every verdict of a node or of the cluster names its reasons by these codes, each with its numbers, its source and its age.',
    '节点或集群的每个判定都以下列代码给出原因，并附有数值、来源和数据年龄。',
  ),
} as const;

/** Path → content of every generated page. */
export function generatedPages(): ReadonlyMap<string, string> {
  const pages = new Map<string, string>([
    ['docs/reference/clockwarden.schema.json', `${JSON.stringify(configJsonSchema(), null, 2)}\n`],
  ]);
  for (const [language, suffix] of [
    ['en', ''],
    ['zh-CN', '.zh-CN'],
  ] as const) {
    pages.set(`docs/reference/errors${suffix}.md`, errorsPage(language));
    pages.set(`docs/reference/reasons${suffix}.md`, reasonsPage(language));
  }
  for (const [name, schema] of [
    ['check', localizedSnapshotSchema],
    ['query', queryReportSchema],
  ] as const) {
    pages.set(`docs/reference/${name}.schema.json`, `${JSON.stringify(z.toJSONSchema(schema), null, 2)}\n`);
  }
  for (const [path, content] of lintPages()) pages.set(path, content);
  return pages;
}

function table(language: Language, titles: readonly Text[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    line(titles.map((title) => localized(title, language))),
    line(titles.map(() => '---')),
    ...rows.map(line),
  ].join('\n');
}

function errorsPage(language: Language): string {
  const rows = Object.entries(errorTable).map(([code, row]) => [
    `\`${code}\``,
    String(row.exitCode),
    String(row.httpStatus),
    localized(row.summary, language),
    localized(row.hint, language),
  ]);
  const titles = [words.code, words.exit, words.http, words.meaning, words.next];
  return `# ${localized(words.errors, language)}\n\n${localized(words.errorsIntro, language)}\n\n${table(language, titles, rows)}\n`;
}

function reasonsPage(language: Language): string {
  const rows = Object.entries(reasonTexts).map(([code, meaning]) => [
    `\`${code}\``,
    localized(meaning, language),
  ]);
  return `# ${localized(words.reasons, language)}\n\n${localized(words.reasonsIntro, language)}\n\n${table(language, [words.code, words.meaning], rows)}\n`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const [path, content] of generatedPages()) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    console.log(path);
  }
}
