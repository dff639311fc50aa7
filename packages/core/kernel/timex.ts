/** What adjtimex(2) answers, from the bytes of `struct timex` or from the text of the commands that print it. */
import type { KernelState } from '../observe/index.ts';
import { hasStatus, statusBits } from './status.ts';

/** sizeof(struct timex) where `long` has 64 bits, with glibc and with musl. */
export const TIMEX_BYTES = 208;

export interface Timex {
  /** The bits that {@link statusBits} names. */
  readonly status: number;
  /** What the kernel's PLL still has to correct; sign as the kernel gives it. */
  readonly offsetSeconds: number;
  /** Correction of the clock's rate that is in force, −500..500. Positive = the clock is made to run faster. */
  readonly frequencyPpm: number;
  readonly maxErrorSeconds: number;
  readonly estErrorSeconds: number;
  /** TAI − UTC; 0 also when nobody told the kernel. Null: a text that does not print it. */
  readonly taiOffsetSeconds: number | null;
}

/** The kernel counts ppm in units of 2^-16 (adjtimex(2), "freq"). */
const FREQUENCY_UNITS_PER_PPM = 65_536;

/** Decodes `struct timex` of a 64-bit little-endian Linux (x86-64, arm64, riscv64). Null when bytes are missing. */
export function decodeTimex(bytes: Uint8Array): Timex | null {
  if (bytes.length < TIMEX_BYTES) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const long = (offset: number): number => Number(view.getBigInt64(offset, true));
  return timexOf({
    status: view.getInt32(40, true),
    offset: long(8),
    frequency: long(16),
    maxError: long(24),
    estError: long(32),
    tai: view.getInt32(160, true),
  });
}

interface RawTimex {
  readonly status: number;
  readonly offset: number;
  readonly frequency: number;
  /** Microseconds whatever STA_NANO says: it changes the unit of `offset` and of the time alone. */
  readonly maxError: number;
  readonly estError: number;
  readonly tai: number | null;
}

function timexOf(raw: RawTimex): Timex {
  return {
    status: raw.status,
    offsetSeconds: raw.offset * (hasStatus(raw.status, 'NANO') ? 1e-9 : 1e-6),
    frequencyPpm: raw.frequency / FREQUENCY_UNITS_PER_PPM,
    maxErrorSeconds: raw.maxError * 1e-6,
    estErrorSeconds: raw.estError * 1e-6,
    taiOffsetSeconds: raw.tai,
  };
}

/**
 * Reads what `adjtimex --print` (the adjtimex package) or busybox's `adjtimex` prints. Null when a line that the state
 * needs is missing or is no number.
 */
export function parseAdjtimex(output: string): Timex | null {
  const number = (...names: readonly string[]): number | null => {
    for (const name of names) {
      // busybox puts the option that would change a value before its name: "-o  offset:       0 us".
      const line = new RegExp(`^[ \\t]*(?:-[a-z][ \\t]+)?${name}:[ \\t]*(-?\\d{1,15})(?![\\d.])`, 'm');
      const found = line.exec(output)?.[1];
      if (found !== undefined) return Number(found);
    }
    return null;
  };
  const status = number('status');
  const offset = number('offset');
  const frequency = number('frequency', 'freq\\.adjust');
  const maxError = number('maxerror');
  const estError = number('esterror');
  if (status === null || offset === null || frequency === null || maxError === null || estError === null) {
    return null;
  }
  return timexOf({ status, offset, frequency, maxError, estError, tai: number('tai') });
}

/** @param clocksource name as sysfs shows it, or null where it could not be read */
export function kernelStateOf(timex: Timex, clocksource: string | null): KernelState {
  return {
    unsync: hasStatus(timex.status, 'UNSYNC'),
    statusBits: statusBits(timex.status),
    offsetSeconds: timex.offsetSeconds,
    frequencyPpm: timex.frequencyPpm,
    maxErrorSeconds: timex.maxErrorSeconds,
    estErrorSeconds: timex.estErrorSeconds,
    taiOffsetSeconds: timex.taiOffsetSeconds,
    clocksource,
  };
}
