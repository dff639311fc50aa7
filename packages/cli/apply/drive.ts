/** Lets the rollout machine decide and the nodes' work happen, until every node has come to an end. */
import {
  advanceRollout,
  isEnded,
  isOver,
  type RolloutAction,
  type RolloutEvent,
  type RolloutOptions,
  type RolloutState,
  type RolloutTurn,
  startRollout,
} from '@clockwarden/core/configure';
import type { Say } from './events.ts';
import type { NodeRunEnd } from './node-run.ts';

/** What can be done for one node; the methods are called one after the other. */
export interface NodeWork {
  apply(): Promise<NodeRunEnd>;
  /** Holds the node against what it was to become, and closes its run. */
  verify(): Promise<NodeRunEnd>;
  rollBack(): Promise<NodeRunEnd>;
  /** Called once the node has come to its end. */
  close(): Promise<void>;
}

/** @param stop aborted when nothing further is to be begun */
export async function drive(
  waves: readonly (readonly string[])[],
  options: RolloutOptions,
  work: ReadonlyMap<string, NodeWork>,
  stop: AbortSignal,
  say: Say,
): Promise<RolloutState> {
  return new Promise((resolve, reject) => {
    let state: RolloutState | null = null;
    const closing: Promise<void>[] = [];
    const take = (turn: RolloutTurn, event: RolloutEvent | null, why: NodeRunEnd | null): void => {
      const before = state?.progress ?? {};
      state = turn.state;
      for (const [node, progress] of Object.entries(turn.state.progress)) {
        if (before[node] === progress || progress === 'waiting') continue;
        const own = event !== null && 'node' in event && event.node === node;
        say({ event: 'node', node, progress, text: own && why !== null && 'text' in why ? why.text : null });
        if (isEnded(progress) && progress !== 'untouched')
          closing.push(work.get(node)?.close() ?? Promise.resolve());
      }
      for (const action of turn.actions) {
        perform(action, work)
          .then((end) => {
            const next: RolloutEvent = { kind: eventOf(action, end), node: action.node };
            take(advanceRollout(state ?? turn.state, next), next, end);
          })
          .catch(reject);
      }
      if (isOver(turn.state)) {
        stop.removeEventListener('abort', halt);
        Promise.all(closing).then(() => resolve(turn.state), reject);
      }
    };
    const halt = (): void => {
      if (state !== null) take(advanceRollout(state, { kind: 'stop' }), null, null);
    };
    take(startRollout(waves, options), null, null);
    if (stop.aborted) halt();
    else stop.addEventListener('abort', halt, { once: true });
  });
}

async function perform(
  { kind, node }: RolloutAction,
  work: ReadonlyMap<string, NodeWork>,
): Promise<NodeRunEnd> {
  const own = work.get(node);
  if (own === undefined) throw new Error(`no work for ${node}`);
  return kind === 'apply' ? own.apply() : kind === 'verify' ? own.verify() : own.rollBack();
}

function eventOf({ kind }: RolloutAction, end: NodeRunEnd): Exclude<RolloutEvent['kind'], 'stop'> {
  if (end.kind === 'stopped' || end.kind === 'lost') return end.kind;
  if (kind === 'apply') {
    return end.kind === 'done' ? 'applied' : end.kind === 'refused' ? 'refused' : 'apply-failed';
  }
  if (kind === 'verify') return end.kind === 'done' ? 'verified' : 'verify-failed';
  return end.kind === 'done' ? 'rolled-back' : 'roll-back-failed';
}
