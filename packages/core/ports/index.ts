/** The interfaces that the outside fills. Core defines them; adapters implement them; testkit has fakes and contract suites. */
import type { NodeSpec } from '../inventory/index.ts';
import type { Reading, SourceKind } from '../observe/index.ts';
import type { Instant, MonotonicInstant } from '../time/index.ts';

declare global {
  /** All that core needs to know of the platform's signal; where DOM or Node types are loaded the two declarations merge. */
  interface AbortSignal {
    readonly aborted: boolean;
  }
}

/**
 * The collector's time base: a monotonic clock anchored once on the wall clock, so that steps of the collector's own
 * clock do not move every node. All offsets of all sources are against it.
 */
export interface TimeBase {
  /** Monotonic nanoseconds (CLOCK_MONOTONIC). */
  monotonic(): MonotonicInstant;
  /** Time-base instant of a monotonic instant. */
  instantAt(monotonic: MonotonicInstant): Instant;
  /**
   * Time-base instant of a CLOCK_REALTIME stamp just taken (as kernel receive stamps are), or null when the wall clock
   * was stepped meanwhile and the stamp cannot be placed.
   */
  instantOfRealtime(realtime: Instant): Instant | null;
  /**
   * The time of day of a monotonic instant as the wall clock is set now: for people and for the history, never for an
   * offset. It follows when the collector's own clock is set.
   */
  timeOfDayAt(monotonic: MonotonicInstant): Instant;
  /** Bound of one reading of this clock, in seconds. */
  readonly precisionSeconds: number;
}

export interface Random {
  /** Unpredictable bytes (nonces, origin timestamps). */
  bytes(count: number): Uint8Array;
}

export interface SourceContext {
  readonly timeBase: TimeBase;
  readonly random: Random;
  readonly signal: AbortSignal;
}

/**
 * A source of readings. One object serves all nodes that use it; readings are emitted one by one as they arrive, so
 * that a dead node delays no living one. `collect` resolves when every node was emitted exactly once (a reading or a
 * failure), at the latest at the source's own timeout; after an abort it resolves soon and emits nothing more.
 * It never rejects for what a node or a network does.
 */
export interface Source {
  readonly kind: SourceKind;
  /**
   * True: it asks each node by itself, so a large cluster may be asked in parts, by several `collect` that overlap.
   * Missing: its nodes are asked together in one `collect`, so that their clocks can be held against each other.
   */
  readonly asksByParts?: true;
  collect(
    nodes: readonly NodeSpec[],
    context: SourceContext,
    emit: (node: NodeSpec, reading: Reading) => void,
  ): Promise<void>;
  /** Ends sockets, connections and child processes. */
  close(): Promise<void>;
}

export type {
  HistoryColumns,
  HistorySample,
  HistoryStore,
  LatestSample,
  StoredChange,
  StoredStep,
  StoreStatus,
} from './store.ts';
