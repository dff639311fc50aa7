import { width } from './width.ts';

export interface TableColumn {
  readonly title: string;
  /** Numbers stand on their right edge. */
  readonly align?: 'left' | 'right';
}

/** Plain columns two spaces apart, as kubectl prints them; no lines, nothing cut. */
export function renderTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string[] {
  const all = [columns.map((column) => column.title), ...rows];
  const widths = columns.map((_, index) => Math.max(...all.map((row) => width(row[index] ?? ''))));
  return all.map((row) =>
    columns
      .map((column, index) => {
        const cell = row[index] ?? '';
        const padding = ' '.repeat((widths[index] ?? 0) - width(cell));
        return column.align === 'right' ? padding + cell : cell + padding;
      })
      .join('  ')
      .trimEnd(),
  );
}
