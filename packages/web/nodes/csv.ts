/** The list as a spreadsheet reads it (RFC 4180): names of columns for machines, numbers as numbers, times in UTC. */
import type { Language } from '@clockwarden/core/text';
import type { LiveRow } from '../live/index.tsx';

type Cell = string | number | boolean | null;

const columns: readonly (readonly [string, (row: LiveRow, language: Language) => Cell])[] = [
  ['name', (row) => row.name],
  ['address', (row) => row.address],
  ['role', (row) => row.role],
  ['status', (row) => row.status],
  ['reason', (row, language) => row.worst?.text[language] ?? null],
  ['since', (row) => row.since],
  ['synchronized', (row) => row.synchronized],
  ['daemon', (row) => row.daemon],
  ['follows', (row) => row.follows],
  ['stratum', (row) => row.stratum],
  ['offset_seconds', (row) => row.offset?.seconds ?? null],
  ['offset_low_seconds', (row) => row.offset?.lowSeconds ?? null],
  ['offset_high_seconds', (row) => row.offset?.highSeconds ?? null],
  ['kernel_unsync', (row) => row.unsync],
  ['timezone', (row) => row.timezone],
  ['age_seconds', (row) => row.ageSeconds],
];

/** Begins with a byte order mark: without it spreadsheets take Chinese for something else. */
export function csvOf(rows: readonly LiveRow[], language: Language): string {
  const lines = [
    columns.map(([name]) => name),
    ...rows.map((row) => columns.map(([, value]) => cellText(value(row, language)))),
  ];
  return `\uFEFF${lines.map((line) => line.join(',')).join('\r\n')}\r\n`;
}

/**
 * What a node says of itself ends up in somebody's spreadsheet: a text that begins like a formula gets an apostrophe
 * before it, so that it is shown and not run. Numbers are ours and stay numbers, minus sign and all.
 */
export function cellText(value: Cell): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const safe = /^[=+\-@\t\r\n|%]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function download(name: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the content by the next turn of its event loop.
  window.setTimeout(() => URL.revokeObjectURL(url), 0);
}
