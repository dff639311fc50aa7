/**
 * The order in which nodes are changed, and when to stop: servers one by one, each synchronized before the next; then
 * one worker as canary; then workers in batches; the rest of the control plane singly. A state machine: the adapters
 * perform its actions and tell it what came of them.
 */
import type { NodeDesign } from './design.ts';

export interface RolloutOptions {
  /** Share of the workers that may be changed at once, 0..1; at least one node. */
  readonly batch: number;
  /** So many failed nodes are borne before no further node is begun. 0: the first failure halts. */
  readonly maxFailures: number;
}

export type NodeProgress =
  | 'waiting'
  | 'applying'
  | 'verifying'
  | 'done'
  | 'rolling-back'
  /** Failed, and is what it was before. */
  | 'rolled-back'
  /** Failed, and could not be put back: a person must look. */
  | 'stuck'
  /** The rollout halted before it. */
  | 'untouched';

export interface RolloutState {
  readonly options: RolloutOptions;
  /** Nodes of one wave are changed at the same time; a wave begins when the one before it is over. */
  readonly waves: readonly (readonly string[])[];
  readonly progress: Readonly<Record<string, NodeProgress>>;
  readonly halted: boolean;
}

export type RolloutAction =
  | { readonly kind: 'apply'; readonly node: string }
  | { readonly kind: 'verify'; readonly node: string }
  | { readonly kind: 'roll-back'; readonly node: string };

export type RolloutEvent =
  | { readonly kind: 'applied' | 'verified' | 'rolled-back'; readonly node: string }
  | { readonly kind: 'apply-failed' | 'verify-failed' | 'roll-back-failed'; readonly node: string }
  /** The operator wants no further node to be begun. */
  | { readonly kind: 'stop' };

export interface RolloutTurn {
  readonly state: RolloutState;
  readonly actions: readonly RolloutAction[];
}

/** @param designs the nodes that have something to change */
export function startRollout(designs: readonly NodeDesign[], options: RolloutOptions): RolloutTurn {
  const waves = wavesOf(designs, options.batch);
  const progress = Object.fromEntries(waves.flat().map((node): [string, NodeProgress] => [node, 'waiting']));
  return beginNextWave({ options, waves, progress, halted: false });
}

export function wavesOf(designs: readonly NodeDesign[], batch: number): readonly (readonly string[])[] {
  const isControlPlane = ({ node }: NodeDesign): boolean =>
    node.roles.includes('control-plane') || node.roles.includes('etcd');
  const names = (wanted: (design: NodeDesign) => boolean): readonly string[] =>
    designs.filter(wanted).map(({ node }) => node.name);
  const servers = names((design) => design.part === 'server');
  const workers = names((design) => design.part === 'client' && !isControlPlane(design));
  const others = names((design) => design.part === 'client' && isControlPlane(design));
  const [canary, ...rest] = workers;
  const size = Math.max(1, Math.floor(workers.length * batch));
  const batches = Array.from({ length: Math.ceil(rest.length / size) }, (_, index) =>
    rest.slice(index * size, (index + 1) * size),
  );
  const single = (node: string): readonly string[] => [node];
  return [
    ...servers.map(single),
    ...(canary === undefined ? [] : [[canary]]),
    ...batches,
    ...others.map(single),
  ];
}

export function advanceRollout(state: RolloutState, event: RolloutEvent): RolloutTurn {
  switch (event.kind) {
    case 'stop':
      return beginNextWave({ ...state, halted: true });
    case 'applied':
      return move(state, event.node, 'applying', 'verifying', [{ kind: 'verify', node: event.node }]);
    case 'apply-failed':
      return move(state, event.node, 'applying', 'rolling-back', [{ kind: 'roll-back', node: event.node }]);
    case 'verify-failed':
      return move(state, event.node, 'verifying', 'rolling-back', [{ kind: 'roll-back', node: event.node }]);
    case 'verified':
      return move(state, event.node, 'verifying', 'done', []);
    case 'rolled-back':
      return move(state, event.node, 'rolling-back', 'rolled-back', []);
    case 'roll-back-failed':
      return move(state, event.node, 'rolling-back', 'stuck', []);
  }
}

/** Nothing is under way and nothing more will be begun. */
export function isOver(state: RolloutState): boolean {
  const under: readonly NodeProgress[] = ['waiting', 'applying', 'verifying', 'rolling-back'];
  return Object.values(state.progress).every((progress) => !under.includes(progress));
}

function move(
  state: RolloutState,
  node: string,
  from: NodeProgress,
  to: NodeProgress,
  actions: readonly RolloutAction[],
): RolloutTurn {
  // An event for a node that is elsewhere is an echo: it changes nothing.
  if (state.progress[node] !== from) return { state, actions: [] };
  const progress = { ...state.progress, [node]: to };
  const failures = Object.values(progress).filter((one) => failed.includes(one)).length;
  const next = { ...state, progress, halted: state.halted || failures > state.options.maxFailures };
  const turn = beginNextWave(next);
  return { state: turn.state, actions: [...actions, ...turn.actions] };
}

const failed: readonly NodeProgress[] = ['rolling-back', 'rolled-back', 'stuck'];

function beginNextWave(state: RolloutState): RolloutTurn {
  if (state.halted) {
    const progress = Object.entries(state.progress).map(([node, one]): [string, NodeProgress] => [
      node,
      one === 'waiting' ? 'untouched' : one,
    ]);
    return { state: { ...state, progress: Object.fromEntries(progress) }, actions: [] };
  }
  const ended: readonly NodeProgress[] = ['done', 'rolled-back', 'stuck'];
  const current = state.waves.find((wave) =>
    wave.some((node) => !ended.includes(state.progress[node] ?? 'done')),
  );
  const waiting = current?.filter((node) => state.progress[node] === 'waiting') ?? [];
  const progress = {
    ...state.progress,
    ...Object.fromEntries(waiting.map((node) => [node, 'applying' as const])),
  };
  return { state: { ...state, progress }, actions: waiting.map((node) => ({ kind: 'apply', node })) };
}
