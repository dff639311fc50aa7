/** NTP version 3 and 4 packets (RFC 1305 appendix A, RFC 5905 section 7.3). Version 3 has the same 48 bytes. */
import type { NtpTimestamp } from './timestamp.ts';

export const HEADER_LENGTH = 48;

export const ntpMode = { client: 3, server: 4 } as const;

export interface NtpPacket {
  /** 0 none, 1 the last minute has 61 s, 2 it has 59 s, 3 the clock is not synchronised. */
  readonly leap: 0 | 1 | 2 | 3;
  /** 0..7; 3 and 4 are understood. */
  readonly version: number;
  /** 0..7; 3 client, 4 server. */
  readonly mode: number;
  /** 0 unspecified or a kiss, 1 a reference clock, 2..15 by the network, 16 and more unsynchronised. */
  readonly stratum: number;
  /** log2 of the poll interval in seconds, signed. */
  readonly poll: number;
  /** log2 of the clock's precision in seconds, signed. */
  readonly precision: number;
  /** Short format, unsigned. */
  readonly rootDelay: number;
  readonly rootDispersion: number;
  /** 32 unsigned bits: four characters or an address, see referenceIdText. */
  readonly referenceId: number;
  /** When the clock was last set or corrected. */
  readonly reference: NtpTimestamp;
  /** What the client sent as its transmit timestamp. */
  readonly origin: NtpTimestamp;
  readonly receive: NtpTimestamp;
  readonly transmit: NtpTimestamp;
}

/** `truncated`: under 48 bytes. `ragged`: what follows the header is not made of 32-bit words (RFC 7822 section 3). */
type PacketProblem = 'truncated' | 'ragged';

export type DecodedPacket =
  | { readonly ok: true; readonly packet: NtpPacket }
  | { readonly ok: false; readonly problem: PacketProblem };

/**
 * Reads the header. Extension fields and a MAC may follow and are passed over: without a key they prove nothing, and
 * nothing here asked for them. Never throws; every value of every field is taken as it is.
 */
export function decodePacket(bytes: Uint8Array): DecodedPacket {
  if (bytes.length < HEADER_LENGTH) return { ok: false, problem: 'truncated' };
  if (bytes.length % 4 !== 0) return { ok: false, problem: 'ragged' };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = view.getUint8(0);
  return {
    ok: true,
    packet: {
      leap: (first >> 6) as NtpPacket['leap'],
      version: (first >> 3) & 7,
      mode: first & 7,
      stratum: view.getUint8(1),
      poll: view.getInt8(2),
      precision: view.getInt8(3),
      rootDelay: view.getUint32(4),
      rootDispersion: view.getUint32(8),
      referenceId: view.getUint32(12),
      reference: view.getBigUint64(16),
      origin: view.getBigUint64(24),
      receive: view.getBigUint64(32),
      transmit: view.getBigUint64(40),
    },
  };
}

/** The 48 bytes of a packet; each field is cut to its width. */
export function encodePacket(packet: NtpPacket): Uint8Array {
  const bytes = new Uint8Array(HEADER_LENGTH);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, (packet.leap << 6) | ((packet.version & 7) << 3) | (packet.mode & 7));
  view.setUint8(1, packet.stratum);
  view.setInt8(2, packet.poll);
  view.setInt8(3, packet.precision);
  view.setUint32(4, packet.rootDelay);
  view.setUint32(8, packet.rootDispersion);
  view.setUint32(12, packet.referenceId);
  view.setBigUint64(16, packet.reference);
  view.setBigUint64(24, packet.origin);
  view.setBigUint64(32, packet.receive);
  view.setBigUint64(40, packet.transmit);
  return bytes;
}

/**
 * A client's question. Its transmit timestamp is 64 random bits, not the time: the server returns them untouched, so
 * only who saw the question can answer it, and the question tells nobody what this clock says
 * (draft-ietf-ntp-data-minimization). The other fields are 0 for the same reason.
 */
export function encodeRequest(version: 3 | 4, nonce: bigint): Uint8Array {
  return encodePacket({
    leap: 0,
    version,
    mode: ntpMode.client,
    stratum: 0,
    poll: 0,
    precision: 0,
    rootDelay: 0,
    rootDispersion: 0,
    referenceId: 0,
    reference: 0n,
    origin: 0n,
    receive: 0n,
    transmit: nonce,
  });
}
