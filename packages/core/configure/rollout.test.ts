import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  advanceRollout,
  isOver,
  type NodeProgress,
  type RolloutAction,
  type RolloutEvent,
  type RolloutState,
  type RolloutTurn,
  startRollout,
} from './rollout.ts';

function told(turn: RolloutTurn, ...events: readonly RolloutEvent[]): RolloutTurn {
  return events.reduce((last, event) => advanceRollout(last.state, event), turn);
}

const done = (node: string): readonly RolloutEvent[] => [
  { kind: 'applied', node },
  { kind: 'verified', node },
];

test('a wave begins when every node of the one before it is verified', () => {
  const start = startRollout([['s1'], ['w1', 'w2'], ['w3']], { maxFailures: 0 });
  expect(start.actions).toEqual([{ kind: 'apply', node: 's1' }]);
  const applied = told(start, { kind: 'applied', node: 's1' });
  expect(applied.actions).toEqual([{ kind: 'verify', node: 's1' }]);
  const verified = told(applied, { kind: 'verified', node: 's1' });
  expect(verified.actions).toEqual([
    { kind: 'apply', node: 'w1' },
    { kind: 'apply', node: 'w2' },
  ]);
  expect(told(verified, ...done('w2')).actions).toEqual([]);
  expect(told(verified, ...done('w2'), ...done('w1')).actions).toEqual([{ kind: 'apply', node: 'w3' }]);
});

test('the first failed verification is undone, the nodes beside it end, the rest stays untouched', () => {
  const wave = startRollout([['w1', 'w2'], ['w3']], { maxFailures: 0 });
  const failing = told(wave, { kind: 'applied', node: 'w1' }, { kind: 'verify-failed', node: 'w1' });
  expect(failing.actions).toEqual([{ kind: 'roll-back', node: 'w1' }]);
  const end = told(failing, { kind: 'rolled-back', node: 'w1' }, ...done('w2'));
  expect(end.state.progress).toEqual({ w1: 'rolled-back', w2: 'done', w3: 'untouched' });
  expect(isOver(end.state)).toBe(true);
});

test('as many failures as allowed do not halt', () => {
  const start = startRollout([['w1'], ['w2'], ['w3'], ['w4']], { maxFailures: 2 });
  const two = told(
    start,
    { kind: 'refused', node: 'w1' },
    { kind: 'apply-failed', node: 'w2' },
    { kind: 'roll-back-failed', node: 'w2' },
  );
  expect(two.actions).toEqual([{ kind: 'apply', node: 'w3' }]);
  const three = told(two, { kind: 'lost', node: 'w3' });
  expect(three.state.progress).toEqual({ w1: 'refused', w2: 'stuck', w3: 'lost', w4: 'untouched' });
});

test('the operator may stop: what is under way says where it stands, nothing new begins', () => {
  const start = startRollout([['w1'], ['w2']], { maxFailures: 0 });
  const stopped = told(start, { kind: 'stop' });
  expect(stopped.state.progress).toEqual({ w1: 'applying', w2: 'untouched' });
  expect(told(stopped, { kind: 'stopped', node: 'w1' }).state.progress.w1).toBe('stopped');
  // It may as well have come to its end meanwhile.
  expect(told(stopped, ...done('w1')).state.progress.w1).toBe('done');
});

test('an echo changes nothing, and no node is an end at once', () => {
  const start = startRollout([['w1'], ['w2']], { maxFailures: 0 });
  const after = told(start, ...done('w1'));
  expect(advanceRollout(after.state, { kind: 'verified', node: 'w1' })).toEqual({
    state: after.state,
    actions: [],
  });
  expect(advanceRollout(after.state, { kind: 'lost', node: 'stranger' }).state).toBe(after.state);
  expect(isOver(startRollout([], { maxFailures: 0 }).state)).toBe(true);
});

const underWay: readonly NodeProgress[] = ['applying', 'verifying', 'rolling-back'];

/** What may come of an action. */
const answers: Readonly<Record<RolloutAction['kind'], readonly Exclude<RolloutEvent['kind'], 'stop'>[]>> = {
  apply: ['applied', 'applied', 'applied', 'apply-failed', 'refused', 'lost', 'stopped'],
  verify: ['verified', 'verified', 'verified', 'verify-failed', 'lost', 'stopped'],
  'roll-back': ['rolled-back', 'rolled-back', 'roll-back-failed', 'lost', 'stopped'],
};

const cluster = fc
  .array(fc.integer({ min: 1, max: 4 }), { maxLength: 6 })
  .map((sizes) => sizes.map((size, wave) => Array.from({ length: size }, (_, index) => `n${wave}.${index}`)));

test('in any order of events: one wave at a time, nothing new after a halt, and an end for every node', () => {
  fc.assert(
    fc.property(cluster, fc.nat(3), fc.infiniteStream(fc.nat(1000)), (waves, maxFailures, dice) => {
      const roll = (sides: number): number => (dice.next().value ?? 0) % sides;
      let turn = startRollout(waves, { maxFailures });
      let open: readonly RolloutAction[] = turn.actions;
      const begun: string[] = [];
      while (true) {
        const fresh = turn.actions.flatMap(({ kind, node }) => (kind === 'apply' ? [node] : []));
        begun.push(...fresh);
        if (turn.state.halted) expect(fresh).toEqual([]);
        checkWaves(turn.state);
        if (open.length === 0) break;
        if (roll(40) === 0) turn = advanceRollout(turn.state, { kind: 'stop' });
        else {
          const chosen = open[roll(open.length)];
          if (chosen === undefined) break;
          const kinds = answers[chosen.kind];
          const kind = kinds[roll(kinds.length)] ?? 'lost';
          open = open.filter((action) => action !== chosen);
          turn = advanceRollout(turn.state, { kind, node: chosen.node });
        }
        open = [...open, ...turn.actions];
      }
      expect(isOver(turn.state)).toBe(true);
      expect(new Set(begun).size).toBe(begun.length);
      for (const node of waves.flat()) {
        expect(turn.state.progress[node] === 'untouched').toBe(!begun.includes(node));
      }
      const failures = Object.values(turn.state.progress).filter((one) =>
        ['rolled-back', 'stuck', 'refused', 'lost'].includes(one),
      ).length;
      if (failures > maxFailures) expect(turn.state.halted).toBe(true);
    }),
  );
});

function checkWaves({ waves, progress }: RolloutState): void {
  const active = waves.filter((wave) => wave.some((node) => underWay.includes(progress[node] ?? 'done')));
  expect(active.length).toBeLessThanOrEqual(1);
}
