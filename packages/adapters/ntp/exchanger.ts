/** Performs what the exchange machine decides, for many servers at once. Runs in the thread that owns the sockets. */
import {
  createExchange,
  type ExchangeEvent,
  type ExchangeOutcome,
  type ExchangePlan,
  type ExchangeState,
  HEADER_LENGTH,
  stepExchange,
} from '@clockwarden/core/ntp';
import type { MonotonicInstant } from '@clockwarden/core/time';
import type { Peer, Transport, TransportEvents } from './transport.ts';

export interface ExchangeJob {
  readonly id: number;
  /** Literal. */
  readonly address: string;
  readonly port: number;
  readonly plan: Omit<ExchangePlan, 'precisionSeconds'>;
}

export interface ExchangeResult {
  readonly id: number;
  readonly outcome: ExchangeOutcome;
  readonly stampedBy: Transport['stampedBy'];
}

interface Exchange {
  /** Those that want the outcome: a server is asked once, however many ask for it at the same time. */
  readonly ids: Set<number>;
  readonly startedAt: MonotonicInstant;
  readonly peer: Peer;
  readonly transport: Transport;
  state: ExchangeState;
  timer: NodeJS.Timeout | null;
  timerAt: MonotonicInstant;
}

/**
 * So many servers are asked side by side: more would crowd each other's datagrams, and the bounds would show it. One that
 * takes its time makes room after a while, so that dead servers do not delay the living.
 */
const SIDE_BY_SIDE = 64;
const MAKE_ROOM_AFTER_MS = 10;

const NANOSECONDS_PER_MS = 1_000_000n;
const TRANSMIT_AT = 40;

export class Exchanger implements TransportEvents {
  readonly #transportFor: (address: string) => Transport | null;
  readonly #done: (result: ExchangeResult) => void;
  readonly #running = new Map<string, Exchange>();
  readonly #byId = new Map<number, Exchange>();
  /** In the order in which they came, from `#next` on; those no longer in `#waiting` were cancelled. */
  #queue: ExchangeJob[] = [];
  #next = 0;
  readonly #waiting = new Set<number>();
  /** Those that take up room now. */
  readonly #crowd = new Set<Exchange>();
  #makeRoom: NodeJS.Timeout | null = null;
  #starting = false;

  /**
   * @param transportFor the transport for a literal address; null: this machine has none of its family
   * @param done called once for every job that was not cancelled
   */
  constructor(transportFor: (address: string) => Transport | null, done: (result: ExchangeResult) => void) {
    this.#transportFor = transportFor;
    this.#done = done;
  }

  add(job: ExchangeJob): void {
    this.#queue.push(job);
    this.#waiting.add(job.id);
    this.#startWaiting();
  }

  /** Nothing more is heard of these jobs. */
  cancel(ids: readonly number[]): void {
    for (const id of ids) {
      this.#waiting.delete(id);
      const exchange = this.#byId.get(id);
      this.#byId.delete(id);
      if (exchange?.ids.delete(id) && exchange.ids.size === 0) this.#end(exchange);
    }
    this.#startWaiting();
  }

  datagram(key: string, bytes: Uint8Array, at: { monotonic: bigint; steps: number }): void {
    const exchange = this.#running.get(key);
    if (exchange !== undefined) this.#feed(exchange, { kind: 'datagram', bytes, at });
  }

  problem(key: string, question: Uint8Array, problem: Parameters<TransportEvents['problem']>[2]): void {
    const exchange = this.#running.get(key);
    if (exchange !== undefined && isLastQuestion(exchange.state, question)) {
      this.#feed(exchange, { kind: 'network', problem });
    }
  }

  #startWaiting(): void {
    // One that ends as it starts calls this again: the loop that is under way takes the next.
    if (this.#starting) return;
    this.#starting = true;
    for (;;) {
      const job = this.#queue[this.#next];
      if (job === undefined) {
        this.#queue = [];
        this.#next = 0;
        break;
      }
      if (this.#crowd.size >= SIDE_BY_SIDE) {
        this.#makeRoomSoon();
        break;
      }
      this.#next += 1;
      if (this.#waiting.delete(job.id)) this.#start(job);
    }
    this.#starting = false;
  }

  #start(job: ExchangeJob): void {
    const transport = this.#transportFor(job.address);
    if (transport === null) {
      const outcome: ExchangeOutcome = { kind: 'network', problem: 'no-route' };
      this.#done({ id: job.id, outcome, stampedBy: 'process' });
      return;
    }
    const peer = transport.peer(job.address, job.port);
    const same = this.#running.get(peer.key);
    if (same !== undefined) {
      same.ids.add(job.id);
      this.#byId.set(job.id, same);
      return;
    }
    const now = process.hrtime.bigint();
    const exchange: Exchange = {
      ids: new Set([job.id]),
      startedAt: now,
      peer,
      transport,
      state: createExchange({ ...job.plan, precisionSeconds: transport.precisionSeconds }, now),
      timer: null,
      timerAt: 0n,
    };
    this.#running.set(peer.key, exchange);
    this.#byId.set(job.id, exchange);
    this.#crowd.add(exchange);
    this.#feed(exchange, { kind: 'start' });
  }

  #feed(exchange: Exchange, event: ExchangeEvent): void {
    const { state, actions } = stepExchange(exchange.state, event, process.hrtime.bigint());
    exchange.state = state;
    for (const action of actions) {
      if (action.kind === 'send') this.#send(exchange, action.bytes);
      else if (action.kind === 'wait') this.#wait(exchange, action.until);
      else this.#finish(exchange, action.outcome);
    }
  }

  #send(exchange: Exchange, bytes: Uint8Array): void {
    exchange.transport.send(exchange.peer, bytes, (sent) => {
      this.#feed(
        exchange,
        sent.ok ? { kind: 'sent', at: sent.at } : { kind: 'network', problem: sent.problem },
      );
    });
  }

  /** A timer that rings too early does no harm, so it is only set anew for an earlier moment. */
  #wait(exchange: Exchange, until: MonotonicInstant): void {
    if (exchange.state.outcome !== null) return;
    if (exchange.timer !== null && exchange.timerAt <= until) return;
    if (exchange.timer !== null) clearTimeout(exchange.timer);
    const left = Number((until - process.hrtime.bigint()) / NANOSECONDS_PER_MS);
    exchange.timerAt = until;
    exchange.timer = setTimeout(
      () => {
        exchange.timer = null;
        this.#feed(exchange, { kind: 'timer' });
      },
      Math.max(1, left + 1),
    );
  }

  #finish(exchange: Exchange, outcome: ExchangeOutcome): void {
    this.#end(exchange);
    for (const id of exchange.ids) {
      this.#byId.delete(id);
      this.#done({ id, outcome, stampedBy: exchange.transport.stampedBy });
    }
    this.#startWaiting();
  }

  #end(exchange: Exchange): void {
    if (exchange.timer !== null) clearTimeout(exchange.timer);
    exchange.timer = null;
    this.#crowd.delete(exchange);
    if (this.#running.get(exchange.peer.key) === exchange) this.#running.delete(exchange.peer.key);
    exchange.transport.forget(exchange.peer);
  }

  #makeRoomSoon(): void {
    this.#makeRoom ??= setTimeout(() => {
      this.#makeRoom = null;
      const slow = process.hrtime.bigint() - BigInt(MAKE_ROOM_AFTER_MS) * NANOSECONDS_PER_MS;
      for (const exchange of this.#crowd) if (exchange.startedAt <= slow) this.#crowd.delete(exchange);
      this.#startWaiting();
    }, MAKE_ROOM_AFTER_MS);
  }
}

/** Whether the network speaks of the question under way; it may have given back too little of it to tell. */
function isLastQuestion(state: ExchangeState, question: Uint8Array): boolean {
  if (question.length < HEADER_LENGTH) return true;
  const nonce = new DataView(question.buffer, question.byteOffset).getBigUint64(TRANSMIT_AT);
  return state.questions.at(-1)?.nonce === nonce;
}
