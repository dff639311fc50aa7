/**
 * struct msghdr and its control messages, laid out by hand in one block of memory that never moves (recvmsg(2),
 * cmsg(3)); 64-bit Linux. Numbers in them are in the machine's own byte order.
 */
import { endianness } from 'node:os';
import { SOCKADDR_LENGTH } from './socket-address.ts';

const littleEndian = endianness() === 'LE';

const HEADER_SIZE = 56;
const NAME_AT = 64;
const VECTOR_AT = 96;
const CONTROL_AT = 128;
const CONTROL_SIZE = 512;
const BYTES_AT = CONTROL_AT + CONTROL_SIZE;
/** Longer answers are cut: the 48 bytes that count come first. A multiple of 4, as packets are. */
const BYTES_SIZE = 1024;

const SOL_IP = 0;
const IP_RECVERR = 11;
const SOL_SOCKET = 1;
const SCM_TIMESTAMPNS = 35;
const SOL_IPV6 = 41;
const IPV6_RECVERR = 25;
const CONTROL_HEADER_SIZE = 16;

/** struct sock_extended_err, ip(7): an error of an earlier question, with the ICMP type and code that told it. */
interface SocketError {
  readonly errno: number;
  readonly type: number;
  readonly code: number;
}

/** Views into memory that the next message overwrites. */
export interface Message {
  readonly from: Uint8Array;
  readonly bytes: Uint8Array;
  /** When the kernel saw it, CLOCK_REALTIME in nanoseconds; null when it did not say. */
  readonly realtime: bigint | null;
  readonly error: SocketError | null;
}

export interface MessageBuffer {
  /** What recvmsg wants. */
  readonly header: Uint8Array;
  /** To be called before each recvmsg, which writes into the header. */
  reset(): void;
  /** @param size what recvmsg returned */
  read(size: number): Message;
}

/** @param addressOf the address in memory of an ArrayBuffer */
export function createMessageBuffer(addressOf: (memory: ArrayBuffer) => bigint): MessageBuffer {
  const memory = new ArrayBuffer(BYTES_AT + BYTES_SIZE);
  const view = new DataView(memory);
  const base = addressOf(memory);
  const setWord = (at: number, value: bigint): void => view.setBigUint64(at, value, littleEndian);
  setWord(VECTOR_AT, base + BigInt(BYTES_AT));
  setWord(VECTOR_AT + 8, BigInt(BYTES_SIZE));
  const header = new Uint8Array(memory, 0, HEADER_SIZE);
  return {
    header,
    reset: () => {
      setWord(0, base + BigInt(NAME_AT));
      view.setUint32(8, SOCKADDR_LENGTH, littleEndian);
      setWord(16, base + BigInt(VECTOR_AT));
      setWord(24, 1n);
      setWord(32, base + BigInt(CONTROL_AT));
      setWord(40, BigInt(CONTROL_SIZE));
    },
    read: (size) => ({
      from: new Uint8Array(memory, NAME_AT, Math.min(view.getUint32(8, littleEndian), SOCKADDR_LENGTH)),
      bytes: new Uint8Array(memory, BYTES_AT, Math.min(size, BYTES_SIZE)),
      ...readControl(view),
    }),
  };
}

function readControl(view: DataView): Pick<Message, 'realtime' | 'error'> {
  const end = CONTROL_AT + Math.min(Number(view.getBigUint64(40, littleEndian)), CONTROL_SIZE);
  let realtime: bigint | null = null;
  let error: SocketError | null = null;
  for (let at = CONTROL_AT; at + CONTROL_HEADER_SIZE <= end; ) {
    const length = Number(view.getBigUint64(at, littleEndian));
    const level = view.getInt32(at + 8, littleEndian);
    const type = view.getInt32(at + 12, littleEndian);
    const data = at + CONTROL_HEADER_SIZE;
    if (length < CONTROL_HEADER_SIZE || at + length > end) break;
    if (level === SOL_SOCKET && type === SCM_TIMESTAMPNS && length >= CONTROL_HEADER_SIZE + 16) {
      realtime =
        view.getBigInt64(data, littleEndian) * 1_000_000_000n + view.getBigInt64(data + 8, littleEndian);
    }
    const told = (level === SOL_IP && type === IP_RECVERR) || (level === SOL_IPV6 && type === IPV6_RECVERR);
    if (told && length >= CONTROL_HEADER_SIZE + 16) {
      error = {
        errno: view.getUint32(data, littleEndian),
        type: view.getUint8(data + 5),
        code: view.getUint8(data + 6),
      };
    }
    at += Math.ceil(length / 8) * 8;
  }
  return { realtime, error };
}
