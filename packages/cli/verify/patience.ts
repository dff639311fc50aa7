/** How long to look away, and when another look would show nothing new. */
import type { NodeOutcome } from '@clockwarden/core/configure';

/** A clock that is stepped while it is read contradicts itself once, not three times. */
const LOOKS = 3;

/** @param seen outcomes of one node, oldest first */
export function isCertain(seen: readonly NodeOutcome[]): boolean {
  const last = seen.slice(-LOOKS);
  const [latest] = seen.slice(-1);
  // What is not written, or written otherwise, does not come about by waiting.
  if (latest?.stage === 'not-written' || latest?.stage === 'misserving') return true;
  return last.length === LOOKS && last.every(({ grade }) => grade === 'wrong');
}

const SHORTEST = 2;
const LONGEST = 15;

/** Seconds until the next look. */
export function pauseSeconds({ remainingSeconds }: Pick<NodeOutcome, 'remainingSeconds'>): number {
  return Math.min(LONGEST, Math.max(SHORTEST, (remainingSeconds ?? 0) / 4));
}
