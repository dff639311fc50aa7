/** struct sockaddr_in and sockaddr_in6 of Linux, <netinet/in.h>. */
import { isIPv6 } from 'node:net';
import { endianness, networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';

export const AF_INET = 2;
export const AF_INET6 = 10;
export const SOCKADDR_LENGTH = 28;

const littleEndian = endianness() === 'LE';

/** @param address a literal; IPv6 may carry `%zone`. Throws on anything else. */
export function encodeSocketAddress(address: string, port: number): Uint8Array {
  const [literal = '', zone] = address.split('%');
  const bytes = Uint8Array.from(ipaddr.parse(literal).toByteArray());
  const six = isIPv6(literal);
  const encoded = new Uint8Array(six ? SOCKADDR_LENGTH : 16);
  const view = new DataView(encoded.buffer);
  view.setUint16(0, six ? AF_INET6 : AF_INET, littleEndian);
  view.setUint16(2, port);
  encoded.set(bytes, six ? 8 : 4);
  if (six && zone !== undefined) view.setUint32(24, scopeOf(zone), littleEndian);
  return encoded;
}

/**
 * The part by which two socket addresses are equal: port and address. The kernel fills the scope of link-local senders
 * and leaves others 0, so it is compared only there.
 */
export function socketAddressKey(bytes: Uint8Array): string {
  const text = (from: number, to: number): string => Buffer.from(bytes.subarray(from, to)).toString('latin1');
  if (bytes.length < SOCKADDR_LENGTH) return text(2, 8);
  const linkLocal = bytes[8] === 0xfe && ((bytes[9] ?? 0) & 0xc0) === 0x80;
  return text(2, 4) + text(8, linkLocal ? 28 : 24);
}

/** Number of a network interface; 0 (any) for one that does not exist, which the kernel then refuses. */
function scopeOf(zone: string): number {
  if (/^\d+$/.test(zone)) return Number(zone);
  return networkInterfaces()[zone]?.find((entry) => entry.family === 'IPv6')?.scopeid ?? 0;
}
