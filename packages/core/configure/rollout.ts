/**
 * How a plan comes to its nodes, and when to stop: wave by wave, each node verified before the next wave begins; the first
 * failed verification is undone on its node and ends the rollout for those that wait. A state machine: the outside performs
 * its actions and tells it what came of them.
 */

export interface RolloutOptions {
  /** So many failed nodes are borne before no further node is begun. 0: the first failure halts. */
  readonly maxFailures: number;
}

export type NodeProgress = 'waiting' | 'applying' | 'verifying' | 'rolling-back' | EndedProgress;

export type EndedProgress =
  | 'done'
  /** Failed, and is what it was before. */
  | 'rolled-back'
  /** Failed, and could not be put back: a person must look. */
  | 'stuck'
  /** Objected before the first write: locked meanwhile, already unwell. It is what it was. */
  | 'refused'
  /** Contact was lost in between; its own journal knows how far it came. */
  | 'lost'
  /** The operator ended the run in between, at a boundary where the node is whole. */
  | 'stopped'
  /** The rollout halted before it. */
  | 'untouched';

export interface RolloutState {
  readonly options: RolloutOptions;
  /** Nodes of one wave are changed at the same time; a wave begins when the one before it is over. */
  readonly waves: readonly (readonly string[])[];
  readonly progress: Readonly<Record<string, NodeProgress>>;
  /** No further node is begun. */
  readonly halted: boolean;
}

export type RolloutAction =
  | { readonly kind: 'apply'; readonly node: string }
  | { readonly kind: 'verify'; readonly node: string }
  | { readonly kind: 'roll-back'; readonly node: string };

export type RolloutEvent =
  | {
      readonly kind:
        | 'applied'
        | 'apply-failed'
        | 'verified'
        | 'verify-failed'
        | 'rolled-back'
        | 'roll-back-failed'
        | 'refused'
        | 'lost'
        | 'stopped';
      readonly node: string;
    }
  /** The operator wants nothing further to be begun. */
  | { readonly kind: 'stop' };

export interface RolloutTurn {
  readonly state: RolloutState;
  /** In the order in which they are to be begun. */
  readonly actions: readonly RolloutAction[];
}

/** @param waves of `wavesOf`; a node stands in one of them, once */
export function startRollout(waves: readonly (readonly string[])[], options: RolloutOptions): RolloutTurn {
  const progress = Object.fromEntries(waves.flat().map((node) => [node, 'waiting' as const]));
  return beginNextWave({ options, waves, progress, halted: false });
}

export function advanceRollout(state: RolloutState, event: RolloutEvent): RolloutTurn {
  if (event.kind === 'stop') return beginNextWave({ ...state, halted: true });
  const from = state.progress[event.node];
  const to = from === undefined ? undefined : moves[event.kind][from];
  // An event for a node that is elsewhere is an echo: it changes nothing.
  if (to === undefined) return { state, actions: [] };
  const progress = { ...state.progress, [event.node]: to };
  const failures = Object.values(progress).filter((one) => failed.has(one)).length;
  const halted = state.halted || failures > state.options.maxFailures;
  const turn = beginNextWave({ ...state, progress, halted });
  const own = entered[to];
  return {
    state: turn.state,
    actions: own === undefined ? turn.actions : [{ kind: own, node: event.node }, ...turn.actions],
  };
}

/** Nothing is under way and nothing more will be begun. */
export function isOver(state: RolloutState): boolean {
  return Object.values(state.progress).every(isEnded);
}

export function isEnded(progress: NodeProgress): progress is EndedProgress {
  return progress !== 'waiting' && !underWay.has(progress);
}

type Moves = Readonly<Partial<Record<NodeProgress, NodeProgress>>>;

const fromAny = (to: NodeProgress): Moves => ({ applying: to, verifying: to, 'rolling-back': to });

const moves: Readonly<Record<Exclude<RolloutEvent['kind'], 'stop'>, Moves>> = {
  applied: { applying: 'verifying' },
  'apply-failed': { applying: 'rolling-back' },
  verified: { verifying: 'done' },
  'verify-failed': { verifying: 'rolling-back' },
  'rolled-back': { 'rolling-back': 'rolled-back' },
  'roll-back-failed': { 'rolling-back': 'stuck' },
  refused: { applying: 'refused' },
  lost: fromAny('lost'),
  stopped: fromAny('stopped'),
};

/** What is to be done for a node that has come there. */
const entered: Readonly<Partial<Record<NodeProgress, RolloutAction['kind']>>> = {
  verifying: 'verify',
  'rolling-back': 'roll-back',
};

const underWay: ReadonlySet<NodeProgress> = new Set(['applying', 'verifying', 'rolling-back']);

const failed: ReadonlySet<NodeProgress> = new Set([
  'rolling-back',
  'rolled-back',
  'stuck',
  'refused',
  'lost',
]);

function beginNextWave(state: RolloutState): RolloutTurn {
  const replaced = (from: readonly string[], to: NodeProgress): RolloutState => ({
    ...state,
    progress: { ...state.progress, ...Object.fromEntries(from.map((node) => [node, to])) },
  });
  const waiting = (node: string): boolean => state.progress[node] === 'waiting';
  if (state.halted) {
    return { state: replaced(Object.keys(state.progress).filter(waiting), 'untouched'), actions: [] };
  }
  const current = state.waves.find((wave) => wave.some((node) => !isEnded(state.progress[node] ?? 'done')));
  const begun = current?.filter(waiting) ?? [];
  return { state: replaced(begun, 'applying'), actions: begun.map((node) => ({ kind: 'apply', node })) };
}
