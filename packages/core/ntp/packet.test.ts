import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePacket, encodePacket, encodeRequest, type NtpPacket } from './packet.ts';
import { reportOf } from './report.ts';
import { secondsBetween, timestampOf } from './timestamp.ts';

const bytesOf = (hex: string): Uint8Array =>
  new Uint8Array((hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)));

/** Datagrams as a tool and a daemon exchanged them, named TOOL-DAEMON. */
function captured(name: string): readonly { request: NtpPacket; reply: NtpPacket }[] {
  const file = new URL(`../../../fixtures/ntp-packets/${name}.json`, import.meta.url);
  const { exchanges } = JSON.parse(readFileSync(file, 'utf8')) as {
    exchanges: { request: string; reply: string }[];
  };
  return exchanges.map(({ request, reply }) => ({
    request: decoded(bytesOf(request)),
    reply: decoded(bytesOf(reply)),
  }));
}

/** chronyd 4.3 (Debian 12) with `local stratum 3` and `allow`, asked over loopback. */
const CHRONYD_LOCAL = {
  request: '230000000000000000000000000000000000000000000000000000000000000000000000000000001b2c3d4e5f607182',
  reply: '240300e600000000000000007f7f0101eead72e3b78d22301b2c3d4e5f607182eead72e5153ec9edeead72e515433c84',
};

/** The same daemon with `allow` alone: it has no source. */
const CHRONYD_UNSYNCHRONISED = {
  reply: 'e40000e600010000000100000000000000000000000000001b2c3d4e5f607182eead72e51e541f8feead72e51e58e866',
};

const word = fc.integer({ min: 0, max: 0xffff_ffff });
const stamp = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn });
const packets: fc.Arbitrary<NtpPacket> = fc.record({
  leap: fc.constantFrom(0, 1, 2, 3),
  version: fc.integer({ min: 0, max: 7 }),
  mode: fc.integer({ min: 0, max: 7 }),
  stratum: fc.integer({ min: 0, max: 255 }),
  poll: fc.integer({ min: -128, max: 127 }),
  precision: fc.integer({ min: -128, max: 127 }),
  rootDelay: word,
  rootDispersion: word,
  referenceId: word,
  reference: stamp,
  origin: stamp,
  receive: stamp,
  transmit: stamp,
});

function decoded(bytes: Uint8Array): NtpPacket {
  const result = decodePacket(bytes);
  if (!result.ok) throw new Error(result.problem);
  return result.packet;
}

describe('NTP packets', () => {
  it('survive a round trip, also when something follows them', () => {
    fc.assert(
      fc.property(packets, fc.integer({ min: 0, max: 40 }), (packet, words) => {
        const bytes = new Uint8Array(48 + 4 * words);
        bytes.set(encodePacket(packet));
        expect(decoded(bytes)).toEqual(packet);
        expect(encodePacket(decoded(bytes))).toEqual(encodePacket(packet));
      }),
    );
  });

  it('are refused at every length that no packet has', () => {
    for (let length = 0; length < 120; length += 1) {
      const result = decodePacket(new Uint8Array(length));
      expect(result.ok ? 'ok' : result.problem).toBe(
        length < 48 ? 'truncated' : length % 4 === 0 ? 'ok' : 'ragged',
      );
    }
  });

  it('are read where they lie in a larger buffer', () => {
    const whole = new Uint8Array(100);
    whole.set(encodeRequest(4, 0x0102030405060708n), 7);
    expect(decoded(whole.subarray(7, 55)).transmit).toBe(0x0102030405060708n);
  });

  it('of a client tell nothing but the version and the random number', () => {
    const bytes = encodeRequest(3, 0xfedcba9876543210n);
    expect(bytes[0]).toBe(0b00_011_011);
    expect([...bytes.subarray(1, 40)].every((byte) => byte === 0)).toBe(true);
    expect(encodeRequest(4, 1n)[0]).toBe(0x23);
  });

  it('of a real chronyd 4.3 that serves its local clock', () => {
    const packet = decoded(bytesOf(CHRONYD_LOCAL.reply));
    expect(packet).toMatchObject({ leap: 0, version: 4, mode: 4, stratum: 3, referenceId: 0x7f7f0101 });
    expect(packet.origin).toBe(decoded(bytesOf(CHRONYD_LOCAL.request)).transmit);
    expect(reportOf(packet)).toMatchObject({
      synchronized: true,
      freeRunning: true,
      refId: '7F7F0101',
      refIdAddress: '127.127.1.1',
      rootDelaySeconds: 0,
    });
  });

  it('of chronyd 4.3 and ntpsec 1.2.2 in exchange with each other and themselves', () => {
    for (const name of ['chrony-chrony', 'chrony-ntpsec', 'ntpsec-chrony']) {
      const exchanges = captured(name);
      expect(exchanges.length).toBeGreaterThan(0);
      for (const { request, reply } of exchanges) {
        expect([request.mode, reply.mode, reply.version]).toEqual([3, 4, request.version]);
        expect(reply.origin).toBe(request.transmit);
        expect(secondsBetween(reply.receive, reply.transmit)).toBeGreaterThanOrEqual(0);
      }
    }
    for (const name of ['unsynchronised-chrony', 'unsynchronised-ntpsec']) {
      for (const { reply } of captured(name)) expect(reportOf(reply).synchronized).toBe(false);
    }
  });

  it('of a real chronyd 4.3 that was never synchronised', () => {
    expect(reportOf(decoded(bytesOf(CHRONYD_UNSYNCHRONISED.reply)))).toMatchObject({
      synchronized: false,
      leap: 'unsynchronized',
      refId: null,
      referenceAgeSeconds: null,
    });
  });
});

describe('what a server says of itself', () => {
  const base = decoded(
    encodePacket({ ...decoded(encodeRequest(4, 0n)), mode: 4, transmit: timestampOf(10n ** 18n) }),
  );

  it.each([
    [{ stratum: 0 }, false],
    [{ stratum: 1 }, true],
    [{ stratum: 15 }, true],
    [{ stratum: 16 }, false],
    [{ stratum: 255 }, false],
    [{ stratum: 2, leap: 3 as const }, false],
    [{ stratum: 2, leap: 1 as const }, true],
  ])('%o is synchronised: %s', (change, synchronized) => {
    expect(reportOf({ ...base, ...change }).synchronized).toBe(synchronized);
  });

  it('counts half of the root delay and all of the dispersion', () => {
    expect(
      reportOf({ ...base, rootDelay: 0x0001_0000, rootDispersion: 0x0000_8000 }).rootDistanceSeconds,
    ).toBe(1);
  });

  it('names reference clocks at stratum 1 and shows addresses below', () => {
    expect(reportOf({ ...base, stratum: 1, referenceId: 0x47505300 }).refId).toBe('GPS');
    expect(reportOf({ ...base, stratum: 1, referenceId: 0x01020304 }).refId).toBe('01020304');
    expect(reportOf({ ...base, stratum: 2, referenceId: 0x0a000001 })).toMatchObject({
      refId: '0A000001',
      refIdAddress: '10.0.0.1',
    });
  });

  it('tells how long ago it was set, also across an era and when that lies ahead', () => {
    const at = (age: bigint) =>
      reportOf({ ...base, reference: timestampOf(10n ** 18n - age) }).referenceAgeSeconds;
    expect(at(64_000_000_000n)).toBe(64);
    expect(at(-5_000_000_000n)).toBe(-5);
  });
});
