import { text } from '../../text/index.ts';
import { saysSynchronized } from '../synchronized.ts';
import type { Rule } from './rule.ts';

/** A clock that nothing is held against, on a node that does not say whether it follows anybody: nobody can call it right. */
export const unknownSyncRule: Rule = (observation, { comparedWith }) => {
  const { clock } = observation.facts;
  if (clock === null || comparedWith !== 'nothing' || saysSynchronized(observation) !== null) return [];
  return [
    {
      code: 'sync-unknown',
      severity: 'undetermined',
      text: text(
        'Its clock is read, but there is no other to hold it against, and no source tells whether it is synchronized.',
        '读到了它的时钟，但没有其他时钟可比，也没有来源说明它是否已同步。',
      ),
      endangers: null,
      evidence: { clocksToCompare: 0 },
      source: clock.source,
      ageSeconds: clock.ageSeconds,
    },
  ];
};
