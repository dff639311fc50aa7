import type { NodeOutcome } from '@clockwarden/core/configure';
import { expect, test } from 'vitest';
import { isCertain, pauseSeconds, spellAfter, type WrongSpell } from './patience.ts';

const outcome = (stage: NodeOutcome['stage'], grade: NodeOutcome['grade']): NodeOutcome => ({
  node: 'a',
  outcome: stage,
  stage,
  grade,
  waitsFor: null,
  remainingSeconds: null,
  checks: [],
});

/** After so many looks, three seconds apart. */
function certainAfter(looks: number, one: NodeOutcome): boolean {
  let spell: WrongSpell | null = null;
  for (let look = 0; look < looks; look += 1) spell = spellAfter(spell, one, look * 3_000);
  return isCertain(one, spell, (looks - 1) * 3_000);
}

test('what is written otherwise is certain at once, a daemon that is down after ten seconds', () => {
  expect(certainAfter(1, outcome('not-written', 'wrong'))).toBe(true);
  expect([1, 3, 5].map((looks) => certainAfter(looks, outcome('written', 'wrong')))).toEqual([
    false,
    false,
    true,
  ]);
});

test('a daemon is given a poll interval to notice that its clock is off', () => {
  expect(certainAfter(5, outcome('contradicted', 'wrong'))).toBe(false);
  expect(certainAfter(31, outcome('contradicted', 'wrong'))).toBe(true);
});

test('a spell ends with the first look that is not wrong, and waiting is never certain', () => {
  const wrong = spellAfter(null, outcome('written', 'wrong'), 0);
  expect(spellAfter(wrong, outcome('running', 'waiting'), 3_000)).toBeNull();
  expect(isCertain(outcome('running', 'waiting'), null, 1e9)).toBe(false);
});

test('looks are two to fifteen seconds apart, by what is left', () => {
  expect([null, 4, 40, 4_000].map((remainingSeconds) => pauseSeconds({ remainingSeconds }))).toEqual([
    2, 2, 10, 15,
  ]);
});
