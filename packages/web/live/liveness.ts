import type { StateCell } from './cell.ts';

/** A server beats every second or two; without any word for so long the connection counts as lost (shown within 3 s). */
const SILENCE_MS = 2_700;
/** A broken stream that is back by then was a hiccup, not worth a word. */
const HICCUP_MS = 1_200;
const WATCH_MS = 200;

export interface Liveness {
  heard(): void;
  broke(): void;
  close(): void;
}

/** Keeps `connection` and `heardAt`. @param onSilence a stream that is not broken, and yet says nothing */
export function watchLiveness(cell: StateCell, onSilence: () => void): Liveness {
  let brokenAt: number | null = null;
  const watch = window.setInterval(() => {
    const { connection, heardAt } = cell.state();
    if (connection !== 'live') return;
    const now = performance.now();
    const silent = heardAt !== null && now - heardAt > SILENCE_MS;
    const broken = brokenAt !== null && now - brokenAt > HICCUP_MS;
    if (!silent && !broken) return;
    cell.set({ ...cell.state(), connection: 'lost' });
    if (!broken) onSilence();
  }, WATCH_MS);
  return {
    heard() {
      brokenAt = null;
      const next = { ...cell.state(), connection: 'live', heardAt: performance.now() } as const;
      if (cell.state().connection === 'live') cell.setQuietly(next);
      else cell.set(next);
    },
    broke() {
      brokenAt ??= performance.now();
    },
    close: () => window.clearInterval(watch),
  };
}
