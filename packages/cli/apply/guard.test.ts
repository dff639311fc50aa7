import type { ConfigureFacts } from '@clockwarden/core/configure';
import { estimate } from '@clockwarden/core/time';
import { testFacts } from '@clockwarden/testkit/configure';
import { expect, test } from 'vitest';
import type { MeasuredCorrection } from '../verify/index.ts';
import { type GuardResult, guardSteps, type StepAnswers, stepQuestions } from './guard.ts';

const answers: StepAnswers = { yes: false, allowStep: false, allowBackwards: false, maxStepSeconds: 3_600 };

function guarded(seconds: number, runs: ConfigureFacts['runs'], change: Partial<StepAnswers>): GuardResult {
  const facts = testFacts({ runs });
  const measured: MeasuredCorrection = {
    offset: estimate(seconds, 0.001),
    correction: { kind: 'step', seconds, backwards: seconds > 0 },
  };
  return guardSteps([{ name: 'a', facts }], new Map([['a', measured]]), { ...answers, ...change });
}

const worker = { etcd: false, apiserver: false };
const controlPlane = { etcd: true, apiserver: true };

test('a step forwards is asked for once, a step backwards twice', () => {
  const forwards = guarded(-20, worker, {});
  expect([forwards.questions.length, forwards.secondQuestions.length]).toEqual([1, 0]);
  const backwards = guarded(20, worker, {});
  expect([backwards.questions.length, backwards.secondQuestions.length]).toEqual([1, 1]);
});

test('--yes is not enough for a step backwards', () => {
  const yes = guarded(20, worker, { yes: true });
  expect([yes.questions.length, yes.secondQuestions.length]).toEqual([0, 1]);
  const both = guarded(20, worker, { yes: true, allowBackwards: true });
  expect([both.questions.length, both.secondQuestions.length]).toEqual([0, 0]);
  expect(guarded(-20, worker, { yes: true }).questions).toEqual([]);
});

test.each<[number, ConfigureFacts['runs'], Partial<StepAnswers>, string | undefined]>([
  [20, controlPlane, { yes: true }, 'control-plane'],
  [20, controlPlane, { yes: true, allowStep: true }, undefined],
  [-7_200, worker, { yes: true }, 'step-too-large'],
  [-7_200, worker, { yes: true, maxStepSeconds: 8_000 }, undefined],
])('a step by %d s where %j runs, with %j', (seconds, runs, change, code) => {
  expect(guarded(seconds, runs, change).refused[0]?.code).toBe(code);
});

test('a node that nobody measured is not ruled', () => {
  expect(guardSteps([], new Map(), answers)).toEqual({ refused: [], questions: [], secondQuestions: [] });
});

test('one question is asked for all nodes', () => {
  const one = guarded(20, worker, {});
  expect(stepQuestions(one).map(([, instead]) => instead)).toEqual(['--yes', '--allow-backwards-step']);
  const two: GuardResult = { ...one, questions: [...one.questions, ...one.questions] };
  const [[first] = []] = stepQuestions(two);
  expect(first?.en).toMatch(/^Yes to all 2 of these\?\n {2}Step the clock of a /);
});
