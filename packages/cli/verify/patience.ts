/** How long to look away, and when another look would show nothing new. */
import type { NodeOutcome } from '@clockwarden/core/configure';

/** How long a node has been wrong without a break. */
export interface WrongSpell {
  readonly looks: number;
  readonly sinceMs: number;
}

/** Null: it is not wrong now. */
export function spellAfter(
  spell: WrongSpell | null,
  { grade }: NodeOutcome,
  nowMs: number,
): WrongSpell | null {
  if (grade !== 'wrong') return null;
  return { looks: (spell?.looks ?? 0) + 1, sinceMs: spell?.sinceMs ?? nowMs };
}

/** A clock that is stepped while it is read contradicts itself once, not three times. */
const LOOKS = 3;
/** A daemon between two starts. */
const SHORT_SPELL_MS = 10_000;
/** The poll interval that daemons start with is up to 64 s: until then they may not have noticed. */
const POLL_SPELL_MS = 90_000;

/** Whether to wait is no use any more. */
export function isCertain({ stage }: NodeOutcome, spell: WrongSpell | null, nowMs: number): boolean {
  // What is not written, or written otherwise, does not come about by waiting.
  if (stage === 'not-written' || stage === 'misserving') return true;
  if (spell === null || spell.looks < LOOKS) return false;
  return nowMs - spell.sinceMs >= (stage === 'contradicted' ? POLL_SPELL_MS : SHORT_SPELL_MS);
}

const SHORTEST = 2;
const LONGEST = 15;

/** Seconds until the next look. */
export function pauseSeconds({ remainingSeconds }: Pick<NodeOutcome, 'remainingSeconds'>): number {
  return Math.min(LONGEST, Math.max(SHORTEST, (remainingSeconds ?? 0) / 4));
}
