import type { PlanDocumentNode } from '@clockwarden/adapters/configure';
import { type ConfigureFacts, type NodePlan, type RememberedRun, seenOf } from '@clockwarden/core/configure';
import { failure } from '@clockwarden/core/observe';
import { text } from '@clockwarden/core/text';
import { testFacts } from '@clockwarden/testkit/configure';
import { expect, test } from 'vitest';
import { type Judgement, judgeNode, type NodeCase } from './judge.ts';

const facts = testFacts({ files: { '/etc/timezone': { kind: 'absent' } } });

const step = {
  action: { kind: 'put-file', path: '/etc/timezone', state: { kind: 'link', target: 'x' } },
  inverse: { kind: 'put-file', path: '/etc/timezone', state: { kind: 'absent' } },
} as const;

const planned: PlanDocumentNode = {
  name: 'a',
  part: 'client',
  seen: seenOf(facts),
  failure: null,
  problems: [],
  offset: null,
  correction: null,
  actions: [{ ...step, reason: 'why' }],
};

const wanted: NodePlan = {
  node: 'a',
  part: 'client',
  actions: [{ ...step, reason: text('why', '原因') }],
  problems: [],
  seen: seenOf(facts),
};

const run: RememberedRun = {
  id: '20261122T120000Z-0001',
  operator: 'bob@desk',
  startedUnixSeconds: 0,
  state: 'unfinished',
  actions: 1,
  undoOrder: [0],
  done: [],
  undone: [],
  begun: 0,
  digest: 'D1',
};

function judged(change: Partial<NodeCase> = {}): Judgement {
  const found = { ok: true, facts } as const;
  return judgeNode({
    name: 'a',
    planned,
    found,
    wanted,
    takeOver: false,
    operator: 'ann@desk',
    digestOf: (actions) => `D${actions.length}`,
    ...change,
  });
}

function withFacts(change: Partial<ConfigureFacts>): Pick<NodeCase, 'found'> {
  return { found: { ok: true, facts: { ...facts, ...change } } };
}

test('a node that is what the plan was made for is begun, with the actions alone', () => {
  expect(judged()).toEqual({ kind: 'begin', actions: [step] });
});

test('a node that is as wanted is left alone, whatever has happened to it since', () => {
  const there = withFacts({ files: { '/etc/timezone': { kind: 'link', target: 'x' } } });
  expect(judged({ ...there, wanted: { ...wanted, actions: [] } })).toEqual({ kind: 'as-wanted' });
});

test.each<[string, Partial<NodeCase>, string]>([
  [
    'a node that is silent',
    { found: { ok: false, failure: failure('unreachable', text('no answer', '无应答')) } },
    'unreachable',
  ],
  ['one that is no node any more', { found: undefined }, 'not-there'],
  ['one that changed', withFacts({ files: { '/etc/timezone': { kind: 'link', target: 'y' } } }), 'changed'],
  [
    'a design that changed',
    { wanted: { ...wanted, actions: [...wanted.actions, ...wanted.actions] } },
    'not-wanted',
  ],
  [
    'one that cannot be planned',
    { wanted: { ...wanted, problems: [{ severity: 'error', text: text('no systemd', '没有 systemd') }] } },
    'blocked',
  ],
  ['one that could not be planned then', { planned: { ...planned, actions: null, seen: null } }, 'blocked'],
  [
    'one that another holds',
    withFacts({ remembered: { lock: { operator: 'bob', run: run.id, sinceUnixSeconds: 0 }, runs: [] } }),
    'locked',
  ],
  [
    'one in which another plan was cut',
    withFacts({ remembered: { lock: null, runs: [{ ...run, digest: 'other' }] } }),
    'unfinished',
  ],
])('%s is refused', (_, change, code) => {
  expect(judged(change)).toMatchObject({ kind: 'refused', code });
});

test('what changed is named', () => {
  const changed = judged(withFacts({ files: { '/etc/timezone': { kind: 'link', target: 'y' } } }));
  expect(changed).toMatchObject({ text: { en: expect.stringContaining('file /etc/timezone') } });
});

test('a lock is taken over where that is wanted', () => {
  const locked = withFacts({
    remembered: { lock: { operator: 'bob', run: run.id, sinceUnixSeconds: 0 }, runs: [] },
  });
  expect(judged({ ...locked, takeOver: true })).toMatchObject({ kind: 'begin' });
});

test('the agent that our own killed run left behind is waited for', () => {
  const lock = { operator: 'ann@desk', run: run.id, sinceUnixSeconds: 0 };
  expect(judged(withFacts({ remembered: { lock, runs: [run] } }))).toMatchObject({ kind: 'resume' });
  expect(judged(withFacts({ remembered: { lock, runs: [{ ...run, state: 'applied' }] } }))).toMatchObject({
    code: 'locked',
  });
});

test('a run of the same plan goes on, and so does one that only the node knows', () => {
  const cut = withFacts({ remembered: { lock: null, runs: [run] } });
  expect(judged(cut)).toEqual({ kind: 'resume', run, actions: [step] });
  expect(judged({ ...cut, planned: null })).toEqual({ kind: 'resume', run, actions: null });
  const over = withFacts({ remembered: { lock: null, runs: [{ ...run, state: 'applied' }] } });
  expect(judged(over)).toMatchObject({ kind: 'begin' });
});
