import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NodeRole } from '../inventory/index.ts';
import type { NodeDesign } from './design.ts';
import {
  advanceRollout,
  isOver,
  type RolloutEvent,
  type RolloutState,
  startRollout,
  wavesOf,
} from './rollout.ts';

function design(name: string, part: NodeDesign['part'], ...roles: NodeRole[]): NodeDesign {
  return {
    node: { name, address: name, roles, ssh: {}, origin: 'test' },
    part,
    daemon: 'chronyd',
    upstreams: [],
    servers: [],
    refclocks: [],
    allow: [],
    orphan: false,
    minSources: null,
    timezone: null,
  };
}

const cluster = [
  design('cp1', 'server', 'control-plane'),
  design('cp2', 'server', 'control-plane'),
  design('cp3', 'client', 'control-plane', 'etcd'),
  ...Array.from({ length: 9 }, (_, index) => design(`w${index}`, 'client', 'worker')),
];

/** Plays a rollout; `outcome` says what comes of an action. Returns the order in which actions were begun. */
function play(
  options: { batch: number; maxFailures: number },
  outcome: (kind: string, node: string) => boolean,
): { readonly began: readonly string[]; readonly state: RolloutState } {
  let turn = startRollout(cluster, options);
  const queue = [...turn.actions];
  const began: string[] = [];
  for (let action = queue.shift(); action !== undefined; action = queue.shift()) {
    began.push(`${action.kind} ${action.node}`);
    const good = outcome(action.kind, action.node);
    const kinds = {
      apply: ['applied', 'apply-failed'],
      verify: ['verified', 'verify-failed'],
      'roll-back': ['rolled-back', 'roll-back-failed'],
    } as const;
    const event: RolloutEvent = { kind: kinds[action.kind][good ? 0 : 1], node: action.node };
    turn = advanceRollout(turn.state, event);
    queue.push(...turn.actions);
  }
  return { began, state: turn.state };
}

describe('the order', () => {
  test('servers singly, a canary, batches of workers, the rest of the control plane singly', () => {
    expect(wavesOf(cluster, 0.25)).toEqual([
      ['cp1'],
      ['cp2'],
      ['w0'],
      ['w1', 'w2'],
      ['w3', 'w4'],
      ['w5', 'w6'],
      ['w7', 'w8'],
      ['cp3'],
    ]);
    expect(wavesOf(cluster, 1)).toEqual([
      ['cp1'],
      ['cp2'],
      ['w0'],
      ['w1', 'w2', 'w3', 'w4', 'w5', 'w6', 'w7', 'w8'],
      ['cp3'],
    ]);
    expect(wavesOf([], 0.25)).toEqual([]);
  });

  test('each server is verified before the next node is begun', () => {
    const { began, state } = play({ batch: 0.25, maxFailures: 0 }, () => true);
    expect(began.slice(0, 6)).toEqual([
      'apply cp1',
      'verify cp1',
      'apply cp2',
      'verify cp2',
      'apply w0',
      'verify w0',
    ]);
    expect(new Set(Object.values(state.progress))).toEqual(new Set(['done']));
    expect(isOver(state)).toBe(true);
  });
});

describe('failures', () => {
  test('the first failed verification halts: that node is put back, the rest is untouched', () => {
    const { began, state } = play(
      { batch: 0.25, maxFailures: 0 },
      (kind, node) => !(kind === 'verify' && node === 'w0'),
    );
    expect(began.at(-1)).toBe('roll-back w0');
    expect(state.progress).toMatchObject({
      cp1: 'done',
      w0: 'rolled-back',
      w1: 'untouched',
      cp3: 'untouched',
    });
    expect(state.halted).toBe(true);
    expect(isOver(state)).toBe(true);
  });

  test('a node that cannot be put back is told apart', () => {
    const { state } = play({ batch: 0.25, maxFailures: 0 }, (_, node) => node !== 'cp1');
    expect(state.progress.cp1).toBe('stuck');
    expect(state.progress.cp2).toBe('untouched');
  });

  test('some failures may be borne', () => {
    const { state } = play(
      { batch: 0.25, maxFailures: 1 },
      (kind, node) => kind === 'roll-back' || node !== 'w3',
    );
    expect(state.progress).toMatchObject({ w3: 'rolled-back', w8: 'done', cp3: 'done' });
    expect(state.halted).toBe(false);
  });

  test('stop lets what is under way end and begins nothing more', () => {
    const first = startRollout(cluster, { batch: 0.25, maxFailures: 0 });
    const stopped = advanceRollout(first.state, { kind: 'stop' });
    expect(stopped.state.progress).toMatchObject({ cp1: 'applying', cp2: 'untouched' });
    expect(isOver(stopped.state)).toBe(false);
    const applied = advanceRollout(stopped.state, { kind: 'applied', node: 'cp1' });
    expect(applied.actions).toEqual([{ kind: 'verify', node: 'cp1' }]);
    expect(isOver(advanceRollout(applied.state, { kind: 'verified', node: 'cp1' }).state)).toBe(true);
  });

  test('an echo of an event changes nothing', () => {
    const first = startRollout(cluster, { batch: 0.25, maxFailures: 0 });
    expect(advanceRollout(first.state, { kind: 'verified', node: 'cp1' })).toEqual({
      state: first.state,
      actions: [],
    });
  });

  test('whatever fails, it ends, never more than a batch is under way, and no node fails unseen', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.boolean()), fc.integer({ min: 0, max: 3 }), (luck, maxFailures) => {
        const { state } = play({ batch: 0.25, maxFailures }, () => luck.next().value === true);
        expect(isOver(state)).toBe(true);
        const failed = Object.values(state.progress).filter(
          (one) => one === 'rolled-back' || one === 'stuck',
        ).length;
        // A batch under way when the limit is passed may fail as a whole.
        expect(failed).toBeLessThanOrEqual(maxFailures + 2);
      }),
      { numRuns: 300 },
    );
  });
});
