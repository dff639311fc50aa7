import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Addresses that belong to nobody (RFC 5737, RFC 3849). */
const strangers = ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1'];

/** An address that a server which serves these networks should refuse; null: they hold everybody. */
export function strangerTo(networks: readonly string[]): string | null {
  return strangers.find((address) => !networks.some((network) => holds(network, address))) ?? null;
}

/** `all`, and the like, hold everybody; what is not understood is taken for that. */
function holds(network: string, address: string): boolean {
  const [base = '', bits] = network.split('/');
  if (isIP(base) === 0) return true;
  const [parsedBase, parsed] = [ipaddr.parse(base), ipaddr.parse(address)];
  if (parsedBase.kind() !== parsed.kind()) return false;
  const length = bits === undefined ? (parsedBase.kind() === 'ipv4' ? 32 : 128) : Number(bits);
  return parsed.match(parsedBase, length);
}
