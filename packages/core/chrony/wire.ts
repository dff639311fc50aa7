/** The scalar types of chronyd's command protocol: floats, times, addresses (chrony candm.h, addressing.h). */

/**
 * chrony's 32-bit float: signed 7-bit exponent, signed 25-bit coefficient without a hidden bit, coef·2^(exp−25).
 * 0x04800000 is 1.0, 0x03000000 −1.0. Always finite.
 */
export function readFloat(view: DataView, at: number): number {
  const raw = view.getInt32(at);
  const exponent = raw >> 25;
  const coefficient = (raw << 7) >> 7;
  return coefficient === 0 ? 0 : coefficient * 2 ** (exponent - 25);
}

/** A 32-bit time_t is sent with this in the upper half. */
const NO_HIGH_SECONDS = 0x7fffffff;

/** Seconds since 1970; null for the zero time that stands for "never". */
export function readTime(view: DataView, at: number): number | null {
  const high = view.getUint32(at);
  const seconds = (high === NO_HIGH_SECONDS ? 0 : high * 2 ** 32) + view.getUint32(at + 4);
  const nanoseconds = view.getUint32(at + 8);
  return seconds === 0 && nanoseconds === 0 ? null : seconds + nanoseconds / 1e9;
}

/** `unspecified` stands where a source is a reference clock; `id` is a source whose name has not been resolved yet. */
type AddressFamily = 'unspecified' | 'inet4' | 'inet6' | 'id' | 'unknown';

export interface Address {
  readonly family: AddressFamily;
  /** As chronyc prints it; empty when unspecified. */
  readonly printed: string;
  /** 20 bytes as they stood in the packet, to be sent back in a request. */
  readonly raw: Uint8Array;
}

const families: readonly AddressFamily[] = ['unspecified', 'inet4', 'inet6', 'id'];

export const ADDRESS_LENGTH = 20;

export function readAddress(view: DataView, at: number): Address {
  const raw = new Uint8Array(view.buffer, view.byteOffset + at, ADDRESS_LENGTH).slice();
  const family = families[view.getUint16(at + 16)] ?? 'unknown';
  return { family, printed: printAddress(family, view, at), raw };
}

function printAddress(family: AddressFamily, view: DataView, at: number): string {
  switch (family) {
    case 'inet4':
      return [0, 1, 2, 3].map((byte) => view.getUint8(at + byte)).join('.');
    case 'inet6':
      return printInet6([0, 2, 4, 6, 8, 10, 12, 14].map((offset) => view.getUint16(at + offset)));
    case 'id':
      return `ID#${String(view.getUint32(at)).padStart(10, '0')}`;
    default:
      return '';
  }
}

/** RFC 5952: lower case, the first longest run of at least two zero groups as `::`. */
function printInet6(groups: readonly number[]): string {
  let start = -1;
  let length = 1;
  for (let from = 0; from < groups.length; from++) {
    let run = 0;
    while (groups[from + run] === 0) run++;
    if (run > length) [start, length] = [from, run];
  }
  const hex = groups.map((group) => group.toString(16));
  if (start < 0) return hex.join(':');
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`;
}

/** Eight upper-case hexadecimal digits. */
export function printRefId(refId: number): string {
  return refId.toString(16).toUpperCase().padStart(8, '0');
}

/** The printable ASCII characters of a refid, as chronyc names a reference clock: `GPS`, `PPS0`. Empty for 7F7F0101. */
export function refIdName(refId: number): string {
  return [24, 16, 8, 0]
    .map((shift) => (refId >>> shift) & 0xff)
    .filter((byte) => byte > 0x20 && byte < 0x7f)
    .map((byte) => String.fromCharCode(byte))
    .join('');
}
