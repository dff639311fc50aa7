import type { NodeObservation } from '../../observe/index.ts';
import type { ClusterPolicy } from '../../policy/index.ts';
import type { Estimate } from '../../time/index.ts';
import type { Reason } from '../reason.ts';

export interface NodeContext {
  readonly policy: ClusterPolicy;
  /** Node against the cluster median, or against the other node where there are two; null: unknown. */
  readonly offset: Estimate | null;
  readonly comparedWith: 'median' | 'other-node' | 'nothing';
  /** Whom the policy wants it to follow, by all their names; empty: not said. */
  readonly intended: readonly string[];
  /** The timezone that most nodes have; null when there is no majority. */
  readonly commonTimezone: string | null;
}

/** Looks at one thing of one node and says nothing when it is fine. */
export type Rule = (observation: NodeObservation, context: NodeContext) => readonly Reason[];
