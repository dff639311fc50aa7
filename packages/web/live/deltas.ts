import type { StreamEvent } from '@clockwarden/api/console';
import { applyRows } from './apply.ts';
import type { StateCell } from './cell.ts';

const SETTLE_MS = 50;
const SETTLE_LARGE_MS = 500;

type RowsDelta = Extract<StreamEvent, { event: 'rows' }>['data'];

/** Rows that changed, on their way into the state. */
export interface Deltas {
  take(delta: RowsDelta): void;
  /** The whole is on its way: what is pending is in it, and what comes now is applied after it. */
  hold(): void;
  /** What came since `hold`; what comes from here on is applied by itself. */
  release(): readonly RowsDelta[];
  close(): void;
}

/** A large cluster's round arrives in many parts; the page is drawn anew for some of them at a time. */
export function createDeltas(cell: StateCell): Deltas {
  let flushTimer = 0;
  const pending: { readonly delta: RowsDelta; readonly at: number }[] = [];
  let waiting: RowsDelta[] | null = null;

  const flush = (): void => {
    flushTimer = 0;
    const parts = pending.splice(0);
    cell.set(parts.reduce((next, { delta, at }) => applyRows(next, delta, at), cell.state()));
  };

  return {
    take(delta) {
      if (waiting !== null) {
        waiting.push(delta);
        return;
      }
      pending.push({ delta, at: performance.now() });
      if (flushTimer !== 0) return;
      flushTimer = window.setTimeout(flush, cell.state().rows.length > 1_000 ? SETTLE_LARGE_MS : SETTLE_MS);
    },
    hold() {
      waiting = [];
      pending.length = 0;
    },
    release() {
      const held = waiting ?? [];
      waiting = null;
      return held;
    },
    close: () => window.clearTimeout(flushTimer),
  };
}
