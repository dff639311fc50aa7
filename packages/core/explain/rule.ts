import { expertCommands } from '../expert-commands/index.ts';
import type { PastedFacts } from './facts.ts';
import type { Conclusion } from './structure.ts';

/** Concludes one thing from what was pasted, or nothing. */
export type Rule = (facts: PastedFacts) => Conclusion | null;

export function commandsOfChronyd(purpose: Parameters<typeof expertCommands>[2]): Conclusion['commands'] {
  return expertCommands(null, 'chronyd', purpose);
}
