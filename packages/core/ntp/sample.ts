/**
 * The arithmetic of one exchange. T1 sent and T4 received on the collector's monotonic clock, T2 received and T3 sent
 * on the server's.
 *
 * offset  = ((T2 − T1) + (T3 − T4)) / 2, positive = the server is ahead
 * delay   = (T4 − T1) − (T3 − T2)
 * bound   = delay / 2 + precision of the server + precision of the collector + φ (T4 − T1)
 *
 * The bound holds for any asymmetry of the path. A stamp that is wrong by up to p (a clock that counts in steps of p)
 * moves the offset by at most p beyond delay / 2; therefore a delay may come out as low as −2p and is still honest.
 */
import {
  type Estimate,
  estimate,
  type Instant,
  MAX_DRIFT_RATE,
  type MonotonicInstant,
  secondsOf,
} from '../time/index.ts';
import type { NtpPacket } from './packet.ts';
import { instantOf, nanosecondsBetween, timestampOf } from './timestamp.ts';

export interface Sample {
  /** T1: taken just before the question left. */
  readonly sent: MonotonicInstant;
  /** T4: taken when the answer came in, by whoever stamped it first. */
  readonly received: MonotonicInstant;
  readonly packet: NtpPacket;
  /** At least 0. */
  readonly delaySeconds: number;
  /** Half the width of the interval that holds the offset, above 0. */
  readonly boundSeconds: number;
}

/**
 * Why an answer cannot be measured with.
 * - `no-time`: the server left its receive or transmit timestamp at 0.
 * - `backwards`: it claims to have answered before it was asked, or to have worked longer than the whole exchange
 *   took: its clock was set meanwhile, or it lies.
 */
type SampleProblem = 'no-time' | 'backwards';

export type ReadSample =
  | { readonly ok: true; readonly sample: Sample }
  | { readonly ok: false; readonly problem: SampleProblem };

/** @param precisionSeconds bound of one stamp of the collector */
export function readSample(
  packet: NtpPacket,
  sent: MonotonicInstant,
  received: MonotonicInstant,
  precisionSeconds: number,
): ReadSample {
  if (packet.receive === 0n || packet.transmit === 0n) return { ok: false, problem: 'no-time' };
  const precision = serverPrecision(packet) + precisionSeconds;
  const elapsed = secondsOf(received - sent);
  // Taken modulo 2^64, so that a new era between the two stamps does not matter.
  const processing = secondsOf(nanosecondsBetween(packet.receive, packet.transmit));
  const delay = elapsed - processing;
  if (elapsed < 0 || processing < 0 || delay < -2 * precision) return { ok: false, problem: 'backwards' };
  return {
    ok: true,
    sample: {
      sent,
      received,
      packet,
      delaySeconds: Math.max(0, delay),
      boundSeconds: Math.max(0, delay) / 2 + precision + MAX_DRIFT_RATE * elapsed,
    },
  };
}

const FRACTION = 0xffff_ffffn;

/**
 * What the server says of its own clock, log2 of seconds; and 1 s where both of its stamps have no fraction at all: then
 * it tells whole seconds, whatever it says (openntpd 6.2p3 does from 2036 on).
 */
function serverPrecision({ precision, receive, transmit }: NtpPacket): number {
  return ((receive | transmit) & FRACTION) === 0n ? 1 : 2 ** precision;
}

/** The moment for which the offset of a sample is true: the middle of the exchange. */
export function middleOf(sample: Sample): MonotonicInstant {
  return (sample.sent + sample.received) / 2n;
}

/**
 * Server minus time base, positive = the server is ahead. Right while they are less than 68 years apart.
 * @param instantAt the time base's instant of a monotonic one
 */
export function offsetOf(sample: Sample, instantAt: (monotonic: MonotonicInstant) => Instant): Estimate {
  const { receive, transmit } = sample.packet;
  const outward = nanosecondsBetween(timestampOf(instantAt(sample.sent)), receive);
  // From here on in differences only: at an edge of the era window the two ways must not be taken for different eras.
  const processing = nanosecondsBetween(receive, transmit);
  const elapsed = sample.received - sample.sent;
  const seconds = secondsOf(2n * outward + processing - elapsed) / 2;
  // Decades in a double have steps of a tenth of a microsecond.
  return estimate(seconds, sample.boundSeconds + Math.abs(seconds) * Number.EPSILON);
}

/**
 * The sample with the smallest bound among those taken since the server's clock was last set: two samples of one burst
 * whose intervals cannot both be true have a step of the server between them. Null for none.
 * @param samples in the order in which they were taken
 */
export function bestOf(samples: readonly Sample[]): Sample | null {
  const last = samples.at(-1);
  if (last === undefined) return null;
  // Any common time base will do for a comparison.
  const newest = offsetOf(last, anchorOf(last));
  let best = last;
  for (const sample of samples.toReversed()) {
    const offset = offsetOf(sample, anchorOf(last));
    const drift = MAX_DRIFT_RATE * secondsOf(last.received - sample.sent);
    if (offset.low - drift > newest.high || offset.high + drift < newest.low) break;
    if (sample.boundSeconds < best.boundSeconds) best = sample;
  }
  return best;
}

/** A time base that starts on the server's own time, so that no offset is large. Any era will do. */
function anchorOf(reference: Sample): (monotonic: MonotonicInstant) => Instant {
  const start = instantOf(reference.packet.receive, 0n);
  return (monotonic) => start + (monotonic - reference.sent);
}
