/**
 * chronyd's command protocol, version 6 (chrony candm.h and pktlength.c). Big-endian. A request is padded to the length
 * of its reply: chronyd answers a short one with status 19, and one under 28 bytes with silence.
 */
import { ADDRESS_LENGTH, type Address } from './wire.ts';

export const PROTOCOL_VERSION = 6;
export const HEADER_LENGTH = 28;
const REQUEST_HEADER_LENGTH = 20;
const REQUEST_TYPE = 1;
const REPLY_TYPE = 2;

/** Those that chronyd answers over UDP without a key (cmdmon.c; ≥ 4.7 may restrict them by `opencommands`). */
export const commandCodes = {
  'n-sources': 14,
  'source-data': 15,
  tracking: 33,
  sourcestats: 34,
  activity: 44,
  'source-name': 65,
} as const;

type CommandName = keyof typeof commandCodes;

/** Length of the reply's data by command, and so the padded length of the request. */
const replyDataLengths: Readonly<Record<CommandName, number>> = {
  'n-sources': 4,
  'source-data': 48,
  tracking: 76,
  sourcestats: 56,
  activity: 20,
  'source-name': 256,
};

export type Request =
  | { readonly command: 'n-sources' | 'tracking' | 'activity' }
  | { readonly command: 'source-data' | 'sourcestats'; readonly index: number }
  | { readonly command: 'source-name'; readonly address: Address };

/**
 * @param sequence 32-bit number that comes back in the reply: random, so that nobody off the path can answer
 * @param attempt 0 at first, counted up at each repetition
 */
export function encodeRequest(request: Request, sequence: number, attempt: number): Uint8Array {
  const packet = new Uint8Array(HEADER_LENGTH + replyDataLengths[request.command]);
  const view = new DataView(packet.buffer);
  view.setUint8(0, PROTOCOL_VERSION);
  view.setUint8(1, REQUEST_TYPE);
  view.setUint16(4, commandCodes[request.command]);
  view.setUint16(6, attempt);
  view.setUint32(8, sequence);
  if ('index' in request) view.setUint32(REQUEST_HEADER_LENGTH, request.index);
  if ('address' in request)
    packet.set(request.address.raw.subarray(0, ADDRESS_LENGTH), REQUEST_HEADER_LENGTH);
  return packet;
}

export interface ReplyHeader {
  readonly version: number;
  readonly command: number;
  /** Format of the data (RPY_…). */
  readonly replyType: number;
  /** 0 success; see {@link statusNames}. */
  readonly status: number;
  readonly sequence: number;
}

/** The header of a reply, or null for what is no reply at all. The version is left to the caller: see status 18. */
export function decodeHeader(packet: Uint8Array): ReplyHeader | null {
  if (packet.length < HEADER_LENGTH) return null;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  if (view.getUint8(1) !== REPLY_TYPE || view.getUint16(2) !== 0) return null;
  return {
    version: view.getUint8(0),
    command: view.getUint16(4),
    replyType: view.getUint16(6),
    status: view.getUint16(8),
    sequence: view.getUint32(16),
  };
}

export const STATUS_SUCCESS = 0;
export const STATUS_UNAUTHORIZED = 2;
export const STATUS_NO_SUCH_SOURCE = 4;
export const STATUS_BAD_VERSION = 18;

/** STT_… of candm.h, in words. */
const statusNames: Readonly<Record<number, string>> = {
  0: 'success',
  1: 'failed',
  2: 'not authorised',
  3: 'invalid command',
  4: 'no such source',
  5: 'duplicate or stale',
  6: 'not enabled in the daemon',
  7: 'bad subnet',
  8: 'access allowed',
  9: 'access denied',
  10: 'no command access from this host',
  11: 'source already known',
  12: 'too many sources',
  13: 'no RTC driver',
  14: 'RTC file cannot be written',
  15: 'client log inactive',
  16: 'bad sample index',
  17: 'bad address family',
  18: 'protocol version mismatch',
  19: 'bad packet length',
  21: 'invalid name',
};

export function statusName(status: number): string {
  return statusNames[status] ?? `status ${status}`;
}
