/** History as a chart wants it: columns with an empty place wherever nothing was measured, so that no line spans a gap. */
import type { NodeHistory } from '@clockwarden/api/console';
import { answeredPolls } from '../../values/reach.ts';

export interface HistoryColumns {
  readonly at: number[];
  readonly mean: (number | null)[];
  readonly low: (number | null)[];
  readonly high: (number | null)[];
  readonly frequencyPpm: (number | null)[];
  /** Of the last eight polls of the selected source, how many were answered. */
  readonly answered: (number | null)[];
}

/** A pause longer than this many usual steps is a gap. */
const GAP_STEPS = 2.5;

export function historyColumns(history: NodeHistory): HistoryColumns {
  const columns: HistoryColumns = { at: [], mean: [], low: [], high: [], frequencyPpm: [], answered: [] };
  const longest = GAP_STEPS * usualStep(history);
  for (const [index, at] of history.at.entries()) {
    const before = history.at[index - 1];
    if (before !== undefined && at - before > longest) push(columns, (before + at) / 2, null);
    push(columns, at, {
      mean: history.mean[index] ?? null,
      low: history.low[index] ?? null,
      high: history.high[index] ?? null,
      frequencyPpm: history.frequencyPpm[index] ?? null,
      answered: answeredOf(history.reach[index]),
    });
  }
  return columns;
}

type Point = Readonly<Record<Exclude<keyof HistoryColumns, 'at'>, number | null>>;

function push(columns: HistoryColumns, at: number, point: Point | null): void {
  columns.at.push(at);
  columns.mean.push(point?.mean ?? null);
  columns.low.push(point?.low ?? null);
  columns.high.push(point?.high ?? null);
  columns.frequencyPpm.push(point?.frequencyPpm ?? null);
  columns.answered.push(point?.answered ?? null);
}

/** The median distance of two readings; a rollup's own step where that is longer. */
function usualStep({ at, resolutionSeconds }: NodeHistory): number {
  const steps = at.slice(1).map((time, index) => time - (at[index] ?? time));
  steps.sort((a, b) => a - b);
  return Math.max(resolutionSeconds, steps[Math.floor(steps.length / 2)] ?? 0, 1);
}

/** What the vertical axis must hold: every bound that is there, and a little air. */
export function extentOf(columns: HistoryColumns): { readonly low: number; readonly high: number } | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const [index, mean] of columns.mean.entries()) {
    if (mean === null) continue;
    low = Math.min(low, columns.low[index] ?? mean);
    high = Math.max(high, columns.high[index] ?? mean);
  }
  if (low > high) return null;
  const air = Math.max((high - low) * 0.08, 1e-7);
  return { low: low - air, high: high + air };
}

function answeredOf(reach: number | null | undefined): number | null {
  return reach === null || reach === undefined ? null : answeredPolls(reach);
}
