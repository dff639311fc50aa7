import { boundOf, type Estimate } from '../time/index.ts';

interface Unit {
  readonly symbol: string;
  readonly seconds: number;
  /** Used from this size on: 200 s stays 200 s, beside limits written in seconds. */
  readonly from: number;
}

const microsecond: Unit = { symbol: 'µs', seconds: 1e-6, from: 0 };

/** From large to small. The symbols are the same in both languages. */
const units: readonly Unit[] = [
  { symbol: 'd', seconds: 86_400, from: 3 * 86_400 },
  { symbol: 'h', seconds: 3_600, from: 3 * 3_600 },
  { symbol: 'min', seconds: 60, from: 10 * 60 },
  { symbol: 's', seconds: 1, from: 1 },
  { symbol: 'ms', seconds: 1e-3, from: 1e-3 },
  microsecond,
];

const MINUS = '−';

function unitFor(seconds: number): Unit {
  // 0.9995 keeps 999.96 ms from being printed as "1000 ms".
  return units.find((unit) => Math.abs(seconds) >= unit.from * 0.9995) ?? microsecond;
}

/** Nothing that is printed as zero has a sign. */
function signed(value: number, printed: string, plus: '+' | ''): string {
  if (/^[0.]+$/.test(printed)) return printed;
  return `${value < 0 ? MINUS : plus}${printed}`;
}

/** `+3.2 ms` when `signed`, `−1.5 h`: three significant digits, no trailing zeros. */
export function formatSeconds(seconds: number, options: { readonly signed?: boolean } = {}): string {
  const unit = unitFor(seconds);
  const value = Math.abs(seconds) / unit.seconds;
  const digits = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  const printed = digits === 0 ? value.toFixed(0) : value.toFixed(digits).replace(/\.?0+$/, '');
  return `${signed(seconds, printed, options.signed === true ? '+' : '')} ${unit.symbol}`;
}

/** A length of time without a sign: `250 ms`, `8.9 h`. */
export function formatDuration(seconds: number): string {
  return formatSeconds(Math.abs(seconds));
}

/** More digits than this nobody reads; the bound is then as wide as the last digit shown. */
const MOST_DIGITS = 6;

/**
 * Value and bound in one unit: `+3.20 ± 0.40 ms`. The unit is that of the larger of the two; the bound has two
 * significant digits and is rounded up, so that what is printed still holds the truth.
 */
export function formatOffset(value: Estimate): string {
  const bound = Math.max(boundOf(value), value.high - value.seconds, value.seconds - value.low);
  const unit = unitFor(Math.max(Math.abs(value.seconds), bound));
  const scaled = Math.abs(value.seconds) / unit.seconds;
  const scaledBound = bound / unit.seconds;
  const wholeDigits = Math.max(1, Math.ceil(Math.log10(scaled + 1)));
  const wanted = scaledBound === 0 ? 2 : 1 - Math.floor(Math.log10(scaledBound));
  const decimals = Math.max(0, Math.min(wanted, MOST_DIGITS - wholeDigits));
  // A hair less than the last digit, so that 0.40 is not rounded up to 0.41 for a bit of binary dust.
  const printedBound = Math.ceil(scaledBound * 10 ** decimals - 1e-6) / 10 ** decimals;
  return `${signed(value.seconds, scaled.toFixed(decimals), '+')} ± ${printedBound.toFixed(decimals)} ${unit.symbol}`;
}

/** `+12.345 ppm`. */
export function formatPpm(ppm: number): string {
  return `${signed(ppm, Math.abs(ppm).toFixed(3), '+')} ppm`;
}

/** The age of a reading, in whole units: `2 s`, `14 min`, `3 h`. */
export function formatAge(seconds: number): string {
  if (seconds < 1) return '<1 s';
  const unit =
    units.find((candidate) => seconds >= candidate.seconds && candidate.seconds >= 1) ?? microsecond;
  return `${Math.floor(seconds / unit.seconds)} ${unit.symbol}`;
}
