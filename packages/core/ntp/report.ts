import type { Leap } from '../observe/index.ts';

import type { NtpPacket } from './packet.ts';
import { isFreeRunning, referenceIdAddress, referenceIdText } from './reference-id.ts';
import { secondsBetween, shortSeconds } from './timestamp.ts';

/** What a server says of itself in one answer. Seconds; nothing here is measured. */
export interface ServerReport {
  readonly version: number;
  readonly leap: Leap;
  /** 1..15 synchronised; 0 and 16 and above are not. */
  readonly stratum: number;
  /** Eight hexadecimal digits or the name of a reference clock; null: it has none. */
  readonly refId: string | null;
  /** The same as a dotted address; null where it is none. */
  readonly refIdAddress: string | null;
  readonly rootDelaySeconds: number;
  readonly rootDispersionSeconds: number;
  /** Root dispersion + root delay / 2: by this much it may be wrong against the reference, as it says itself. */
  readonly rootDistanceSeconds: number;
  readonly precisionSeconds: number;
  /** How long before its answer its clock was last corrected; null: never. Negative is a contradiction. */
  readonly referenceAgeSeconds: number | null;
  /** Leap known, stratum 1 to 15. */
  readonly synchronized: boolean;
  /** It follows nobody: its own oscillator is its reference. */
  readonly freeRunning: boolean;
}

const leaps: readonly Leap[] = ['normal', 'insert-second', 'delete-second', 'unsynchronized'];

export function reportOf(packet: NtpPacket): ServerReport {
  const rootDelaySeconds = shortSeconds(packet.rootDelay);
  const rootDispersionSeconds = shortSeconds(packet.rootDispersion);
  return {
    version: packet.version,
    leap: leaps[packet.leap] ?? 'unsynchronized',
    stratum: packet.stratum,
    refId: referenceIdText(packet.referenceId, packet.stratum),
    refIdAddress: referenceIdAddress(packet.referenceId, packet.stratum),
    rootDelaySeconds,
    rootDispersionSeconds,
    rootDistanceSeconds: rootDispersionSeconds + rootDelaySeconds / 2,
    precisionSeconds: 2 ** packet.precision,
    referenceAgeSeconds: packet.reference === 0n ? null : secondsBetween(packet.reference, packet.transmit),
    synchronized: packet.leap !== 3 && packet.stratum >= 1 && packet.stratum <= 15,
    freeRunning: isFreeRunning(packet.referenceId, packet.stratum),
  };
}
