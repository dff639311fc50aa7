/**
 * One reading of one chronyd over the command protocol, as a state machine: given datagrams and the time, it says what to
 * send, when to be woken and how it ended. Tracking, activity and the number of sources are asked at once, then every
 * source and its statistics, then their names; lost requests are repeated.
 */
import type {
  ChronyActivity,
  ChronySource,
  ChronySourceStats,
  ChronyState,
  ChronyTracking,
} from '../observe/index.ts';
import type { MonotonicInstant } from '../time/index.ts';
import {
  commandCodes,
  decodeHeader,
  encodeRequest,
  PROTOCOL_VERSION,
  type ReplyHeader,
  type Request,
  STATUS_BAD_VERSION,
  STATUS_NO_SUCH_SOURCE,
  STATUS_SUCCESS,
} from './packet.ts';
import { type Addressed, decodeData, type ReplyData } from './reply.ts';
import type { Address } from './wire.ts';

export type SessionFailure =
  | { readonly kind: 'no-reply' }
  /** The version that it speaks: 5 is chrony before 2.2. */
  | { readonly kind: 'version'; readonly version: number }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'unknown-reply'; readonly replyType: number }
  | { readonly kind: 'short-reply'; readonly wanted: number; readonly got: number };

export type SessionResult =
  | { readonly ok: true; readonly state: ChronyState }
  | { readonly ok: false; readonly failure: SessionFailure };

export interface Step {
  readonly send: readonly Uint8Array[];
  /** When `wake` wants to be called; null: it waits for nothing. */
  readonly wakeAt: MonotonicInstant | null;
  /** Once not null the session is over. */
  readonly result: SessionResult | null;
}

export interface Session {
  start(now: MonotonicInstant): Step;
  receive(datagram: Uint8Array, now: MonotonicInstant): Step;
  wake(now: MonotonicInstant): Step;
  /** The deadline is here: what there is by now. */
  giveUp(): SessionResult;
}

/** A request is sent at most so often; the pause before each repetition doubles. */
const ATTEMPTS = 3;
const FIRST_PAUSE = 400_000_000n;
/** Requests under way at once: chronyd's socket holds some hundred, a window of 16 loses none. */
const WINDOW = 16;
/** Nobody has so many; a liar's number must not make us ask for ever. */
const MOST_SOURCES = 256;

interface Pending {
  readonly request: Request;
  readonly sequence: number;
  attempt: number;
  resendAt: MonotonicInstant;
}

/** Rows by index; `wanted` are those that the daemon says it has. */
interface Rows<T> {
  readonly wanted: Set<number>;
  readonly got: Map<number, Addressed<T>>;
}

interface Collected {
  tracking: Addressed<ChronyTracking> | null;
  activity: ChronyActivity | null;
  /** null: the number of sources is not known. */
  sources: Rows<ChronySource> | null;
  stats: Rows<ChronySourceStats> | null;
  names: Map<string, string>;
}

/** @param random 32 unpredictable bits: the sequence numbers that keep replies of others out */
export function createSession(random: () => number): Session {
  const waiting: Request[] = [];
  const pending = new Map<number, Pending>();
  const collected: Collected = {
    tracking: null,
    activity: null,
    sources: null,
    stats: null,
    names: new Map(),
  };
  const problems: SessionFailure[] = [];
  let phase: Phase = 'overview';

  const send = (now: MonotonicInstant): Uint8Array[] => {
    const packets: Uint8Array[] = [];
    while (pending.size < WINDOW) {
      const request = waiting.shift();
      if (request === undefined) break;
      let sequence = random() >>> 0;
      while (pending.has(sequence)) sequence = (sequence + 1) >>> 0;
      pending.set(sequence, { request, sequence, attempt: 0, resendAt: now + FIRST_PAUSE });
      packets.push(encodeRequest(request, sequence, 0));
    }
    return packets;
  };

  const step = (now: MonotonicInstant, packets: readonly Uint8Array[] = []): Step => {
    const all = [...packets, ...send(now)];
    while (pending.size === 0 && phase !== 'over') {
      phase = nextPhase(phase, collected, waiting);
      all.push(...send(now));
    }
    if (phase === 'over') return { send: [], wakeAt: null, result: resultOf(collected, problems) };
    let wakeAt: MonotonicInstant | null = null;
    for (const { resendAt } of pending.values()) {
      if (wakeAt === null || resendAt < wakeAt) wakeAt = resendAt;
    }
    return { send: all, wakeAt, result: null };
  };

  return {
    start(now) {
      waiting.push({ command: 'tracking' }, { command: 'activity' }, { command: 'n-sources' });
      return step(now);
    },
    receive(datagram, now) {
      const header = decodeHeader(datagram);
      const asked = header === null ? undefined : pending.get(header.sequence);
      if (header === null || asked === undefined || !answers(header, asked)) return step(now);
      pending.delete(asked.sequence);
      if (header.version !== PROTOCOL_VERSION) {
        problems.unshift({ kind: 'version', version: header.version });
        waiting.length = 0;
        pending.clear();
        phase = 'over';
        return step(now);
      }
      const problem = take(asked.request, header, decodeData(datagram, header.replyType), collected);
      if (problem !== null) problems.push(problem);
      return step(now);
    },
    wake(now) {
      const packets: Uint8Array[] = [];
      for (const one of [...pending.values()]) {
        if (one.resendAt > now) continue;
        one.attempt++;
        if (one.attempt >= ATTEMPTS) {
          pending.delete(one.sequence);
          problems.push({ kind: 'no-reply' });
          continue;
        }
        one.resendAt = now + (FIRST_PAUSE << BigInt(one.attempt));
        packets.push(encodeRequest(one.request, one.sequence, one.attempt));
      }
      return step(now, packets);
    },
    giveUp: () => resultOf(collected, problems),
  };
}

/** Only version 6 counts, or another one that says that ours is not its own. */
function answers(header: ReplyHeader, { request }: Pending): boolean {
  if (header.command !== commandCodes[request.command]) return false;
  return header.version === PROTOCOL_VERSION || header.status === STATUS_BAD_VERSION;
}

/** Puts the data of a reply where it belongs; returns what was wrong with it. */
function take(
  request: Request,
  header: ReplyHeader,
  data: ReplyData,
  collected: Collected,
): SessionFailure | null {
  if (header.status === STATUS_NO_SUCH_SOURCE && 'index' in request) {
    // Removed between the count and this question.
    collected.sources?.wanted.delete(request.index);
    collected.stats?.wanted.delete(request.index);
    return null;
  }
  if (header.status !== STATUS_SUCCESS) return { kind: 'status', status: header.status };
  if (data.type === 'short') return { kind: 'short-reply', wanted: data.wanted, got: data.got };
  if (data.type === 'tracking' && request.command === 'tracking') collected.tracking = data.tracking;
  else if (data.type === 'activity' && request.command === 'activity') collected.activity = data.activity;
  else if (data.type === 'n-sources' && request.command === 'n-sources') {
    collected.sources = rowsFor(data.count);
    collected.stats = rowsFor(data.count);
  } else if (data.type === 'source-data' && request.command === 'source-data' && collected.sources !== null) {
    collected.sources.got.set(request.index, data.source);
  } else if (data.type === 'sourcestats' && request.command === 'sourcestats' && collected.stats !== null) {
    collected.stats.got.set(request.index, data.stats);
  } else if (data.type === 'source-name' && request.command === 'source-name') {
    if (data.name !== null) collected.names.set(request.address.printed, data.name);
  } else return { kind: 'unknown-reply', replyType: header.replyType };
  return null;
}

function rowsFor<T>(count: number): Rows<T> {
  const indices = Array.from({ length: Math.min(count, MOST_SOURCES) }, (_, index) => index);
  return { wanted: new Set(indices), got: new Map() };
}

type Phase = 'overview' | 'rows' | 'names' | 'over';

/** Fills the queue of the next phase. A daemon that answered nothing at first is not asked further. */
function nextPhase(phase: Phase, collected: Collected, waiting: Request[]): Phase {
  if (phase === 'overview' && collected.sources !== null) {
    for (const index of collected.sources.wanted) {
      waiting.push({ command: 'source-data', index }, { command: 'sourcestats', index });
    }
    return 'rows';
  }
  if (phase === 'rows' || (phase === 'overview' && collected.tracking !== null)) {
    for (const address of addressesOf(collected)) waiting.push({ command: 'source-name', address });
    return 'names';
  }
  return 'over';
}

function addressesOf({ tracking, sources }: Collected): Address[] {
  const addresses = new Map<string, Address>();
  for (const one of [tracking, ...(sources?.got.values() ?? [])]) {
    const named = one !== null && ['inet4', 'inet6', 'id'].includes(one.address.family);
    if (named) addresses.set(one.address.printed, one.address);
  }
  return [...addresses.values()];
}

/** What is worst to overlook comes first: another version, a refusal, a strange answer, silence. */
const weight: Readonly<Record<SessionFailure['kind'], number>> = {
  version: 0,
  status: 1,
  'unknown-reply': 2,
  'short-reply': 3,
  'no-reply': 4,
};

function resultOf(collected: Collected, problems: readonly SessionFailure[]): SessionResult {
  const { tracking, activity, sources, stats, names } = collected;
  if (tracking === null && activity === null && sources === null) {
    const [worst] = [...problems].sort((a, b) => weight[a.kind] - weight[b.kind]);
    return { ok: false, failure: worst ?? { kind: 'no-reply' } };
  }
  return {
    ok: true,
    state: {
      tracking: tracking === null ? null : withReferenceName(tracking, names),
      activity,
      sources: complete(sources)?.map((one) => withName(one, names)) ?? null,
      sourceStats: complete(stats)?.map((one) => withName(one, names)) ?? null,
    },
  };
}

/** A list with a hole is no list: a source that was lost on the way would look like one that is not configured. */
function complete<T>(rows: Rows<T> | null): readonly Addressed<T>[] | null {
  if (rows === null) return null;
  const whole: Addressed<T>[] = [];
  for (const index of rows.wanted) {
    const row = rows.got.get(index);
    if (row === undefined) return null;
    whole.push(row);
  }
  return whole;
}

function withName<T extends { readonly name: string }>(
  one: Addressed<T>,
  names: ReadonlyMap<string, string>,
): T {
  const name = names.get(one.address.printed);
  return name === undefined || one.address.family === 'unspecified' ? one.value : { ...one.value, name };
}

function withReferenceName(
  one: Addressed<ChronyTracking>,
  names: ReadonlyMap<string, string>,
): ChronyTracking {
  const name = names.get(one.address.printed);
  return name === undefined ? one.value : { ...one.value, refName: name };
}
