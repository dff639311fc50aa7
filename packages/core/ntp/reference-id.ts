/** Four characters, or null when they are not printable text padded with zeros or blanks. */
function asciiOf(referenceId: number): string | null {
  const characters = [24, 16, 8, 0].map((shift) => String.fromCharCode((referenceId >>> shift) & 0xff));
  const trimmed = characters.join('').replace(/[\0 ]+$/, '');
  return /^[\x21-\x7e]{1,4}$/.test(trimmed) ? trimmed : null;
}

/**
 * A reference id as daemons print it (RFC 5905 section 7.3): the name of a reference clock at stratum 0 and 1 (`GPS`),
 * otherwise eight hexadecimal digits, which hold an IPv4 address or a digest of an IPv6 one. Null when it is 0.
 */
export function referenceIdText(referenceId: number, stratum: number): string | null {
  if (referenceId === 0) return null;
  const name = stratum <= 1 || stratum >= 16 ? asciiOf(referenceId) : null;
  return name ?? referenceId.toString(16).toUpperCase().padStart(8, '0');
}

/**
 * The same as a dotted address, as `ntpq` shows it, for strata 2 to 15; null for others. With a server that follows
 * over IPv6 these are four bytes of a digest that only look like an address.
 */
export function referenceIdAddress(referenceId: number, stratum: number): string | null {
  if (stratum < 2 || stratum > 15 || referenceId === 0) return null;
  return [24, 16, 8, 0].map((shift) => (referenceId >>> shift) & 0xff).join('.');
}

/**
 * The clock runs free on its own oscillator: chronyd's `local` says 127.127.1.1 (7F7F0101), ntpd's undisciplined local
 * clock 127.127.1.0 or `LOCL`. ntpd's orphan mode says 127.0.0.1, but so does who follows a server on its own machine.
 */
export function isFreeRunning(referenceId: number, stratum: number): boolean {
  if (stratum < 1 || stratum > 15) return false;
  return referenceId >>> 8 === 0x7f7f01 || (stratum === 1 && asciiOf(referenceId) === 'LOCL');
}

/** The kiss codes that a client must obey (RFC 5905 section 7.4). Others say no more than "not synchronised". */
export type Kiss = 'RATE' | 'DENY' | 'RSTR';

export function kissOf(referenceId: number, stratum: number): Kiss | null {
  const code = stratum === 0 ? asciiOf(referenceId) : null;
  return code === 'RATE' || code === 'DENY' || code === 'RSTR' ? code : null;
}
