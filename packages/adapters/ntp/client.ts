/** Asks NTP servers, by a thread that owns the sockets. One for the whole process: servers must not be asked twice over. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import {
  type Answer,
  type AnswerOutcome,
  goodManners,
  type Manners,
  mannersAfter,
  questionsAllowed,
} from '@clockwarden/core/ntp';
import type { Random } from '@clockwarden/core/ports';
import { secondsOf } from '@clockwarden/core/time';
import type { ExchangeJob, ExchangeResult } from './exchanger.ts';
import type { FromWorker, StampChoice, ToWorker, WorkerSetup } from './messages.ts';

export interface Question {
  /** Literal; IPv6 without brackets, with `%zone` where it needs one. */
  readonly address: string;
  readonly port: number;
  readonly version: 3 | 4;
  /** Good answers wanted, 1..64. */
  readonly samples: number;
  readonly timeoutSeconds: number;
  readonly random: Random;
}

export interface Asking {
  /** Never rejects for what a network does; never settles once cancelled. */
  readonly answer: Promise<Answer>;
  cancel(): void;
}

interface Pending {
  readonly server: string;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** Some answers get lost. */
const SPARE_QUESTIONS = 2;

/** Kept for the life of the process, whoever asks. */
const mannersOf = new Map<string, Manners>();

export class NtpClient {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #jobs: ExchangeJob[] = [];
  #cancelled: number[] = [];
  /** Why the thread died, which is a bug. */
  #dead: Error | null = null;

  constructor(stamps: StampChoice = 'auto') {
    const setup: WorkerSetup = { stamps };
    const file = import.meta.url.endsWith('.ts') ? './worker.ts' : './ntp-worker.mjs';
    this.#worker = new Worker(new URL(file, import.meta.url), {
      workerData: setup,
      name: 'ntp',
      // Exchanges are garbage within seconds; without limits V8 lets a large cluster's pile up to two hundred MiB.
      resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 256 },
    });
    this.#worker.on('message', (results: FromWorker) => {
      for (const result of results) this.#settle(result);
    });
    this.#worker.on('error', (error) => this.#fail(error as Error));
    this.#worker.unref();
  }

  ask(question: Question): Asking {
    const server = `${question.address}|${question.port}`;
    const manners = mannersOf.get(server) ?? goodManners;
    const now = process.hrtime.bigint();
    const samples = questionsAllowed(manners, question.samples, now);
    if (manners.refused !== null) return settled({ kind: 'kissed', kiss: manners.refused });
    if (samples === 0) return settled({ kind: 'paused', seconds: secondsOf(manners.notBefore - now) });
    if (this.#dead !== null) throw this.#dead;
    this.#lastId += 1;
    const id = this.#lastId;
    const nonces = noncesOf(question.random, samples + SPARE_QUESTIONS);
    const { address, port, version, timeoutSeconds } = question;
    this.#send(this.#jobs.push({ id, address, port, plan: { nonces, samples, version, timeoutSeconds } }));
    const answer = new Promise<Answer>((resolve, reject) => {
      this.#pending.set(id, { server, resolve, reject });
    });
    this.#worker.ref();
    return { answer, cancel: () => this.#cancel(id) };
  }

  /** Closes the sockets and ends the thread. What was asked and not answered never settles. */
  async close(): Promise<void> {
    this.#pending.clear();
    if (this.#dead !== null) return;
    // A thread that is terminated from outside leaves its sockets open.
    const ended = once(this.#worker, 'exit');
    this.#worker.ref();
    this.#post({ kind: 'close' });
    await ended;
  }

  #cancel(id: number): void {
    if (!this.#pending.delete(id)) return;
    this.#send(this.#cancelled.push(id));
    if (this.#pending.size === 0) this.#worker.unref();
  }

  /** All that is asked in one turn goes over in one message. */
  #send(waiting: number): void {
    if (waiting > 1) return;
    queueMicrotask(() => {
      const jobs = this.#jobs;
      const ids = this.#cancelled;
      this.#jobs = [];
      this.#cancelled = [];
      if (jobs.length > 0) this.#post({ kind: 'jobs', jobs });
      if (ids.length > 0) this.#post({ kind: 'cancel', ids });
    });
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #settle({ id, outcome, stampedBy }: ExchangeResult): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    if (this.#pending.size === 0) this.#worker.unref();
    const manners = mannersOf.get(pending.server) ?? goodManners;
    const after = mannersAfter(manners, outcome, process.hrtime.bigint());
    if (after !== goodManners && after !== manners) mannersOf.set(pending.server, after);
    pending.resolve({ outcome, stampedBy });
  }

  #fail(error: Error): void {
    this.#dead = error;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}

function settled(outcome: AnswerOutcome): Asking {
  return { answer: Promise.resolve({ outcome, stampedBy: 'process' }), cancel: () => {} };
}

function noncesOf(random: Random, count: number): readonly bigint[] {
  const bytes = random.bytes(8 * count);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: count }, (_, index) => view.getBigUint64(8 * index));
}

let shared: { readonly client: NtpClient; users: number } | null = null;

/** The client of this process; whoever takes it gives it back once, and the last one ends its thread. */
export function takeNtpClient(): { readonly client: NtpClient; release(): Promise<void> } {
  shared ??= { client: new NtpClient(), users: 0 };
  const taken = shared;
  taken.users += 1;
  let held = true;
  return {
    client: taken.client,
    release: async () => {
      if (!held) return;
      held = false;
      taken.users -= 1;
      if (taken.users > 0) return;
      if (shared === taken) shared = null;
      await taken.client.close();
    },
  };
}
