/** What happens to a clock when its daemon puts it right: nothing, a slew and for how long, or a step. */
import { compareWithLimit } from '../assess/index.ts';
import { formatOffset, type Text, text } from '../text/index.ts';
import { contains, type Estimate } from '../time/index.ts';
import type { ConfiguredDaemon } from './actions.ts';

/** `seconds`: the offset that goes away. Positive = the clock is ahead, so it is set back, or slowed down. */
export type Correction =
  /** Nothing that could be told from the error bound of the measurement. */
  | { readonly kind: 'none' }
  | { readonly kind: 'slew'; readonly seconds: number; readonly durationSeconds: number }
  /** `backwards`: times that were given once are given again. */
  | { readonly kind: 'step'; readonly seconds: number; readonly backwards: boolean }
  | { readonly kind: 'unknown'; readonly code: UnknownCorrection; readonly why: Text };

/**
 * - `sources-disagree`: those that it is to follow contradict each other, so nobody knows what it would be set to.
 * - `no-source`: none of them answers, and the node's daemon follows none of them either.
 * - `no-clock`: the node's own clock cannot be read.
 * - `too-wide`: the bound of its offset reaches over the limit between slew and step.
 */
export type UnknownCorrection = 'sources-disagree' | 'no-source' | 'no-clock' | 'too-wide';

/** A node against what it will follow. Positive = the node is ahead. */
export type FollowedOffset =
  | { readonly known: true; readonly offset: Estimate }
  | { readonly known: false; readonly code: Exclude<UnknownCorrection, 'too-wide'>; readonly why: Text };

export interface Corrector {
  readonly daemon: ConfiguredDaemon;
  /** chronyd steps by more than this, in so many first corrections after its start (−1: always). */
  readonly makestep: { readonly thresholdSeconds: number; readonly limit: number };
  /** Corrections since the daemon started. 0: it starts now. timesyncd does not count. */
  readonly corrections: number;
}

/** chrony.conf(5), `maxslewrate`: chronyd slews no faster. The kernel's tick would allow 100,000 ppm. */
export const CHRONYD_SLEW_RATE = 83_333e-6;

/** timesyncd-manager.c, NTP_MAX_ADJUST: from here on timesyncd steps, always. */
const TIMESYNCD_STEP_SECONDS = 0.4;

/** timesyncd.conf(5), `PollIntervalMinSec`: the interval it starts with. */
const TIMESYNCD_POLL_SECONDS = 32;

/** A step that nobody notices: below it nothing is asked. */
export const HARMLESS_STEP_SECONDS = 0.1;

/** A clock that stands nearer than this is called right. */
const SETTLED_SECONDS = 0.001;

export function correctionOf(followed: FollowedOffset, corrector: Corrector): Correction {
  if (!followed.known) return { kind: 'unknown', code: followed.code, why: followed.why };
  const { offset } = followed;
  const { seconds } = offset;
  const limit = stepLimit(corrector);
  const place = limit === null ? 'within' : compareWithLimit(offset, limit);
  if (place === 'beyond') return { kind: 'step', seconds, backwards: seconds > 0 };
  if (place === 'straddles') return { kind: 'unknown', code: 'too-wide', why: tooWide(offset) };
  if (contains(offset, 0) || Math.abs(seconds) < SETTLED_SECONDS) return { kind: 'none' };
  return { kind: 'slew', seconds, durationSeconds: slewSeconds(corrector.daemon, seconds) };
}

/** |offset| from which the daemon steps; null: it never does. */
function stepLimit({ daemon, makestep, corrections }: Corrector): number | null {
  if (daemon === 'systemd-timesyncd') return TIMESYNCD_STEP_SECONDS;
  const mayStep = makestep.limit < 0 || corrections < makestep.limit;
  return mayStep ? makestep.thresholdSeconds : null;
}

/**
 * How long the slew takes. chronyd shortens it as far as the rate allows (sys_generic.c). timesyncd hands the offset to the
 * kernel's PLL, which takes 1 / 2^(2 + time constant) of what is left each second (kernel/time/ntp.c), the constant being
 * log2 of the poll interval − 4: a decay by a factor of e each quarter of the poll interval.
 * @param seconds the offset, either sign
 */
export function slewSeconds(daemon: ConfiguredDaemon, seconds: number): number {
  const size = Math.abs(seconds);
  if (daemon === 'chronyd') return size / CHRONYD_SLEW_RATE;
  return (TIMESYNCD_POLL_SECONDS / 4) * Math.max(1, Math.log(size / SETTLED_SECONDS));
}

function tooWide(offset: Estimate): Text {
  return text(
    `Its offset ${formatOffset(offset)} is known too coarsely to tell a slew from a step.`,
    `其偏移 ${formatOffset(offset)} 的误差界过大，无法判断是渐调还是跳变。`,
  );
}
