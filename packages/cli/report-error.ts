import { errorTable, type OperatorError } from '@clockwarden/core/errors';
import type { Command } from 'commander';
import { contextOf } from './terminal/index.ts';

export const USAGE_EXIT_CODE = errorTable.usage.exitCode;

/** Says what, where, why and what next on standard error (as JSON with --json); returns the exit code. */
export function reportError(error: OperatorError, program: Command): number {
  const row = errorTable[error.code];
  const context = contextOf(program, new AbortController().signal);
  const details = error.details.map((detail) => ({
    where: position(detail),
    text: detail.detail === undefined ? '' : context.t(detail.detail),
  }));
  if (context.json) {
    context.note(
      JSON.stringify({
        error: { code: error.code, text: context.t(row.summary), hint: context.t(row.hint), details },
      }),
    );
    return row.exitCode;
  }
  context.note(`${context.color.red('clockwarden:')} ${context.t(row.summary)}`);
  for (const detail of details) {
    context.note(`  ${[detail.where, detail.text].filter((part) => part !== '').join(': ')}`);
  }
  context.note(`  ${context.color.dim('→')} ${context.t(row.hint)}`);
  return row.exitCode;
}

function position(detail: OperatorError['details'][number]): string {
  const line = detail.line === undefined ? '' : `:${detail.line}`;
  const column = detail.line === undefined || detail.column === undefined ? '' : `:${detail.column}`;
  return `${detail.where ?? ''}${line}${column}`;
}
