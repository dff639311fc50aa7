/** What a server asked of us by kiss-o'-death, kept for the life of the process (RFC 5905 section 7.4). */
import { type MonotonicInstant, NANOSECONDS_PER_SECOND } from '../time/index.ts';
import type { ExchangeOutcome } from './exchange.ts';

export interface Manners {
  /** DENY or RSTR: it is never asked again. */
  readonly refused: 'DENY' | 'RSTR' | null;
  /** Least pause between two bursts, in nanoseconds; 0: it never complained. */
  readonly pause: bigint;
  /** It may be asked again from here on. */
  readonly notBefore: MonotonicInstant;
}

const FIRST_PAUSE = 32n * NANOSECONDS_PER_SECOND;
const LONGEST_PAUSE = 1024n * NANOSECONDS_PER_SECOND;

export const goodManners: Manners = { refused: null, pause: 0n, notBefore: 0n };

/** Every RATE doubles the pause, up to 1024 s; it never gets shorter. */
export function mannersAfter(manners: Manners, outcome: ExchangeOutcome, now: MonotonicInstant): Manners {
  const kiss = outcome.kind === 'kissed' || outcome.kind === 'measured' ? outcome.kiss : null;
  if (kiss === 'DENY' || kiss === 'RSTR') return { ...manners, refused: kiss };
  if (kiss === null && manners.pause === 0n) return manners;
  const doubled = manners.pause === 0n ? FIRST_PAUSE : manners.pause * 2n;
  const pause = kiss === 'RATE' ? (doubled > LONGEST_PAUSE ? LONGEST_PAUSE : doubled) : manners.pause;
  return { ...manners, pause, notBefore: now + pause };
}

/** Whether the server may be asked now, and how many questions: one at a time once it complained. */
export function questionsAllowed(manners: Manners, wanted: number, now: MonotonicInstant): number {
  if (manners.refused !== null || now < manners.notBefore) return 0;
  return manners.pause === 0n ? wanted : 1;
}
