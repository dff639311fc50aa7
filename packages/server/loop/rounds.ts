/** Asks each source about its nodes again and again, each at its own pace, none waiting for another. */
import { nodesFor } from '@clockwarden/adapters/round';
import type { NodeSpec } from '@clockwarden/core/inventory';
import type { Reading, SourceKind } from '@clockwarden/core/observe';
import type { ClusterPolicy } from '@clockwarden/core/policy';
import type { Random, Source, TimeBase } from '@clockwarden/core/ports';
import { type Instant, secondsOf } from '@clockwarden/core/time';
import { paceOf } from './pace.ts';

export interface RoundsOptions {
  readonly policy: ClusterPolicy;
  readonly sources: readonly Source[];
  readonly timeBase: TimeBase;
  readonly random: Random;
  readonly onReading: (node: NodeSpec, reading: Reading) => void;
  /** A source that breaks its promise not to reject: a bug, told and survived. */
  readonly onBug: (kind: SourceKind, error: unknown) => void;
}

export interface RoundStatus {
  readonly source: SourceKind;
  readonly intervalSeconds: number;
  readonly lastAt: Instant | null;
  readonly tookSeconds: number | null;
  readonly answered: number;
  readonly failed: number;
}

/**
 * A source that says so asks a large cluster in parts of this many, from the second round on: ten thousand readings at once
 * would keep each other waiting on their way to the console, and this machine busy in bursts.
 */
const NODES_OF_A_PART = 500;
/** Of an interval, over which the parts of a round begin. */
const SPREAD = 0.7;

/** Nodes of several collectors, or several sources of this one, should not be asked in the same instant for ever. */
const JITTER = 0.1;

export class Rounds {
  readonly #options: RoundsOptions;
  readonly #stop = new AbortController();
  readonly #status = new Map<SourceKind, RoundStatus>();
  readonly #running: Promise<void>[] = [];

  constructor(options: RoundsOptions) {
    this.#options = options;
  }

  start(): void {
    for (const source of this.#options.sources) {
      const nodes = nodesFor(this.#options.policy, source.kind);
      if (nodes.length === 0) continue;
      const { intervalSeconds } = paceOf(this.#options.policy, source.kind);
      const none = { lastAt: null, tookSeconds: null, answered: 0, failed: 0 };
      this.#status.set(source.kind, { source: source.kind, intervalSeconds, ...none });
      this.#running.push(this.#repeat(source, nodes, intervalSeconds));
    }
  }

  status(): readonly RoundStatus[] {
    return [...this.#status.values()];
  }

  /** Every source has ended a round. */
  get settled(): boolean {
    return this.status().every((round) => round.lastAt !== null);
  }

  /** Ends the rounds under way; resolves when no source says anything more. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  async #repeat(source: Source, nodes: readonly NodeSpec[], intervalSeconds: number): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const startedAt = this.#options.timeBase.monotonic();
      await this.#round(source, nodes, intervalSeconds);
      const elapsed = secondsOf(this.#options.timeBase.monotonic() - startedAt);
      const wanted = intervalSeconds * (1 + JITTER * (Math.random() - 0.5));
      await pause(Math.max(0, wanted - elapsed), signal);
    }
  }

  async #round(source: Source, nodes: readonly NodeSpec[], intervalSeconds: number): Promise<void> {
    const { timeBase, random, policy, onReading, onBug } = this.#options;
    const { timeoutSeconds } = paceOf(policy, source.kind);
    // A source keeps its own deadline; this one frees the source that does not.
    const limit = AbortSignal.timeout(1000 * 10 * Math.max(intervalSeconds, timeoutSeconds));
    const signal = AbortSignal.any([this.#stop.signal, limit]);
    const startedAt = timeBase.monotonic();
    let answered = 0;
    let failed = 0;
    const take = (node: NodeSpec, reading: Reading): void => {
      if (this.#stop.signal.aborted) return;
      if (reading.result.ok) answered += 1;
      else failed += 1;
      onReading(node, reading);
    };
    // Nobody should wait for the first.
    const isFirst = this.#status.get(source.kind)?.lastAt === null;
    const parts = isFirst || source.asksByParts !== true ? [nodes] : partsOf(nodes);
    const asking: Promise<void>[] = [];
    for (const [index, part] of parts.entries()) {
      if (index > 0) await pause((SPREAD * intervalSeconds) / parts.length, signal);
      if (signal.aborted) break;
      asking.push(
        source
          .collect(part, { timeBase, random, signal }, take)
          .catch((error: unknown) => onBug(source.kind, error)),
      );
    }
    await Promise.all(asking);
    const now = timeBase.monotonic();
    this.#status.set(source.kind, {
      source: source.kind,
      intervalSeconds,
      lastAt: timeBase.timeOfDayAt(now),
      tookSeconds: secondsOf(now - startedAt),
      answered,
      failed,
    });
  }
}

function partsOf(nodes: readonly NodeSpec[]): readonly (readonly NodeSpec[])[] {
  const count = Math.ceil(nodes.length / NODES_OF_A_PART);
  return Array.from({ length: count }, (_, index) =>
    nodes.slice(index * NODES_OF_A_PART, (index + 1) * NODES_OF_A_PART),
  );
}

function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, seconds * 1000);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}
