/** How the responder treats a request. Everything left out is as an honest stratum 2 server would do it. */
export interface Behaviour {
  /** How far the server's clock is ahead of this machine's CLOCK_REALTIME. May reach into another NTP era. */
  readonly aheadSeconds?: number;
  /** Time lost before the receive stamp (T2): a slow way there. */
  readonly requestDelayMs?: number;
  /** Time between the receive stamp (T2) and the transmit stamp (T3). */
  readonly holdMs?: number;
  /** Time lost after the transmit stamp (T3): a slow way back, or an answer that comes late. */
  readonly replyDelayMs?: number;
  /** How many times the answer is sent; 0 is silence. */
  readonly copies?: number;
  /** Sends the answer to the request before this one instead (nothing, when this is the first). */
  readonly replay?: boolean;
  /** A kiss-o'-death: stratum 0 with this code. */
  readonly kiss?: 'RATE' | 'DENY' | 'RSTR' | 'NTSN' | 'XXXX';
  /** Answers with an origin timestamp that is not the request's. */
  readonly wrongOrigin?: boolean;
  /** Sends from a socket other than the one asked. */
  readonly fromOtherPort?: boolean;
  readonly truncateTo?: number;
  readonly leap?: 0 | 1 | 2 | 3;
  /** By default the request's. */
  readonly version?: number;
  readonly mode?: number;
  readonly stratum?: number;
  /** log2 seconds, as on the wire. */
  readonly precision?: number;
  readonly poll?: number;
  readonly rootDelaySeconds?: number;
  readonly rootDispersionSeconds?: number;
  readonly refId?: string | number;
  /** How long ago the server's clock was last set. */
  readonly referenceAgeSeconds?: number;
  /** Overwrites T3, e.g. with 0. */
  readonly transmit?: bigint;
  /** Appended, e.g. an authentication field in hexadecimal. */
  readonly appendHex?: string;
}

const ERA_SHIFT_SECONDS = 2_208_988_800n;

/** 64-bit NTP timestamp (era dropped) of a number of nanoseconds since 1970. */
export function ntpTimestamp(nanoseconds: bigint): bigint {
  const scaled = ((nanoseconds + ERA_SHIFT_SECONDS * 1_000_000_000n) << 32n) / 1_000_000_000n;
  return BigInt.asUintN(64, scaled);
}

export interface Stamps {
  readonly received: bigint;
  readonly sent: bigint;
}

/** The 48 bytes of RFC 5905 section 7.3, with the lies that `behaviour` asks for. Stamps are nanoseconds since 1970. */
export function answer(request: Uint8Array, stamps: Stamps, behaviour: Behaviour): Uint8Array {
  const asked = new DataView(request.buffer, request.byteOffset, request.byteLength);
  const bytes = new Uint8Array(48);
  const view = new DataView(bytes.buffer);
  const { kiss } = behaviour;
  const stratum = behaviour.stratum ?? (kiss === undefined ? 2 : 0);
  const leap = behaviour.leap ?? (kiss === undefined ? 0 : 3);
  const version = behaviour.version ?? ((request[0] ?? 0) >> 3) & 7;
  view.setUint8(0, (leap << 6) | (version << 3) | (behaviour.mode ?? 4));
  view.setUint8(1, stratum);
  view.setInt8(2, behaviour.poll ?? asked.getInt8(2));
  view.setInt8(3, behaviour.precision ?? -24);
  view.setUint32(4, Math.round((behaviour.rootDelaySeconds ?? 0.000_5) * 65_536));
  view.setUint32(8, Math.round((behaviour.rootDispersionSeconds ?? 0.000_5) * 65_536));
  writeRefId(bytes, kiss ?? behaviour.refId ?? 0x7f00_0001);
  const shift = BigInt(Math.round((behaviour.aheadSeconds ?? 0) * 1e9));
  const age = BigInt(Math.round((behaviour.referenceAgeSeconds ?? 8) * 1e9));
  view.setBigUint64(16, ntpTimestamp(stamps.received + shift - age));
  view.setBigUint64(24, asked.getBigUint64(40) ^ (behaviour.wrongOrigin ? 1n : 0n));
  view.setBigUint64(32, ntpTimestamp(stamps.received + shift));
  view.setBigUint64(40, behaviour.transmit ?? ntpTimestamp(stamps.sent + shift));
  const whole = Buffer.concat([bytes, Buffer.from(behaviour.appendHex ?? '', 'hex')]);
  return whole.subarray(0, behaviour.truncateTo ?? whole.length);
}

function writeRefId(bytes: Uint8Array, refId: string | number): void {
  if (typeof refId === 'number') new DataView(bytes.buffer).setUint32(12, refId);
  else bytes.set(Buffer.from(refId.padEnd(4, '\0').slice(0, 4), 'latin1'), 12);
}
