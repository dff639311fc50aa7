/** From `node_time_seconds` to the node's clock against the collector's time base, with the bound. */
import {
  aged,
  type Estimate,
  estimate,
  type Instant,
  type Interval,
  MAX_DRIFT_RATE,
  nanosecondsOf,
  secondsOf,
} from '../time/index.ts';

/** A float64 near 2·10^9 counts in steps of 2.4·10^-7. */
const FLOAT_STEP_SECONDS = 2.4e-7;
/** Until the year 5138; what is beyond is not a time. */
const MAX_SECONDS = 1e11;

/** The exchange in which the node's clock was read, in instants of the collector's time base. */
export interface Exchange {
  readonly sent: Instant;
  readonly received: Instant;
  /** Bound of one reading of the time base. */
  readonly precisionSeconds: number;
}

/**
 * The node's clock was read somewhere between the request's departure and the answer's first byte. Positive = ahead.
 * Null when `nodeSeconds` is no time.
 */
export function clockOfExchange(nodeSeconds: number, exchange: Exchange): Estimate | null {
  if (!(nodeSeconds >= 0 && nodeSeconds < MAX_SECONDS)) return null;
  const { sent, received, precisionSeconds } = exchange;
  const took = secondsOf(received - sent);
  const middle = sent + (received - sent) / 2n;
  const bound = took / 2 + MAX_DRIFT_RATE * took + precisionSeconds + FLOAT_STEP_SECONDS;
  return estimate(secondsOf(nanosecondsOf(nodeSeconds) - middle), bound);
}

/**
 * Prometheus stamps a sample with the scrape's start: in whole milliseconds, cut, and up to 2 ms earlier where it aligns
 * scrapes to their interval (scrapeTimestampTolerance).
 */
const STAMP_BEFORE_START_SECONDS = 0.003;
const STAMP_AFTER_START_SECONDS = 0.002;

export interface Scrape {
  /** `node_time_seconds − timestamp(node_time_seconds)`. */
  readonly excessSeconds: number;
  /** `scrape_duration_seconds` of the same scrape. */
  readonly durationSeconds: number;
  /** How long before the query it was made. */
  readonly ageSeconds: number;
}

/**
 * The node's clock at the scrape. The scrape tells it against the server's clock; `server` is that clock against the
 * collector's time base when the server was asked. Null when the numbers make no sense.
 */
export function clockOfScrape(scrape: Scrape, server: Estimate): Estimate | null {
  const { excessSeconds, durationSeconds, ageSeconds } = scrape;
  if (!(Math.abs(excessSeconds) < MAX_SECONDS && durationSeconds >= 0 && durationSeconds < 3_600))
    return null;
  const then = aged(server, Math.abs(ageSeconds));
  const low = excessSeconds - durationSeconds - STAMP_BEFORE_START_SECONDS - FLOAT_STEP_SECONDS + then.low;
  const high = excessSeconds + STAMP_AFTER_START_SECONDS + FLOAT_STEP_SECONDS + then.high;
  return { seconds: (low + high) / 2, low, high };
}

/** The server's clock by its answer to `time()`, which it gives in milliseconds, cut. */
export function clockOfServer(evaluatedSeconds: number, exchange: Exchange): Estimate | null {
  const clock = clockOfExchange(evaluatedSeconds, exchange);
  return clock === null
    ? null
    : { seconds: clock.seconds + 0.0005, low: clock.low, high: clock.high + 0.001 };
}

/** Whether a clock known as `before` some time ago can be the one known as `now`: otherwise it was set between. */
export function agrees(before: Estimate, elapsedSeconds: number, now: Interval): boolean {
  const then = aged(before, elapsedSeconds);
  return then.low <= now.high && now.low <= then.high;
}
