import type { NodeMemory, RememberedRun } from '@clockwarden/core/configure';
import { OperatorError } from '@clockwarden/core/errors';
import { text } from '@clockwarden/core/text';
import type { HistoryRun } from '../history/runs.ts';

/** The runs to be put back on a node, newest first; a `resync` left nothing to put back. @param after id of the last run that stays; null: only the last goes */
export function runsToUndo({ runs }: NodeMemory, after: string | null): readonly RememberedRun[] {
  const standing = runs
    .filter(({ state, undoOrder }) => state === 'unfinished' || (state === 'applied' && undoOrder.length > 0))
    .toReversed();
  return after === null ? standing.slice(0, 1) : standing.filter(({ id }) => id > after);
}

/** The id of the run that `--to` names by its number or id; '0': before all of them. Throws OperatorError. */
export function runNamed(wanted: string, history: readonly HistoryRun[]): string {
  if (wanted === '0') return '';
  const run = history.find(({ id, number }) => id === wanted || String(number) === wanted);
  if (run !== undefined) return run.id;
  const last = history.length;
  throw new OperatorError('no-such-run', {
    where: wanted,
    detail:
      last === 0
        ? text('there are no runs', '没有任何运行记录')
        : text(`there are runs 1 to ${last}`, `现有运行 1 至 ${last}`),
  });
}
