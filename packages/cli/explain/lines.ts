/** An explanation as text for a person: conclusions first, then each output with its table and the meaning of every value. */
import type {
  Conclusion,
  ExplainedRow,
  ExplainedSection,
  ExplainedValue,
  Explanation,
  Importance,
} from '@clockwarden/core/explain';
import { text } from '@clockwarden/core/text';
import { type CliContext, renderTable } from '../terminal/index.ts';

/** A shape for each, so that colour is not needed. */
const shapes: Readonly<Record<Importance, string>> = { good: '✓', plain: '·', attention: '!', problem: '✗' };

export function explanationLines(context: CliContext, explanation: Explanation): string[] {
  return [
    ...conclusionLines(context, explanation.conclusions),
    ...explanation.sections.flatMap((section) => ['', ...sectionLines(context, section)]),
    ...unknownLines(context, explanation),
  ];
}

function marked({ color }: CliContext, importance: Importance, words: string): string {
  const line = `${shapes[importance]} ${words}`;
  switch (importance) {
    case 'good':
      return color.green(line);
    case 'plain':
      return line;
    case 'attention':
      return color.yellow(line);
    case 'problem':
      return color.red(line);
  }
}

function conclusionLines(context: CliContext, conclusions: readonly Conclusion[]): string[] {
  return conclusions.flatMap((one) => [
    marked(context, one.importance, context.t(one.text)),
    ...(one.next === null ? [] : [`  → ${context.t(one.next)}`]),
    ...one.commands.map(
      ({ command, meaning }) => `    ${command}  ${context.color.dim(`# ${context.t(meaning)}`)}`,
    ),
  ]);
}

function sectionLines(context: CliContext, section: ExplainedSection): string[] {
  return [
    context.color.bold(context.t(section.title)),
    ...valueLines(context, section.values, '  '),
    ...tableLines(section.rows),
    ...section.rows.flatMap((row) => rowLines(context, row)),
  ];
}

/** Columns as the tool has them. */
function tableLines(rows: readonly ExplainedRow[]): string[] {
  if (rows.length === 0) return [];
  // The marks and the name stand in front; the two columns of the marks are explained below.
  const labels = [...new Set(rows.flatMap(({ values }) => values.map(({ label }) => label)))].filter(
    (label) => label !== 'M' && label !== 'S',
  );
  const columns = [
    { title: '' },
    { title: '' },
    ...labels.map((title) => ({ title, align: 'right' as const })),
  ];
  const cells = rows.map(({ mark, name, values }) => [
    mark,
    name,
    ...labels.map((label) => values.find((value) => value.label === label)?.shown ?? '—'),
  ]);
  return renderTable(columns, cells).map((line) => `  ${line}`);
}

function rowLines(context: CliContext, row: ExplainedRow): string[] {
  const title = [row.mark, row.name].filter((part) => part !== '').join(' ');
  // The state is the row's summary already.
  const values = row.values.filter(({ label }) => label !== 'S');
  return [
    '',
    `  ${marked(context, row.importance, `${context.color.bold(title)}  ${context.t(row.summary)}`)}`,
    ...valueLines(context, values, '      '),
  ];
}

function valueLines(context: CliContext, values: readonly ExplainedValue[], indent: string): string[] {
  if (values.length === 0) return [];
  const columns = [{ title: '' }, { title: '' }, { title: '' }, { title: '' }];
  const cells = values.map((value) => [
    marked(context, value.importance, '').trimEnd(),
    value.label,
    value.shown,
    context.t(value.meaning),
  ]);
  return renderTable(columns, cells)
    .slice(1)
    .map((line) => indent + line);
}

function unknownLines(context: CliContext, { notUnderstood }: Explanation): string[] {
  if (notUnderstood.length === 0) return [];
  return [
    '',
    context.color.bold(context.t(text('Lines that were not understood:', '未能识别的行：'))),
    ...notUnderstood.map(({ line, text: words }) => `  ${String(line).padStart(4)}  ${words}`),
  ];
}
