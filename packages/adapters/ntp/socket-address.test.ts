import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeSocketAddress, socketAddressKey } from './socket-address.ts';

const key = (address: string, port: number): string => socketAddressKey(encodeSocketAddress(address, port));

describe('socket addresses', () => {
  it('have the port and the address in network order', () => {
    expect([...encodeSocketAddress('10.1.2.3', 0x1234)].slice(2, 8)).toEqual([0x12, 0x34, 10, 1, 2, 3]);
    const six = encodeSocketAddress('2001:db8::1', 123);
    expect([six.length, six[8], six[9], six[23]]).toEqual([28, 0x20, 0x01, 1]);
  });

  it('differ exactly when address or port differ', () => {
    const one = fc.tuple(fc.oneof(fc.ipV4(), fc.ipV6()), fc.integer({ min: 1, max: 65_535 }));
    fc.assert(
      fc.property(one, one, ([a, portA], [b, portB]) => {
        const same = portA === portB && canonical(a) === canonical(b);
        expect(key(a, portA) === key(b, portB)).toBe(same);
      }),
    );
    expect(key('::1', 123)).toBe(key('0:0:0:0:0:0:0:1', 123));
  });

  it('of link-local hosts differ by the interface, too', () => {
    const zone = Object.keys(networkInterfaces())[0] ?? 'lo';
    expect(key('fe80::1%1', 123)).not.toBe(key('fe80::1%2', 123));
    expect(() => encodeSocketAddress(`fe80::1%${zone}`, 123)).not.toThrow();
    expect(key('2001:db8::1%1', 123)).toBe(key('2001:db8::1', 123));
  });

  it('are literals only', () => {
    expect(() => encodeSocketAddress('localhost', 123)).toThrow();
  });
});

function canonical(address: string): string {
  return isIPv6(address) ? new URL(`http://[${address}]`).hostname : address;
}
