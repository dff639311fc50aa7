import { boundOf, type Estimate } from '../time/index.ts';

/** From large to small; the unit is the largest that leaves at least one whole. Field's symbols, the same in both languages. */
const units = [
  { symbol: 'd', seconds: 86_400 },
  { symbol: 'h', seconds: 3_600 },
  { symbol: 'min', seconds: 60 },
  { symbol: 's', seconds: 1 },
  { symbol: 'ms', seconds: 1e-3 },
  { symbol: 'µs', seconds: 1e-6 },
  { symbol: 'ns', seconds: 1e-9 },
] as const;

type Unit = (typeof units)[number];

/** Below a nanosecond nothing here is known; a true zero is shown in microseconds. */
const microsecond: Unit = units[5];

const MINUS = '−';

function unitFor(seconds: number): Unit {
  const size = Math.abs(seconds);
  if (size === 0) return microsecond;
  // 0.9995 keeps 999.96 ms from being printed as "1000 ms".
  return units.find((unit) => size >= unit.seconds * 0.9995) ?? units[units.length - 1] ?? microsecond;
}

function digitsFor(value: number): number {
  const size = Math.abs(value);
  if (size >= 99.95) return 0;
  return size >= 9.995 ? 1 : 2;
}

function fixed(value: number, digits: number): string {
  const printed = Math.abs(value).toFixed(digits);
  return digits > 0 ? printed.replace(/\.?0+$/, '') : printed;
}

function sign(value: number, printed: string, always: boolean): string {
  if (/^[0.]+$/.test(printed)) return always ? '±' : '';
  return value < 0 ? MINUS : always ? '+' : '';
}

/** `+3.2 ms`, `−1.5 h`; a sign always when `signed`. Three significant digits. */
export function formatSeconds(seconds: number, options: { readonly signed?: boolean } = {}): string {
  const unit = unitFor(seconds);
  const value = seconds / unit.seconds;
  const printed = fixed(value, digitsFor(value));
  const prefix = /^[0.]+$/.test(printed) ? '' : sign(value, printed, options.signed ?? false);
  return `${prefix}${printed} ${unit.symbol}`;
}

/** A length of time without a sign: `250 ms`, `8.9 h`. */
export function formatDuration(seconds: number): string {
  return formatSeconds(Math.abs(seconds));
}

/**
 * Value and bound in one unit, the value with no more digits than the bound makes sensible: `+3.2 ± 0.4 ms`.
 * The unit is that of the larger of the two, so that a value inside its own bound does not pretend to precision.
 */
export function formatOffset(value: Estimate): string {
  const bound = Math.max(
    boundOf(value),
    Math.abs(value.high - value.seconds),
    Math.abs(value.seconds - value.low),
  );
  const unit = unitFor(Math.max(Math.abs(value.seconds), bound));
  const scaledValue = value.seconds / unit.seconds;
  const scaledBound = bound / unit.seconds;
  // Two significant digits of the bound, never more than six decimals, never fewer than the value itself needs.
  const decimals =
    scaledBound === 0
      ? digitsFor(scaledValue)
      : Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(scaledBound))));
  const printed = Math.abs(scaledValue).toFixed(Math.min(decimals, 6));
  const prefix = /^[0.]+$/.test(printed) ? '' : scaledValue < 0 ? MINUS : '+';
  return `${prefix}${printed} ± ${scaledBound.toFixed(decimals)} ${unit.symbol}`;
}

/** `+12.345 ppm`. */
export function formatPpm(ppm: number): string {
  const printed = Math.abs(ppm).toFixed(3);
  return `${/^[0.]+$/.test(printed) ? '' : ppm < 0 ? MINUS : '+'}${printed} ppm`;
}

/** The age of a reading in whole units: `2 s`, `14 min`, `3 h`. */
export function formatAge(seconds: number): string {
  const size = Math.max(0, seconds);
  if (size < 1) return '<1 s';
  const unit = units.find((candidate) => size >= candidate.seconds) ?? microsecond;
  return `${Math.floor(size / unit.seconds)} ${unit.symbol}`;
}
