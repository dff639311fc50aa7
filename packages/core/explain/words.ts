/** Phrases that several explanations share. Values are written into sentences of both languages. */
import { formatDuration, formatSeconds, type Text, text } from '../text/index.ts';
import type { ExplainedValue, Importance } from './structure.ts';

export function value(
  label: string,
  shown: string,
  meaning: Text,
  importance: Importance = 'plain',
): ExplainedValue {
  return { label, shown, meaning, importance };
}

export interface Side {
  /** `250 ms ahead of`, before what it is compared with. */
  readonly en: string;
  /** `比该源快 250 ms`. */
  zh(than: string): string;
}

/** Where a clock stands; what is printed as zero is level. Positive = ahead. */
export function aheadOrBehind(seconds: number): Side {
  const size = formatDuration(seconds);
  if (size.startsWith('0 ')) return { en: 'level with', zh: (than) => `与${spaced(than)}一致` };
  return seconds > 0
    ? { en: `${size} ahead of`, zh: (than) => `比${spaced(than)}快 ${size}` }
    : { en: `${size} behind`, zh: (than) => `比${spaced(than)}慢 ${size}` };
}

/** Chinese text has a space beside Latin letters and digits. */
function spaced(word: string): string {
  return word.replace(/^(?=[ -~])/, ' ').replace(/(?<=[ -~])$/, ' ');
}

export function signedSeconds(seconds: number): string {
  return formatSeconds(seconds, { signed: true });
}

/** Sentences one after the other. */
export function sentences(...parts: readonly (Text | null)[]): Text {
  const said = parts.filter((part) => part !== null);
  return text(said.map((part) => part.en).join(' '), said.map((part) => part['zh-CN']).join(''));
}

/** Eight polls, oldest first. */
function pollsOf(reach: number): boolean[] {
  return [7, 6, 5, 4, 3, 2, 1, 0].map((bit) => ((reach >> bit) & 1) === 1);
}

/** `■■■■□■■■`, newest right. */
export function drawPolls(polls: readonly boolean[]): string {
  return polls.map((answered) => (answered ? '■' : '□')).join('');
}

function octal(reach: number): string {
  return reach.toString(8).padStart(3, '0');
}

/** The register of the last eight polls, for chronyd and ntpd alike. */
export function explainReach(label: string, reach: number): ExplainedValue {
  const polls = pollsOf(reach);
  const answered = polls.filter(Boolean).length;
  const newest = polls.lastIndexOf(true);
  // A register that is still filling has zeros only at its old end.
  const filling = answered > 0 && answered < 8 && polls.slice(polls.indexOf(true)).every(Boolean);
  const missedLately = 7 - newest;
  return {
    label,
    shown: `${octal(reach)} ${drawPolls(polls)}`,
    polls,
    importance: answered === 0 ? 'problem' : answered === 8 ? 'good' : filling ? 'plain' : 'attention',
    meaning:
      answered === 0
        ? text('None of the last 8 polls was answered.', '最近 8 次轮询都没有应答。')
        : answered === 8
          ? text('All of the last 8 polls were answered.', '最近 8 次轮询全部有应答。')
          : filling
            ? text(
                `${answered} polls so far, all answered: it was started or came back a short while ago.`,
                `目前 ${answered} 次轮询，全部有应答：刚启动或刚恢复不久。`,
              )
            : missedLately > 0
              ? text(
                  `${answered} of the last 8 polls were answered; the newest ${missedLately === 1 ? 'was' : `${missedLately} were`} not.`,
                  `最近 8 次轮询有 ${answered} 次应答；最新的 ${missedLately} 次没有。`,
                )
              : text(
                  `${answered} of the last 8 polls were answered: packets are lost on the way.`,
                  `最近 8 次轮询有 ${answered} 次应答：途中有丢包。`,
                ),
  };
}

/** log2 of seconds → a duration; chrony allows negative ones. */
export function pollSeconds(poll: number): number {
  return 2 ** Math.max(-10, Math.min(24, poll));
}

/** How much a frequency moves the clock in a day. */
export function perDay(ppm: number): string {
  return formatDuration((Math.abs(ppm) / 1e6) * 86_400);
}

/** How far below a reference clock a stratum is: `2 steps`, `2 级`. */
export function stepsBelow(stratum: number): Text {
  const steps = stratum - 1;
  return text(
    `${steps} ${steps === 1 ? 'step' : 'steps'} below a reference clock.`,
    `在参考时钟之下 ${steps} 级。`,
  );
}

const scales = [
  { symbol: 's', seconds: 1 },
  { symbol: 'ms', seconds: 1e-3 },
  { symbol: 'µs', seconds: 1e-6 },
] as const;

/** Offsets of one table in one unit with equal decimals, so that they can be compared at a glance. */
export interface Scale {
  signed(seconds: number): string;
  /** Without a sign: bounds and deviations. */
  plain(seconds: number): string;
}

/** The unit of the middle one, since a single liar may be far out; decimals for two digits of the smallest, at most three. */
export function scaleFor(seconds: readonly number[]): Scale {
  const sizes = seconds
    .map(Math.abs)
    .filter((size) => size > 0)
    .sort((a, b) => a - b);
  const middle = sizes[Math.floor(sizes.length / 2)] ?? 0;
  const unit = scales.find((scale) => middle >= scale.seconds) ?? scales[2];
  const smallest = (sizes[0] ?? unit.seconds) / unit.seconds;
  const decimals = Math.max(0, Math.min(3, 1 - Math.floor(Math.log10(smallest))));
  const print = (value: number): string =>
    `${(Math.abs(value) / unit.seconds).toFixed(decimals)} ${unit.symbol}`;
  return {
    plain: print,
    signed: (value) => {
      const printed = print(value);
      return /^[0.]+ /.test(printed) ? printed : `${value < 0 ? '−' : '+'}${printed}`;
    },
  };
}
