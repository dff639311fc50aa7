import { createSocket, type Socket } from 'node:dgram';
import { pairHostClocks } from '../truth/clock.ts';
import { type Behaviour, errorAt } from './behaviour.ts';

/** Seconds from 1900-01-01 to 1970-01-01 (RFC 5905 section 6). */
const eraOffset = 2_208_988_800n;

/** 64-bit NTP timestamp of a Unix time in nanoseconds; the era is dropped, as on the wire. */
export function ntpTimestamp(unixNs: bigint): bigint {
  const billion = 1_000_000_000n;
  const part = ((unixNs % billion) + billion) % billion;
  const seconds = (unixNs - part) / billion + eraOffset;
  return ((seconds & 0xffffffffn) << 32n) | ((part << 32n) / billion);
}

/** The server's answer to a client's packet, or undefined where it must be silent. RFC 5905 section 9.2. */
export function answer(
  request: Uint8Array,
  behaviour: Behaviour,
  receivedNs: bigint,
  sentNs: () => bigint,
): Buffer | undefined {
  if (behaviour.silent || request.length < 48) return undefined;
  const asked = Buffer.from(request.buffer, request.byteOffset, request.length);
  const version = (asked.readUInt8(0) >> 3) & 7;
  if ((asked.readUInt8(0) & 7) !== 3 || version < 1 || version > 4) return undefined;
  const reply = Buffer.alloc(48);
  const kissed = behaviour.kiss !== null;
  reply.writeUInt8(((kissed ? 3 : behaviour.leap) << 6) | (version << 3) | 4, 0);
  reply.writeUInt8(kissed ? 0 : behaviour.stratum, 1);
  reply.writeUInt8(asked.readUInt8(2), 2);
  reply.writeInt8(-20, 3);
  // Root delay and dispersion in NTP short format: 1 ms each, what an honest server nearby would claim.
  reply.writeUInt32BE(66, 4);
  reply.writeUInt32BE(66, 8);
  reply.write(kissed ? (behaviour.kiss ?? '').slice(0, 4) : 'LAB\0', 12, 'latin1');
  const received = receivedNs + errorAt(behaviour, receivedNs);
  reply.writeBigUInt64BE(ntpTimestamp(received - 8_000_000_000n), 16);
  asked.copy(reply, 24, 40, 48);
  reply.writeBigUInt64BE(ntpTimestamp(received), 32);
  const now = sentNs();
  reply.writeBigUInt64BE(ntpTimestamp(now + errorAt(behaviour, now)), 40);
  return reply;
}

/** The host's realtime clock in nanoseconds, without Date's steps of a millisecond. */
export class HostClock {
  #base = 0n;
  #pairedAt = 0n;

  now(): bigint {
    const monotonic = process.hrtime.bigint();
    // Paired again now and then, since somebody may set the host's clock.
    if (this.#pairedAt === 0n || monotonic - this.#pairedAt > 30_000_000_000n) {
      const pair = pairHostClocks(2);
      this.#base = (pair.low + pair.high) / 2n;
      this.#pairedAt = process.hrtime.bigint();
      return process.hrtime.bigint() + this.#base;
    }
    return monotonic + this.#base;
  }
}

/** Serves NTP on one address. `behaviour` is asked at every packet. */
export function serveNtp(address: string, clock: HostClock, behaviour: () => Behaviour): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.on('message', (request, from) => {
    const reply = answer(request, behaviour(), clock.now(), () => clock.now());
    if (reply) socket.send(reply, from.port, from.address);
  });
  socket.on('error', (error) => console.error(`${address}: ${error.message}`));
  return new Promise((resolve) => {
    socket.bind(123, address, () => resolve(socket));
  });
}
