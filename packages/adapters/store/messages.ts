/** What the two threads say to each other. */
import type { HistoryColumns, StoredChange, StoredStep } from '@clockwarden/core/ports';
import type { RefusalCode } from './database.ts';

/** Samples as columns in one transferable block, {@link SAMPLE_WIDTH} numbers each; NaN is null. */
export interface SampleBlock {
  readonly names: readonly string[];
  readonly numbers: Float64Array<ArrayBuffer>;
}

/** at (unix s), offset, low, high, frequency (ppm), reach, status code. */
export const SAMPLE_WIDTH = 7;

/** Ordered by how bad it is to look at, so that the worst of a rollup is the greatest. */
export const statusCodes = ['ok', 'undetermined', 'unreachable', 'warning', 'critical'] as const;

export interface Options {
  readonly path: string;
  readonly rawSeconds: number;
  readonly rollupSeconds: number;
  readonly maxBytes: number;
}

export type Request =
  | { readonly do: 'open'; readonly options: Options }
  | {
      readonly do: 'write';
      readonly samples: SampleBlock;
      readonly changes: readonly StoredChange[];
      readonly steps: readonly StoredStep[];
    }
  | {
      readonly do: 'history';
      readonly node: string;
      readonly from: number;
      readonly to: number;
      readonly points: number;
    }
  | { readonly do: 'latest' }
  | { readonly do: 'changes'; readonly from: number }
  | { readonly do: 'steps'; readonly from: number }
  | { readonly do: 'close' };

export interface Size {
  readonly bytes: number;
  readonly oldestAt: number | null;
}

/** As {@link SampleBlock}, with since (unix s) as an eighth number. */
export type LatestBlock = SampleBlock;
export const LATEST_WIDTH = SAMPLE_WIDTH + 1;

export interface Replies {
  open: Size;
  write: Size;
  history: HistoryColumns;
  latest: LatestBlock;
  changes: readonly StoredChange[];
  steps: readonly StoredStep[];
  close: null;
}

export interface Failed {
  readonly message: string;
  /** The file must be left alone. */
  readonly refused: RefusalCode | null;
  /** SQLite's primary result code, or the errno name of the file system. */
  readonly cause: number | string | null;
}

export type Reply =
  | { readonly id: number; readonly value: Replies[keyof Replies] }
  | { readonly id: number; readonly failed: Failed };
