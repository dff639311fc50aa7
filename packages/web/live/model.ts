import type { Change, ClusterHeader, ServerStatus } from '@clockwarden/api/console';
import type { NodeRow } from '@clockwarden/api/snapshot';
import type { DisplayStatus } from '@clockwarden/core/assess';

/** A row with what the page adds: its status, and when it came (milliseconds of performance.now()), from which its age grows. */
export interface LiveRow extends NodeRow {
  readonly status: DisplayStatus;
  readonly receivedAt: number;
}

type Connection = 'connecting' | 'live' | 'lost';

/** What went wrong with the first load; afterwards the last data stay and `connection` tells. */
export type LoadProblem = 'unreachable' | 'unauthenticated' | 'failed';

export interface LiveState {
  readonly connection: Connection;
  /** performance.now() of the last sign of life; null before the first. */
  readonly heardAt: number | null;
  readonly problem: LoadProblem | null;
  readonly cluster: ClusterHeader | null;
  /** performance.now() when `cluster` came. */
  readonly clusterReceivedAt: number;
  readonly rows: readonly LiveRow[];
  /** Name → place in `rows`. */
  readonly places: ReadonlyMap<string, number>;
  readonly status: ServerStatus | null;
  /** Newest first. */
  readonly changes: readonly Change[];
}

export const initialState: LiveState = {
  connection: 'connecting',
  heardAt: null,
  problem: null,
  cluster: null,
  clusterReceivedAt: 0,
  rows: [],
  places: new Map(),
  status: null,
  changes: [],
};
