/** `ntptime`: the kernel's time state as ntp.org's and ntpsec's tool prints it. */
import type { Timex } from './timex.ts';

/**
 * Null when a line that the state needs is missing. ntptime prints the offset in microseconds whatever STA_NANO says.
 */
export function parseNtptime(output: string): Timex | null {
  const number = (pattern: RegExp): number | null => {
    const found = pattern.exec(output)?.[1];
    return found === undefined ? null : Number(found);
  };
  // ntp_gettime() comes first and has no offset; the errors stand in both and are equal.
  const status = /^ *status 0x([0-9a-f]{1,8}) \(/m.exec(output)?.[1];
  const offset = number(/^ *offset (-?\d{1,12}(?:\.\d{1,9})?) us,/m);
  const frequency = number(/^ *offset [^\n]{1,40} us, frequency (-?\d{1,9}(?:\.\d{1,9})?) ppm,/m);
  const maxError = number(/^ *maximum error (\d{1,15}) us,/m);
  const estError = number(/^ *maximum error \d{1,15} us, estimated error (\d{1,15}) us/m);
  if (
    status === undefined ||
    offset === null ||
    frequency === null ||
    maxError === null ||
    estError === null
  ) {
    return null;
  }
  return {
    status: Number.parseInt(status, 16),
    offsetSeconds: offset * 1e-6,
    frequencyPpm: frequency,
    maxErrorSeconds: maxError * 1e-6,
    estErrorSeconds: estError * 1e-6,
    taiOffsetSeconds: number(/TAI offset (-?\d{1,6})/),
  };
}
