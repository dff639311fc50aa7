import { describe, expect, test } from 'vitest';
import type { Correction, UnknownCorrection } from './correction.ts';
import { DEFAULT_MAX_STEP_SECONDS, openQuestions, ruleStep } from './step-guard.ts';

const step = (seconds: number): Correction => ({ kind: 'step', seconds, backwards: seconds > 0 });
const unknown = (code: UnknownCorrection): Correction => ({
  kind: 'unknown',
  code,
  why: { en: 'Nobody answers.', 'zh-CN': '无应答。' },
});
const worker = { etcd: false, apiserver: false };
const consent = { allowStep: false, maxStepSeconds: DEFAULT_MAX_STEP_SECONDS };

function questions(correction: Correction, runs = worker, given = consent): number {
  const ruling = ruleStep('node1', correction, runs, given);
  if (ruling.kind === 'refused') throw new Error(ruling.text.en);
  return ruling.questions.length;
}

function refusal(correction: Correction, runs = worker, given = consent): string {
  const ruling = ruleStep('node1', correction, runs, given);
  return ruling.kind === 'refused' ? ruling.code : ruling.kind;
}

test('a clock that is not stepped is nobody’s question', () => {
  expect(questions({ kind: 'none' }, { etcd: true, apiserver: true })).toBe(0);
  expect(
    questions({ kind: 'slew', seconds: 0.5, durationSeconds: 6 }, { etcd: true, apiserver: false }),
  ).toBe(0);
});

test('forwards asks once, backwards twice', () => {
  expect(questions(step(-30))).toBe(1);
  expect(questions(step(30))).toBe(2);
});

describe('refused', () => {
  test('beyond the largest step, either way, until that is raised', () => {
    expect(refusal(step(3_601))).toBe('step-too-large');
    expect(refusal(step(-3_601), worker, { ...consent, allowStep: true })).toBe('step-too-large');
    expect(questions(step(-3_601), worker, { ...consent, maxStepSeconds: 7_200 })).toBe(1);
  });

  test.each([
    { etcd: true, apiserver: false },
    { etcd: false, apiserver: true },
  ])('where %o run, unless it is allowed', (runs) => {
    expect(refusal(step(-2), runs)).toBe('control-plane');
    expect(refusal(unknown('no-source'), runs)).toBe('control-plane');
    expect(questions(step(-2), runs, { ...consent, allowStep: true })).toBe(1);
  });

  test('while the sources disagree, whatever is allowed', () => {
    const all = { allowStep: true, maxStepSeconds: Number.POSITIVE_INFINITY };
    expect(refusal(unknown('sources-disagree'), worker, all)).toBe('sources-disagree');
  });
});

test('a step of unknown size is asked about', () => {
  expect(questions(unknown('no-source'))).toBe(1);
});

test('--yes answers once, --allow-backwards-step the second time', () => {
  const ruling = ruleStep('node1', step(30), worker, consent);
  if (ruling.kind === 'refused') throw new Error(ruling.text.en);
  const open = (yes: boolean, allowBackwards: boolean) =>
    openQuestions(ruling, { yes, allowBackwards }).length;
  expect([open(false, false), open(true, false), open(false, true), open(true, true)]).toEqual([2, 1, 1, 0]);
});
