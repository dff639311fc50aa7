import type { FuzzTarget } from '@clockwarden/testkit/fuzz';
import { lintRules, lintText, mendText } from './lint.ts';

const context = { chronyVersion: [4, 3], whole: true };

/** Every parser of a daemon's file with all of its rules, and the mending of what they find. */
export const fuzz: readonly FuzzTarget[] = (['chrony.conf', 'timesyncd.conf', 'ntp.conf'] as const).map(
  (subject) => ({
    name: `lint-${subject.replace('.', '-')}`,
    run: (input) => {
      const content = new TextDecoder().decode(input);
      lintText(content, subject, context);
      mendText(content, subject, context);
    },
    seeds: () =>
      lintRules
        .filter((rule) => rule.subject === subject)
        .map((rule) => new TextEncoder().encode(rule.bad + rule.good)),
  }),
);
