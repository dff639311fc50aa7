import type { ConfigureFacts, RememberedRun } from '@clockwarden/core/configure';
import { text } from '@clockwarden/core/text';
import { estimate } from '@clockwarden/core/time';
import { testFacts } from '@clockwarden/testkit/configure';
import { testNode } from '@clockwarden/testkit/policy';
import { expect, test } from 'vitest';
import type { StepAnswers } from '../apply/guard.ts';
import type { MeasuredCorrection } from '../verify/index.ts';
import { clocksJson, describeClock, foretell, guardClocks } from './clocks.ts';
import type { NodeRollback, UndoneRun } from './prepare.ts';

const swap: UndoneRun['job'] = [
  {
    action: { kind: 'install-package', package: 'chrony', removes: ['systemd-timesyncd'], purge: [] },
    inverse: { kind: 'install-package', package: 'systemd-timesyncd', removes: ['chrony'], purge: [] },
  },
];
const zone: UndoneRun['job'] = [
  {
    action: { kind: 'put-file', path: '/etc/timezone', state: { kind: 'link', target: 'x' } },
    inverse: { kind: 'put-file', path: '/etc/timezone', state: { kind: 'absent' } },
  },
];

const worker = { etcd: false, apiserver: false };
const master = { etcd: true, apiserver: false };

function node(job: UndoneRun['job'], runs: ConfigureFacts['runs'] = worker, done = [0]): NodeRollback {
  const run: RememberedRun = {
    id: '20261122T120000Z-0001',
    operator: 'ann@desk',
    startedUnixSeconds: 0,
    state: 'applied',
    actions: 1,
    undoOrder: [0],
    done,
    undone: [],
    begun: null,
    digest: '',
  };
  return { spec: testNode('a'), facts: testFacts({ runs }), runs: [{ run, job }], changedByHand: [] };
}

const nobody = text('Nobody was asked.', '没有询问。');
const answers: StepAnswers = { yes: true, allowStep: false, allowBackwards: false, maxStepSeconds: 3_600 };

function measured(seconds: number): ReadonlyMap<string, MeasuredCorrection> {
  // What the daemon of the design would do is not what the daemon of before does.
  return new Map([['a', { offset: estimate(seconds, 0.001), correction: { kind: 'none' } }]]);
}

const disagree: MeasuredCorrection = {
  offset: null,
  correction: { kind: 'unknown', code: 'sources-disagree', why: text('They contradict.', '互相矛盾。') },
};

function codes(
  own: NodeRollback,
  corrections: ReadonlyMap<string, MeasuredCorrection>,
  more: Partial<StepAnswers> = {},
): readonly string[] {
  const guard = guardClocks([own], foretell([own], corrections, nobody), { ...answers, ...more });
  return [
    ...guard.refused.map(({ code }) => code),
    ...guard.questions.map(() => 'first'),
    ...guard.secondQuestions.map(() => 'second'),
  ];
}

function words(own: NodeRollback, corrections: ReadonlyMap<string, MeasuredCorrection>): string | undefined {
  const clock = foretell([own], corrections, nobody).get('a');
  return clock === undefined ? undefined : describeClock(clock).text.en;
}

test('it says what the daemon of before will do to the clock', () => {
  expect(words(node(swap), measured(0.2))).toBe(
    'Its clock is off by +200.0 ± 1.0 ms: systemd-timesyncd as it was before will slew it, for about 42.4 s, if its sources are right.',
  );
  expect(words(node(swap), measured(0))).toContain('will find nothing to correct');
  expect(words(node(swap), measured(-5))).toContain('will step it forwards');
  expect(words(node(swap), measured(0.4))).toContain('too close to tell');
  expect(words(node(null), measured(5))).toContain('the daemon of before may step it backwards');
  expect(words(node(null), measured(0.01))).toContain('will not step it noticeably');
});

test('it says where nobody can know', () => {
  expect(words(node(swap), new Map())).toBe(
    'How far its clock is off cannot be told, nor whether systemd-timesyncd as it was before will step it. Nobody was asked.',
  );
  expect(words(node(swap), new Map([['a', disagree]]))).toContain('They contradict.');
});

test('it says nothing where no daemon starts anew', () => {
  expect(words(node(zone), measured(5))).toBe(undefined);
  expect(words(node(swap, worker, []), measured(5))).toBe(undefined);
});

test('a step is refused and asked for as `apply` does', () => {
  expect(codes(node(swap, master), measured(-5))).toEqual(['control-plane']);
  expect(codes(node(swap, master), measured(-5), { allowStep: true })).toEqual([]);
  expect(codes(node(swap), measured(7_200))).toEqual(['step-too-large']);
  expect(codes(node(swap), measured(5))).toEqual(['second']);
  expect(codes(node(swap), measured(5), { yes: false })).toEqual(['first', 'second']);
  expect(codes(node(swap), measured(5), { allowBackwards: true })).toEqual([]);
});

test('whoever is not stepped, or not known to be off, is held up by nothing', () => {
  expect(codes(node(swap, master), measured(0.2))).toEqual([]);
  expect(codes(node(zone, master), measured(5))).toEqual([]);
  expect(codes(node(swap, master), new Map())).toEqual([]);
  expect(codes(node(swap, master), new Map([['a', disagree]]))).toEqual([]);
});

test('--json tells the same', () => {
  const json = (own: NodeRollback, corrections: ReadonlyMap<string, MeasuredCorrection>) =>
    clocksJson(foretell([own], corrections, nobody), 'zh-CN', new Date(0));
  const head = { event: 'clocks', at: '1970-01-01T00:00:00.000Z' };
  expect(json(node(swap), measured(-5))).toEqual({
    ...head,
    nodes: [
      {
        node: 'a',
        unit: 'systemd-timesyncd.service',
        limitKnown: true,
        offset: { seconds: -5, lowSeconds: -5.001, highSeconds: -4.999 },
        correction: { kind: 'step', seconds: -5, durationSeconds: null },
        text: expect.stringContaining('将使其向前跳变'),
      },
    ],
  });
  expect(json(node(null), new Map())).toEqual({
    ...head,
    nodes: [
      {
        node: 'a',
        unit: null,
        limitKnown: false,
        offset: null,
        correction: { kind: 'unknown', seconds: null, durationSeconds: null },
        text: expect.stringContaining('没有询问。'),
      },
    ],
  });
  expect(json(node(swap), measured(0.2))).toMatchObject({
    nodes: [{ correction: { kind: 'slew', seconds: 0.2, durationSeconds: expect.closeTo(42.4, 0) } }],
  });
  expect(json(node(zone), measured(5))).toEqual({ ...head, nodes: [] });
});
