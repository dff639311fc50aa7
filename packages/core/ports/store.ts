/** Where history is kept. A store never stands in the way of observation: what it cannot write it drops, and says so. */
import type { DisplayStatus } from '../assess/index.ts';
import type { Text } from '../text/index.ts';
import type { Estimate } from '../time/index.ts';

/** One node at one moment. Null: not known then. */
export interface HistorySample {
  readonly node: string;
  /** Unix seconds of the collector's time base. */
  readonly at: number;
  /** Against the cluster median (or the collector where there is none); positive = ahead. */
  readonly offset: Estimate | null;
  readonly frequencyPpm: number | null;
  /** Reach of the selected source, 0..255. */
  readonly reach: number | null;
  readonly status: DisplayStatus;
}

export interface StoredChange {
  /** Unix seconds. */
  readonly at: number;
  readonly node: string | null;
  readonly kind: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly text: Text;
}

export interface StoredStep {
  readonly node: string;
  /** Unix seconds. */
  readonly at: number;
  /** Positive = set forwards. */
  readonly seconds: number;
  readonly boundSeconds: number;
}

/** Columns of equal length, oldest first. `at` is the beginning of the step of a rollup. */
export interface HistoryColumns {
  /** 0: samples as written; else the width of a step in seconds. */
  readonly resolutionSeconds: number;
  readonly at: readonly number[];
  readonly mean: readonly (number | null)[];
  readonly min: readonly (number | null)[];
  readonly max: readonly (number | null)[];
  /** The interval that held the truth; of a rollup the lowest low and the highest high. */
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  readonly frequencyPpm: readonly (number | null)[];
  readonly reach: readonly (number | null)[];
  /** The worst in the step. */
  readonly status: readonly DisplayStatus[];
}

export interface LatestSample extends HistorySample {
  /** Unix seconds since when the status is what it is. */
  readonly since: number;
}

export interface StoreStatus {
  readonly state: 'writing' | 'stopped' | 'off';
  /** Why it stopped; null while it writes. */
  readonly problem: Text | null;
  readonly path: string;
  /** In use, the write-ahead log included. */
  readonly bytes: number;
  readonly maxBytes: number;
  /** Unix seconds of the oldest sample or rollup; null: there is none. */
  readonly oldestAt: number | null;
}

export interface HistoryStore {
  /** Queues what happened; never waits, never throws. */
  write(entry: {
    readonly samples?: readonly HistorySample[];
    readonly changes?: readonly StoredChange[];
    readonly steps?: readonly StoredStep[];
  }): void;
  /** At most `points` of one node between two moments (unix seconds). */
  history(node: string, from: number, to: number, points: number): Promise<HistoryColumns>;
  /** The last sample of every node. */
  latest(): Promise<readonly LatestSample[]>;
  /** Oldest first. */
  changes(from: number): Promise<readonly StoredChange[]>;
  steps(from: number): Promise<readonly StoredStep[]>;
  status(): StoreStatus;
  /** Called when the state changes between writing and stopped. */
  onState(listener: (status: StoreStatus) => void): void;
  /** Resolves when all that was queued before is written, or was tried once. */
  flush(): Promise<void>;
  /** Writes what is queued and ends; safe to call twice. */
  close(): Promise<void>;
}
