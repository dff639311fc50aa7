/** A node's clock from questions and answers over a session: each answer was read between its question and its arrival. */
import { stepClockBetween } from '../kernel/index.ts';
import type { ClockMeasurement, StepClock } from '../observe/index.ts';
import {
  type Estimate,
  type Instant,
  MAX_DRIFT_RATE,
  NANOSECONDS_PER_SECOND,
  nanosecondsOf,
  secondsOf,
} from '../time/index.ts';

/** What a node's clock showed: somewhere in `[low, high]`, as coarsely as the command prints. */
export interface NodeTime {
  readonly low: Instant;
  readonly high: Instant;
}

/** One question and its answer; both instants are the collector's time base. */
export interface ClockExchange {
  readonly sent: Instant;
  readonly received: Instant;
  readonly node: NodeTime;
}

/**
 * `1700000000.123456789`, as date, EPOCHREALTIME or a script prints it: truncated after its last digit. busybox may print
 * `.N` or nothing where it has no %N: then the seconds alone count. Null when there is no time at all.
 */
export function parseNodeTime(text: string): NodeTime | null {
  const parts = /^(\d{1,11})(?:\.(\d{1,9})|\.?%?N?)$/.exec(text);
  if (parts?.[1] === undefined) return null;
  const digits = parts[2] ?? '';
  const step = 10n ** BigInt(9 - digits.length);
  const low = BigInt(parts[1]) * NANOSECONDS_PER_SECOND + BigInt(digits.padEnd(9, '0'));
  // Interpreters that only have floating seconds round in the last of six digits, so one such step downwards too.
  return { low: digits.length > 0 && digits.length < 9 ? low - step : low, high: low + step };
}

export interface ClockResult {
  readonly clock: ClockMeasurement;
  /** Time-base instant for which it holds: the middle of the last exchange. */
  readonly at: Instant;
  /** The exchanges contradict each other: the node's clock was set meanwhile, and those before are left out. */
  readonly stepped: boolean;
}

/**
 * The offset that all exchanges allow. Each alone says: offset ∈ [node − received, node − sent]; what lies in all of them
 * is the truth unless the clock was set in between. Earlier ones are widened by {@link MAX_DRIFT_RATE} for their age.
 * @param exchanges in the order in which they were made
 * @param precisionSeconds of the collector's time base
 * @returns null without an exchange
 */
export function clockOf(exchanges: readonly ClockExchange[], precisionSeconds: number): ClockResult | null {
  const last = exchanges.at(-1);
  if (last === undefined) return null;
  let low = -Infinity;
  let high = Infinity;
  let delaySeconds = Infinity;
  let used = 0;
  for (const exchange of [...exchanges].reverse()) {
    const interval = intervalOf(exchange, last, precisionSeconds);
    if (Math.max(low, interval.low) > Math.min(high, interval.high)) break;
    low = Math.max(low, interval.low);
    high = Math.min(high, interval.high);
    delaySeconds = Math.min(delaySeconds, secondsOf(exchange.received - exchange.sent));
    used++;
  }
  return {
    clock: {
      offset: { seconds: (low + high) / 2, low, high },
      delaySeconds,
      stampedBy: 'node-command',
      samples: used,
    },
    at: (last.sent + last.received) / 2n,
    stepped: used < exchanges.length,
  };
}

function intervalOf(exchange: ClockExchange, last: ClockExchange, precisionSeconds: number) {
  const age = secondsOf(last.received - exchange.sent);
  const slack = precisionSeconds + MAX_DRIFT_RATE * age;
  return {
    low: secondsOf(exchange.node.low - exchange.received) - slack,
    high: secondsOf(exchange.node.high - exchange.sent) + slack,
  } satisfies Omit<Estimate, 'seconds'>;
}

/**
 * The line `step mono M1 R M2` (nanoseconds: CLOCK_MONOTONIC, CLOCK_REALTIME, CLOCK_MONOTONIC) or
 * `step boot U1 R U2` (seconds: /proc/uptime, the clock, /proc/uptime). The second counts suspended time, the first does
 * not, so their boot ids differ and they are never compared with each other.
 */
export function parseStepLine(line: string, bootId: string): StepClock | null {
  const words = line.split(' ');
  const [word, method, first = '', realtime = '', second = ''] = words;
  if (word !== 'step' || words.length !== 5) return null;
  if (method === 'mono') {
    if (![first, realtime, second].every((value) => /^\d{1,19}$/.test(value))) return null;
    return stepClockBetween(BigInt(first), BigInt(realtime), BigInt(second), bootId);
  }
  const time = parseNodeTime(realtime);
  if (method !== 'boot' || time === null) return null;
  if (![first, second].every((value) => /^\d{1,9}\.\d\d$/.test(value))) return null;
  // /proc/uptime is truncated to hundredths. The clock's own coarseness widens the window alike.
  const before = nanosecondsOf(Number(first));
  const after = nanosecondsOf(Number(second)) + 10_000_000n + (time.high - time.low);
  return stepClockBetween(before, time.high, after, `${bootId} since boot`);
}
