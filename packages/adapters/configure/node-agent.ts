/** The face of one node's agent. What it does on the node: docs/development/agent.md. */
import type { Action, LockHolder, NodeMemory } from '@clockwarden/core/configure';
import type { Text } from '@clockwarden/core/text';

/** One node's agent, reached over one ssh login that the whole command shares. Its calls are made one after the other. */
export interface NodeAgent {
  /** What the node remembered when the agent was opened: who held its lock, its runs in order with their state. */
  readonly remembered: NodeMemory;
  /** Takes the lock and keeps the whole job (actions, inverses, undo order) on the node before the first write. */
  begin(job: AgentJob): Promise<StepResult>;
  /** Takes the lock and goes on with a run that the node remembers. Without `holder.operator` it is held in the name of who began the run. */
  resume(
    run: string,
    holder?: { readonly operator?: string; readonly takeOver?: boolean },
  ): Promise<StepResult>;
  perform(index: number): Promise<StepResult>;
  /** Does the inverse; an action without one is undone by saying so. */
  undo(index: number): Promise<StepResult>;
  /** Closes the run in the node's journal and gives the lock back. */
  finish(outcome: 'applied' | 'rolled-back'): Promise<StepResult>;
  /** Gives the lock back, the run stays unfinished, and the login ends. Never rejects. */
  close(): Promise<void>;
}

export interface AgentJob {
  /** `YYYYMMDDTHHMMSSZ-xxxx`. */
  readonly run: string;
  /** Who, for people: `user@host`. */
  readonly operator: string;
  readonly actions: readonly { readonly action: Action; readonly inverse: Action | null }[];
  /** Take the lock from whoever holds it: their agent stops before its next action. */
  readonly takeOver: boolean;
}

/**
 * `failed`: the action could not be done and was put back. `locked`: another holds the node (`lock` says who), or has taken
 * it over. `lost`: the login died or its time was up; what the node did is in its journal. `refused`: the agent does not
 * do such a thing (a word that is no path, a run that it does not know); nothing was touched.
 */
export type StepResult =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly code: 'failed' | 'locked' | 'lost' | 'refused';
      readonly text: Text;
      readonly lock?: LockHolder;
    };
