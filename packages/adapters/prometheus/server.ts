import { agrees, clockOfServer, readVector, type Sample } from '@clockwarden/core/exposition';
import { type Failure, failure } from '@clockwarden/core/observe';
import type { TimeBase } from '@clockwarden/core/ports';
import { text } from '@clockwarden/core/text';
import { type Estimate, type MonotonicInstant, nanosecondsOf, secondsOf } from '@clockwarden/core/time';
import { describeStatus, type HttpClient, type HttpTarget } from '../http/index.ts';

/** 10,000 series with long labels are 5 MB. */
const MAX_REPLY_BYTES = 128 * 1024 * 1024;

export interface Answer {
  readonly samples: readonly Sample[];
  readonly evaluatedSeconds: number | null;
  readonly warnings: readonly string[];
  readonly sent: MonotonicInstant;
  readonly received: MonotonicInstant;
}

export type Answered =
  | { readonly ok: true; readonly answer: Answer }
  | { readonly ok: false; readonly failure: Failure };

export interface Round {
  readonly client: HttpClient;
  readonly url: string;
  readonly timeBase: TimeBase;
  readonly underWay: Set<() => void>;
  readonly signal: AbortSignal;
  readonly deadline: MonotonicInstant;
}

/** The query API of one server, within one round and its deadline. */
export class QueryApi {
  readonly #round: Round;
  readonly #base: URL;

  constructor(round: Round) {
    this.#round = round;
    this.#base = new URL(round.url);
  }

  /** @param atSeconds the server's time to evaluate at, so that all queries of a round see the same */
  async query(promql: string, atSeconds: number | null): Promise<Answered> {
    const target = this.#target(promql, atSeconds);
    const { client, timeBase, underWay, signal, deadline } = this.#round;
    // After an abort nobody sees what is returned.
    if (signal.aborted) return { ok: false, failure: noReply(target.url) };
    const result = await client.get(target, {
      timeoutMs: Math.max(1, secondsOf(deadline - timeBase.monotonic()) * 1000),
      maxBytes: MAX_REPLY_BYTES,
      monotonic: () => timeBase.monotonic(),
      keep: true,
      underWay,
    });
    if (!result.ok) return result;
    const reply = readVector(result.body);
    if (reply.ok && result.status === 200) {
      const { samples, evaluatedSeconds, warnings } = reply;
      const { sent, received } = result;
      return { ok: true, answer: { samples, evaluatedSeconds, warnings, sent, received } };
    }
    if (!reply.ok && reply.errorType !== null) {
      return { ok: false, failure: refused(target.url, reply.errorType, reply.message) };
    }
    if (result.status !== 200) return { ok: false, failure: describeStatus(result.status, target.url) };
    return { ok: false, failure: noReply(target.url) };
  }

  #target(promql: string, atSeconds: number | null): HttpTarget {
    const base = this.#base;
    const secure = base.protocol === 'https:';
    const root = base.pathname.replace(/\/+$/, '');
    const time = atSeconds === null ? '' : `&time=${atSeconds}`;
    return {
      secure,
      host: base.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: base.port === '' ? (secure ? 443 : 80) : Number(base.port),
      path: `${root}/api/v1/query?query=${encodeURIComponent(promql)}${time}`,
      url: `${base.origin}${root}`,
    };
  }
}

function refused(url: string, errorType: string, message: string): Failure {
  const isOurs = errorType === 'bad_data';
  return failure(
    isOurs ? 'unsupported' : 'refused',
    text(`${url} refuses the query (${errorType}): ${message}`, `${url} 拒绝了查询(${errorType}):${message}`),
    isOurs
      ? text(
          'Check `selector`: label matchers as in PromQL, like job="node".',
          '请检查 `selector`：应为 PromQL 的标签匹配，如 job="node"。',
        )
      : undefined,
  );
}

function noReply(url: string): Failure {
  return failure(
    'malformed',
    text(
      `The answer of ${url} is no reply of the Prometheus query API.`,
      `${url} 的应答不是 Prometheus 查询 API 的回复。`,
    ),
    text(
      'Give the address before /api/v1/query, as http://prometheus:9090.',
      '请填写 /api/v1/query 之前的地址，如 http://prometheus:9090。',
    ),
  );
}

/** The server's clock: known from each round's answer to `time()`, and watched for being set. */
export class ServerClock {
  #last: { readonly offset: Estimate; readonly at: MonotonicInstant } | null = null;
  #trustFrom: MonotonicInstant | null = null;

  /** Takes the answer to `time()`. Returns the server's clock against the time base; null when it is no time. */
  learn({ evaluatedSeconds, sent, received }: Answer, timeBase: TimeBase): ServerTime | null {
    if (evaluatedSeconds === null) return null;
    const offset = clockOfServer(evaluatedSeconds, {
      sent: timeBase.instantAt(sent),
      received: timeBase.instantAt(received),
      precisionSeconds: timeBase.precisionSeconds,
    });
    if (offset === null) return null;
    const at = sent + (received - sent) / 2n;
    const last = this.#last;
    if (last !== null && !agrees(last.offset, secondsOf(at - last.at), offset)) {
      // A sample stamped by the clock as it was looks older or younger by the step.
      const step = Math.abs(offset.seconds - last.offset.seconds);
      this.#trustFrom = at + nanosecondsOf(step);
    }
    this.#last = { offset, at };
    return { offset, at, evaluatedSeconds, trustFrom: this.#trustFrom };
  }
}

export interface ServerTime {
  readonly offset: Estimate;
  readonly at: MonotonicInstant;
  readonly evaluatedSeconds: number;
  /** Samples from before this may carry stamps of the clock as it was before it was set. */
  readonly trustFrom: MonotonicInstant | null;
}
