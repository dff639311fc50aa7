/**
 * NTP's two formats of time (RFC 5905 section 6). The 64-bit timestamp counts seconds since 1900 in 32.32 fixed point and
 * wraps every 2^32 s (136 years): era 0 ends on 2036-02-07T06:28:16Z. On the wire the era is not said, so a timestamp
 * means the moment nearest to the reader's own clock. That is right as long as the two clocks are less than 68 years
 * (2^31 s) apart; beyond it nobody can tell.
 */
import { type Instant, NANOSECONDS_PER_SECOND, secondsOf } from '../time/index.ts';

/** 1900-01-01 to 1970-01-01: 70 years of which 17 were leap years. */
const UNIX_EPOCH_SECONDS = 2_208_988_800n;
const FRACTION_BITS = 32n;
const HALF_UNIT = 1n << (FRACTION_BITS - 1n);

/** 64 unsigned bits. 0 means "unknown" (RFC 5905 section 6), not the first moment of an era. */
export type NtpTimestamp = bigint;

/** The timestamp of an instant of any year; its era is lost. Rounded to the nearest 2^-32 s (0.23 ns). */
export function timestampOf(instant: Instant): NtpTimestamp {
  const shifted = (instant + UNIX_EPOCH_SECONDS * NANOSECONDS_PER_SECOND) << FRACTION_BITS;
  return BigInt.asUintN(64, (shifted + NANOSECONDS_PER_SECOND / 2n) / NANOSECONDS_PER_SECOND);
}

/** The instant nearest to `near` that has this timestamp. Exact for every instant that was made a timestamp of. */
export function instantOf(timestamp: NtpTimestamp, near: Instant): Instant {
  return near + nanosecondsBetween(timestampOf(near), timestamp);
}

/** `to − from` in nanoseconds, in whichever era it is shortest: within ±2^31 s. Rounded to the nearest nanosecond. */
export function nanosecondsBetween(from: NtpTimestamp, to: NtpTimestamp): bigint {
  const units = BigInt.asIntN(64, to - from);
  return (units * NANOSECONDS_PER_SECOND + HALF_UNIT) >> FRACTION_BITS;
}

/** `to − from` in seconds, in whichever era it is shortest. */
export function secondsBetween(from: NtpTimestamp, to: NtpTimestamp): number {
  return secondsOf(nanosecondsBetween(from, to));
}

/** The 32-bit short format (16.16, unsigned) in seconds: 0 to 65536. */
export function shortSeconds(value: number): number {
  return value / 0x1_0000;
}

/** Seconds in the short format, rounded to the nearest and held to its range. */
export function shortOf(seconds: number): number {
  return Math.min(0xffff_ffff, Math.max(0, Math.round(seconds * 0x1_0000)));
}
