/** The main thread's side: queues, sends one batch at a time, and goes on when the disk does not. */
import { Worker } from 'node:worker_threads';
import { OperatorError } from '@clockwarden/core/errors';
import type { HistoryConfig } from '@clockwarden/core/policy';
import type {
  HistorySample,
  HistoryStore,
  LatestSample,
  StoredChange,
  StoredStep,
  StoreStatus,
} from '@clockwarden/core/ports';
import { text } from '@clockwarden/core/text';
import {
  type Failed,
  LATEST_WIDTH,
  type LatestBlock,
  type Replies,
  type Reply,
  type Request,
  SAMPLE_WIDTH,
  type SampleBlock,
  type Size,
  statusCodes,
} from './messages.ts';
import { problemOf } from './problem.ts';

const FLUSH_MS = 1_000;
/** How often a stopped history is tried again. */
const RETRY_MS = 5_000;
const BATCH = 50_000;
/** What waits while the disk does not take it: newest kept. */
const MOST_WAITING = 100_000;
const MOST_EVENTS_WAITING = 2_000;

/** As source, and beside the bundle. */
const WORKER = import.meta.url.endsWith('.ts')
  ? new URL('./worker.ts', import.meta.url)
  : new URL('./store-worker.mjs', import.meta.url);

class RequestFailed extends Error {
  readonly failed: Failed;

  constructor(failed: Failed) {
    super(failed.message);
    this.failed = failed;
  }
}

/**
 * Opens the history. Throws OperatorError `store-newer` or `store-unusable` when the file is there and not ours to
 * write; every other trouble (full, read-only, no permission) only stops the writing, and is tried again.
 */
export async function openStore(config: HistoryConfig): Promise<HistoryStore> {
  const store = new SqliteStore(config);
  await store.open();
  return store;
}

class SqliteStore implements HistoryStore {
  readonly #config: HistoryConfig;
  #worker: Worker | null = null;
  readonly #waiting = new Map<number, { resolve(value: never): void; reject(error: Error): void }>();
  #nextId = 1;
  #samples: HistorySample[] = [];
  #changes: StoredChange[] = [];
  #steps: StoredStep[] = [];
  #size: Size = { bytes: 0, oldestAt: null };
  #problem: StoreStatus['problem'] = null;
  #listeners: ((status: StoreStatus) => void)[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #flushing: Promise<void> | null = null;
  #closed = false;

  constructor(config: HistoryConfig) {
    this.#config = config;
  }

  async open(): Promise<void> {
    try {
      await this.#connect();
    } catch (error) {
      const failed = failedOf(error);
      if (failed.refused !== null) {
        await this.#worker?.terminate();
        const detail = text(failed.message, failed.message);
        throw new OperatorError(failed.refused, { where: this.#config.path, detail });
      }
      this.#setProblem(problemOf(failed));
    }
    this.#plan();
  }

  write({ samples = [], changes = [], steps = [] }: Parameters<HistoryStore['write']>[0]): void {
    if (this.#closed) return;
    this.#samples.push(...samples);
    this.#changes.push(...changes);
    this.#steps.push(...steps);
    this.#bound();
    if (this.#samples.length >= BATCH && this.#problem === null) void this.flush();
  }

  /** Resolves when all that was queued before is written, or was tried once. */
  async flush(): Promise<void> {
    // One after the other: the queue is taken when its turn has come.
    const turn = (this.#flushing ?? Promise.resolve()).then(() => this.#send());
    this.#flushing = turn;
    await turn;
    if (this.#flushing === turn) this.#flushing = null;
  }

  history(node: string, from: number, to: number, points: number) {
    return this.#ask({ do: 'history', node, from, to, points });
  }

  /** Nothing is known where nothing can be read: the start of a server must not hang on its history. */
  latest() {
    return this.#ask({ do: 'latest' }).then(latestOf, () => []);
  }

  changes(from: number) {
    return this.#ask({ do: 'changes', from }).catch(() => []);
  }

  steps(from: number) {
    return this.#ask({ do: 'steps', from }).catch(() => []);
  }

  status(): StoreStatus {
    const { path, maxBytes } = this.#config;
    const state = this.#problem === null ? 'writing' : 'stopped';
    return { state, problem: this.#problem, path, maxBytes, ...this.#size };
  }

  onState(listener: (status: StoreStatus) => void): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    await this.flush();
    this.#closed = true;
    if (this.#worker === null) return;
    await this.#ask({ do: 'close' }).catch(() => null);
    await this.#worker?.terminate();
  }

  #plan(): void {
    if (this.#closed) return;
    const wait = this.#problem === null ? FLUSH_MS : RETRY_MS;
    this.#timer = setTimeout(() => void this.flush().finally(() => this.#plan()), wait);
    this.#timer.unref();
  }

  async #send(): Promise<void> {
    const waiting = this.#samples.length + this.#changes.length + this.#steps.length;
    // While stopped an empty batch is sent too: it tells whether there is room again.
    if (this.#closed || (waiting === 0 && this.#problem === null)) return;
    do {
      const samples = this.#samples.splice(0, BATCH);
      const changes = this.#changes.splice(0);
      const steps = this.#steps.splice(0);
      try {
        await this.#connect();
        this.#size = await this.#ask({ do: 'write', samples: blockOf(samples), changes, steps });
        this.#setProblem(null);
      } catch (error) {
        this.#samples.unshift(...samples);
        this.#changes.unshift(...changes);
        this.#steps.unshift(...steps);
        this.#bound();
        this.#setProblem(problemOf(failedOf(error)));
        return;
      }
    } while (this.#samples.length > 0);
  }

  #bound(): void {
    if (this.#samples.length > MOST_WAITING) this.#samples.splice(0, this.#samples.length - MOST_WAITING);
    for (const events of [this.#changes, this.#steps]) {
      if (events.length > MOST_EVENTS_WAITING) events.splice(0, events.length - MOST_EVENTS_WAITING);
    }
  }

  #setProblem(problem: StoreStatus['problem']): void {
    const before = this.#problem;
    this.#problem = problem;
    if ((before === null) === (problem === null)) return;
    for (const listener of this.#listeners) listener(this.status());
  }

  /** The thread, started and with the file open. */
  async #connect(): Promise<void> {
    if (this.#worker !== null) return;
    const worker = new Worker(WORKER, {
      name: 'history',
      // node:sqlite calls itself experimental at each start; that is for its users to know, not for ours.
      execArgv: ['--disable-warning=ExperimentalWarning'],
      // Batches are garbage at once; without a limit V8 lets them pile up to a hundred MiB.
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    });
    this.#worker = worker;
    worker.on('message', (reply: Reply) => {
      const asked = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if ('failed' in reply) asked?.reject(new RequestFailed(reply.failed));
      else asked?.resolve(reply.value as never);
    });
    const gone = (error: unknown): void => {
      if (this.#worker === worker) this.#worker = null;
      for (const asked of this.#waiting.values()) asked.reject(new Error(String(error)));
      this.#waiting.clear();
    };
    worker.on('error', gone);
    worker.on('exit', () => gone('the history thread ended'));
    const { path, rawHours, rollupDays, maxBytes } = this.#config;
    const options = { path, rawSeconds: rawHours * 3_600, rollupSeconds: rollupDays * 86_400, maxBytes };
    this.#size = await this.#ask({ do: 'open', options });
  }

  #ask<R extends Request>(request: R): Promise<Replies[R['do']]> {
    return new Promise((resolve, reject) => {
      const worker = this.#worker;
      if (worker === null) {
        reject(new Error('the history is not open'));
        return;
      }
      const id = this.#nextId++;
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, request }, request.do === 'write' ? [request.samples.numbers.buffer] : []);
    });
  }
}

function failedOf(error: unknown): Failed {
  if (error instanceof RequestFailed) return error.failed;
  return { message: error instanceof Error ? error.message : String(error), refused: null, cause: null };
}

function latestOf({ names, numbers }: LatestBlock): readonly LatestSample[] {
  return names.map((node, index) => {
    const number = (column: number): number => numbers[index * LATEST_WIDTH + column] ?? Number.NaN;
    const known = (value: number): number | null => (Number.isNaN(value) ? null : value);
    const seconds = known(number(1));
    return {
      node,
      at: number(0),
      offset: seconds === null ? null : { seconds, low: number(2), high: number(3) },
      frequencyPpm: known(number(4)),
      reach: known(number(5)),
      status: statusCodes[number(6)] ?? 'undetermined',
      since: number(7),
    };
  });
}

function blockOf(samples: readonly HistorySample[]): SampleBlock {
  const numbers = new Float64Array(samples.length * SAMPLE_WIDTH);
  for (const [index, { at, offset, frequencyPpm, reach, status }] of samples.entries()) {
    const base = index * SAMPLE_WIDTH;
    numbers[base] = at;
    numbers[base + 1] = offset?.seconds ?? Number.NaN;
    numbers[base + 2] = offset?.low ?? Number.NaN;
    numbers[base + 3] = offset?.high ?? Number.NaN;
    numbers[base + 4] = frequencyPpm ?? Number.NaN;
    numbers[base + 5] = reach ?? Number.NaN;
    numbers[base + 6] = statusCodes.indexOf(status);
  }
  return { names: samples.map((sample) => sample.node), numbers };
}
