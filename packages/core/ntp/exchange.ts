/**
 * One client's burst of questions to one server, as a machine: it is told what happened and says what to do. Each
 * question goes out when the one before it was answered or given up, so at most one is under way.
 */
import { type MonotonicInstant, secondsOf } from '../time/index.ts';
import { decodePacket, encodeRequest, type NtpPacket, ntpMode } from './packet.ts';
import { type Kiss, kissOf } from './reference-id.ts';
import { bestOf, readSample, type Sample } from './sample.ts';

export interface ExchangePlan {
  /** 64 random bits for each question that may be asked, all different; more than `samples`, since some get lost. */
  readonly nonces: readonly bigint[];
  /** Good answers wanted, 1..64. */
  readonly samples: number;
  readonly version: 3 | 4;
  /** For the whole burst, in seconds, > 0. */
  readonly timeoutSeconds: number;
  /** Bound of one stamp of the collector. */
  readonly precisionSeconds: number;
}

/** A moment of the collector, with the number of times its wall clock was seen to be stepped before. */
export interface Stamp {
  readonly monotonic: MonotonicInstant;
  readonly steps: number;
}

export type ExchangeEvent =
  | { readonly kind: 'start' }
  /** The question went out; the stamp was taken just before. */
  | { readonly kind: 'sent'; readonly at: Stamp }
  /** A datagram came from the address and port that were asked. */
  | { readonly kind: 'datagram'; readonly bytes: Uint8Array; readonly at: Stamp }
  /** The moment that `wait` named has come. */
  | { readonly kind: 'timer' }
  /** The network said that the question cannot arrive. `refused`: ICMP port unreachable. */
  | { readonly kind: 'network'; readonly problem: NetworkProblem };

export type NetworkProblem = 'refused' | 'no-route' | 'host-down' | 'forbidden' | 'other';

export type ExchangeAction =
  | { readonly kind: 'send'; readonly bytes: Uint8Array }
  | { readonly kind: 'wait'; readonly until: MonotonicInstant }
  | { readonly kind: 'done'; readonly outcome: ExchangeOutcome };

/** Datagrams and answers that were not used, counted by the reason. */
export interface Dropped {
  /** Shorter than a header, or not made of words. */
  readonly malformed: number;
  /** Not from a server in version 3 or 4. */
  readonly foreign: number;
  /** Answers to nothing that was asked: forged, or older than this burst. */
  readonly unmatched: number;
  /** Second answers to the same question. */
  readonly repeated: number;
  /** Answers to a question that was given up. */
  readonly late: number;
  readonly noTime: number;
  readonly backwards: number;
  /** The collector's own clock was stepped between question and answer. */
  readonly stepped: number;
}

export type ExchangeOutcome =
  | {
      readonly kind: 'measured';
      readonly best: Sample;
      /** Good answers from which the best was kept. */
      readonly samples: number;
      /** Questions asked. */
      readonly asked: number;
      /** The server asked to be asked less often: RATE came after some good answers. */
      readonly kiss: 'RATE' | null;
      readonly dropped: Dropped;
    }
  | { readonly kind: 'kissed'; readonly kiss: Kiss }
  | { readonly kind: 'unanswered'; readonly asked: number; readonly dropped: Dropped }
  | { readonly kind: 'network'; readonly problem: NetworkProblem };

interface Question {
  readonly nonce: bigint;
  readonly sent: Stamp | null;
  readonly answered: boolean;
}

export interface ExchangeState {
  readonly plan: ExchangePlan;
  readonly deadline: MonotonicInstant;
  /** Those asked so far; the last one is under way until it is answered or its time is over. */
  readonly questions: readonly Question[];
  readonly waitingUntil: MonotonicInstant;
  /** Questions lost in a row. */
  readonly lost: number;
  readonly samples: readonly Sample[];
  readonly dropped: Dropped;
  readonly outcome: ExchangeOutcome | null;
}

export interface ExchangeStep {
  readonly state: ExchangeState;
  readonly actions: readonly ExchangeAction[];
}

const nothingDropped: Dropped = {
  malformed: 0,
  foreign: 0,
  unmatched: 0,
  repeated: 0,
  late: 0,
  noTime: 0,
  backwards: 0,
  stepped: 0,
};

/** A server that never answered is asked this often before the deadline. */
const TRIES = 3;
/** One that answered before is waited for this many of its longest delays, at least 0.2 s. */
const PATIENCE = 4;
const LEAST_PATIENCE_SECONDS = 0.2;
/** So many lost in a row after a good answer end the burst: the server, or its limiter, has had enough. */
const ENOUGH_LOST = 2;

export function createExchange(plan: ExchangePlan, now: MonotonicInstant): ExchangeState {
  return {
    plan,
    deadline: now + nanoseconds(plan.timeoutSeconds),
    questions: [],
    waitingUntil: now,
    lost: 0,
    samples: [],
    dropped: nothingDropped,
    outcome: null,
  };
}

/** After the outcome, everything is ignored. */
export function stepExchange(
  state: ExchangeState,
  event: ExchangeEvent,
  now: MonotonicInstant,
): ExchangeStep {
  if (state.outcome !== null) return { state, actions: [] };
  switch (event.kind) {
    case 'start':
      return ask(state, now);
    case 'sent':
      return { state: withLastQuestion(state, { sent: event.at }), actions: [] };
    case 'datagram':
      return receive(state, event.bytes, event.at, now);
    case 'timer':
      return now < state.waitingUntil ? wait(state) : ask({ ...state, lost: state.lost + 1 }, now);
    case 'network':
      return state.samples.length > 0
        ? finish(state, null)
        : done(state, { kind: 'network', problem: event.problem });
  }
}

/** The next question, or the end where there is nothing left to ask, no time, or no sense in it. */
function ask(state: ExchangeState, now: MonotonicInstant): ExchangeStep {
  const nonce = state.plan.nonces[state.questions.length];
  const enough = state.samples.length >= state.plan.samples;
  const givenUp = state.samples.length > 0 && state.lost >= ENOUGH_LOST;
  if (nonce === undefined || enough || givenUp || now >= state.deadline) return finish(state, null);
  const until = now + nanoseconds(patience(state));
  const next: ExchangeState = {
    ...state,
    questions: [...state.questions, { nonce, sent: null, answered: false }],
    waitingUntil: until < state.deadline ? until : state.deadline,
  };
  return {
    state: next,
    actions: [
      { kind: 'send', bytes: encodeRequest(state.plan.version, nonce) },
      { kind: 'wait', until: next.waitingUntil },
    ],
  };
}

/** How long to wait for one answer, in seconds. */
function patience(state: ExchangeState): number {
  if (state.samples.length === 0) return state.plan.timeoutSeconds / TRIES;
  const longest = Math.max(...state.samples.map((sample) => secondsOf(sample.received - sample.sent)));
  return Math.max(LEAST_PATIENCE_SECONDS, PATIENCE * longest);
}

function receive(state: ExchangeState, bytes: Uint8Array, at: Stamp, now: MonotonicInstant): ExchangeStep {
  const decoded = decodePacket(bytes);
  if (!decoded.ok) return drop(state, 'malformed');
  const { packet } = decoded;
  if (packet.mode !== ntpMode.server || packet.version < 3 || packet.version > 4)
    return drop(state, 'foreign');
  const index = state.questions.findLastIndex((question) => question.nonce === packet.origin);
  const question = state.questions[index];
  if (question === undefined || question.sent === null) return drop(state, 'unmatched');
  if (question.answered) return drop(state, 'repeated');
  if (index !== state.questions.length - 1 || now > state.waitingUntil) return drop(state, 'late');
  return answer(withLastQuestion(state, { answered: true }), packet, question.sent, at, now);
}

function answer(
  state: ExchangeState,
  packet: NtpPacket,
  sent: Stamp,
  received: Stamp,
  now: MonotonicInstant,
): ExchangeStep {
  const kiss = kissOf(packet.referenceId, packet.stratum);
  if (kiss === 'RATE' && state.samples.length > 0) return finish(state, 'RATE');
  if (kiss !== null) return done(state, { kind: 'kissed', kiss });
  const next = { ...state, lost: 0 };
  if (sent.steps !== received.steps) return ask(counted(next, 'stepped'), now);
  const read = readSample(packet, sent.monotonic, received.monotonic, state.plan.precisionSeconds);
  if (!read.ok) return ask(counted(next, read.problem === 'no-time' ? 'noTime' : 'backwards'), now);
  return ask({ ...next, samples: [...state.samples, read.sample] }, now);
}

function finish(state: ExchangeState, kiss: 'RATE' | null): ExchangeStep {
  const best = bestOf(state.samples);
  const asked = state.questions.length;
  const { dropped } = state;
  return best === null
    ? done(state, { kind: 'unanswered', asked, dropped })
    : done(state, { kind: 'measured', best, samples: state.samples.length, asked, kiss, dropped });
}

function done(state: ExchangeState, outcome: ExchangeOutcome): ExchangeStep {
  return { state: { ...state, outcome }, actions: [{ kind: 'done', outcome }] };
}

function wait(state: ExchangeState): ExchangeStep {
  return { state, actions: [{ kind: 'wait', until: state.waitingUntil }] };
}

function drop(state: ExchangeState, reason: keyof Dropped): ExchangeStep {
  return { state: counted(state, reason), actions: [] };
}

function counted(state: ExchangeState, reason: keyof Dropped): ExchangeState {
  return { ...state, dropped: { ...state.dropped, [reason]: state.dropped[reason] + 1 } };
}

function withLastQuestion(state: ExchangeState, change: Partial<Question>): ExchangeState {
  const last = state.questions.at(-1);
  return last === undefined
    ? state
    : { ...state, questions: [...state.questions.slice(0, -1), { ...last, ...change }] };
}

function nanoseconds(seconds: number): bigint {
  return BigInt(Math.round(seconds * 1e9));
}
