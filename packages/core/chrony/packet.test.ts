import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHeader, encodeRequest, HEADER_LENGTH, statusName } from './packet.ts';
import { decodeData } from './reply.ts';
import { printRefId, readAddress, readFloat, readTime, refIdName } from './wire.ts';

function fromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

function view(hex: string): DataView {
  return new DataView(fromHex(hex).buffer);
}

/** chronyd 4.3, stratum 9, selected 127.0.0.1. */
const tracking = fromHex(
  '06020000002100050000000000000000cd84861200000000000000007f0000017f0000010000000000000000000000000001000000090000000000006b02d130359dd92edd48119edb32258fdacdda71f9369c71eb139dc7fe92f0dbe0fb8ebde0883f180880d88f',
);

describe('chrony’s float', () => {
  it('has exact values', () => {
    expect(readFloat(view('04800000'), 0)).toBe(1);
    expect(readFloat(view('03000000'), 0)).toBe(-1);
    expect(Object.is(readFloat(view('00000000'), 0), 0)).toBe(true);
    expect(readFloat(view('ff000000'), 0)).toBe(-(2 ** -2));
  });

  it('is the sum of its definition for every word, and finite', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), (word) => {
        const data = new DataView(new ArrayBuffer(4));
        data.setUint32(0, word);
        const exponent = (word >>> 25) - (word >>> 31 === 1 ? 128 : 0);
        const low = word % 2 ** 25;
        const coefficient = low >= 2 ** 24 ? low - 2 ** 25 : low;
        expect(readFloat(data, 0)).toBeCloseTo(coefficient * 2 ** (exponent - 25), 20);
        expect(Number.isFinite(readFloat(data, 0))).toBe(true);
      }),
    );
  });
});

describe('times', () => {
  it('have a null for never, a mark for 32-bit machines, and go on after 2036 and 2106', () => {
    expect(readTime(view('000000000000000000000000'), 0)).toBeNull();
    expect(readTime(view('7fffffff6b02d1301dcd6500'), 0)).toBe(0x6b02d130 + 0.5);
    expect(readTime(view('000000000000000000000001'), 0)).toBe(1e-9);
    expect(readTime(view('00000001000000000000000'.padEnd(24, '0')), 0)).toBe(2 ** 32);
  });
});

describe('addresses', () => {
  const inet6 = (hex: string): string => readAddress(view(`${hex}00020000`), 0).printed;

  it('are printed as chronyc does', () => {
    expect(readAddress(view('0a09000b00000000000000000000000000010000'), 0).printed).toBe('10.9.0.11');
    expect(readAddress(view('0000000100000000000000000000000000030000'), 0).printed).toBe('ID#0000000001');
    expect(readAddress(view('ffffffff00000000000000000000000000030000'), 0).printed).toBe('ID#4294967295');
    expect(readAddress(view('0000000000000000000000000000000000000000'), 0).printed).toBe('');
    expect(readAddress(view('0000000000000000000000000000000000630000'), 0).family).toBe('unknown');
    expect(inet6('fd090000000000000000000000000013')).toBe('fd09::13');
    expect(inet6('00000000000000000000000000000000')).toBe('::');
    expect(inet6('00000000000000000000000000000001')).toBe('::1');
    expect(inet6('20010db8000000010001000100010001')).toBe('2001:db8:0:1:1:1:1:1');
    expect(inet6('20010000000000010000000000000001')).toBe('2001:0:0:1::1');
    expect(inet6('fe800000000000000000000000000000')).toBe('fe80::');
  });
});

describe('reference ids', () => {
  it('are hexadecimal, with the name of a reference clock where they spell one', () => {
    expect(printRefId(0x7f7f0101)).toBe('7F7F0101');
    expect(printRefId(0)).toBe('00000000');
    expect(refIdName(0x47505300)).toBe('GPS');
    expect(refIdName(0x7f7f0101)).toBe('');
  });
});

describe('requests', () => {
  it('are as long as their replies, and carry sequence, attempt and index', () => {
    const lengths = {
      tracking: encodeRequest({ command: 'tracking' }, 1, 0).length,
      activity: encodeRequest({ command: 'activity' }, 1, 0).length,
      sources: encodeRequest({ command: 'n-sources' }, 1, 0).length,
      source: encodeRequest({ command: 'source-data', index: 5 }, 1, 0).length,
      stats: encodeRequest({ command: 'sourcestats', index: 5 }, 1, 0).length,
    };
    expect(lengths).toEqual({ tracking: 104, activity: 48, sources: 32, source: 76, stats: 84 });
    const packet = encodeRequest({ command: 'source-data', index: 5 }, 0xdeadbeef, 2);
    expect(Buffer.from(packet.subarray(0, 28)).toString('hex')).toBe(
      '06010000000f0002deadbeef00000000000000000000000500000000'.slice(0, 56),
    );
  });
});

describe('replies', () => {
  it('decode to the values that chronyc printed, with our sign', () => {
    const header = decodeHeader(tracking);
    expect(header).toEqual({
      version: 6,
      command: 33,
      replyType: 5,
      status: 0,
      sequence: 0xcd848612,
    });
    const data = decodeData(tracking, 5);
    if (data.type !== 'tracking') throw new Error(data.type);
    const { value } = data.tracking;
    expect(value).toMatchObject({ refId: '7F000001', refName: '127.0.0.1', stratum: 9, leap: 'normal' });
    // chronyd’s correction is −1.37039 µs: the clock is that much fast.
    expect(value.systemOffsetSeconds).toBeCloseTo(1.37039e-6, 11);
    expect(value.rootDelaySeconds).toBeCloseTo(7.497e-6, 9);
    expect(value.updateIntervalSeconds).toBeCloseTo(4.0264, 4);
    expect(value.referenceTimeSeconds).toBeCloseTo(0x6b02d130 + 0x359dd92e / 1e9, 6);
  });

  it('turn the sign of the correction both ways', () => {
    for (const [word, offset] of [
      [0x04800000, -1],
      [0x03000000, 1],
      [0, 0],
    ] as const) {
      const packet = tracking.slice();
      new DataView(packet.buffer).setUint32(HEADER_LENGTH + 40, word);
      const data = decodeData(packet, 5);
      expect(data.type === 'tracking' && Object.is(data.tracking.value.systemOffsetSeconds, offset)).toBe(
        true,
      );
    }
  });

  it('are short at every length but the whole', () => {
    for (let length = HEADER_LENGTH; length < tracking.length; length++) {
      expect(decodeData(tracking.slice(0, length), 5).type).toBe('short');
    }
    for (let length = 0; length < HEADER_LENGTH; length++) {
      expect(decodeHeader(tracking.slice(0, length))).toBeNull();
    }
    expect(decodeData(new Uint8Array([...tracking, 1, 2, 3]), 5).type).toBe('tracking');
  });

  it('of unknown types and status are named, not feared', () => {
    expect(decodeData(tracking, 999)).toEqual({ type: 'unknown', replyType: 999 });
    expect(statusName(2)).toBe('not authorised');
    expect(statusName(77)).toBe('status 77');
  });

  it('read without an unresolved or unprintable name', () => {
    const named = (bytes: number[]): unknown => {
      const packet = new Uint8Array(HEADER_LENGTH + 256);
      packet.set(bytes, HEADER_LENGTH);
      return decodeData(packet, 19);
    };
    expect(named([110, 116, 112])).toEqual({ type: 'source-name', name: 'ntp' });
    expect(named([])).toEqual({ type: 'source-name', name: null });
    expect(named([27, 91])).toEqual({ type: 'source-name', name: null });
    expect(named(new Array<number>(256).fill(97))).toEqual({ type: 'source-name', name: null });
  });

  it('of any bytes never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 320 }), fc.nat(30), (bytes, type) => {
        decodeHeader(bytes);
        decodeData(bytes, type);
      }),
    );
  });
});
