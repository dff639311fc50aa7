import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contains } from '../time/index.ts';
import {
  clockStep,
  decodeTimex,
  hasStatus,
  kernelStateOf,
  parseAdjtimex,
  statusBits,
  stepClockBetween,
  TIMEX_BYTES,
} from './index.ts';

/** As Linux 6.1 on x86-64 gave it: status 0x2001, offset −1234 ns, frequency −10.5 ppm, TAI 37 set by hand. */
function timexBytes(): Uint8Array {
  const view = new DataView(new ArrayBuffer(TIMEX_BYTES));
  view.setBigInt64(8, -1234n, true);
  view.setBigInt64(16, -688_128n, true);
  view.setBigInt64(24, 16_000_000n, true);
  view.setBigInt64(32, 250n, true);
  view.setInt32(40, 0x2001, true);
  view.setInt32(160, 37, true);
  return new Uint8Array(view.buffer);
}

describe('the status word', () => {
  test('names each bit that is set', () => {
    expect(statusBits(0)).toEqual([]);
    expect(statusBits(0x40)).toEqual(['UNSYNC']);
    expect(statusBits(0x2001)).toEqual(['PLL', 'NANO']);
    expect(statusBits(0x8000_0000 | 0x10)).toEqual(['INS']);
    expect(hasStatus(0x40, 'UNSYNC')).toBe(true);
    expect(hasStatus(0x41, 'NANO')).toBe(false);
  });
});

describe('struct timex', () => {
  test('is decoded with the units that its status tells', () => {
    const timex = decodeTimex(timexBytes());
    expect(timex).toMatchObject({ frequencyPpm: -10.5, maxErrorSeconds: 16, taiOffsetSeconds: 37 });
    expect(timex?.offsetSeconds).toBeCloseTo(-1.234e-6, 15);
    expect(timex?.estErrorSeconds).toBeCloseTo(2.5e-4, 12);
  });

  test('without STA_NANO the offset is in microseconds', () => {
    const bytes = timexBytes();
    new DataView(bytes.buffer).setInt32(40, 0x41, true);
    const timex = decodeTimex(bytes);
    expect(timex?.offsetSeconds).toBeCloseTo(-1.234e-3, 12);
    expect(timex && kernelStateOf(timex, 'tsc')).toMatchObject({
      unsync: true,
      statusBits: ['PLL', 'UNSYNC'],
      clocksource: 'tsc',
    });
  });

  test('cut at any length it is nothing', () => {
    const bytes = timexBytes();
    for (let length = 0; length < TIMEX_BYTES; length++) {
      expect(decodeTimex(bytes.subarray(0, length))).toBeNull();
    }
  });
});

describe('what adjtimex prints', () => {
  const fromPackage = `         mode: 0
       offset: -1500
    frequency: 655360
     maxerror: 16000000
     esterror: 16000000
       status: 64
time_constant: 2
    precision: 1
    tolerance: 32768000
         tick: 10000
     raw time:  1700000000s 123456us = 1700000000.123456
 return value = 5
`;
  const fromBusybox = `    mode:         0
-o  offset:       -1500 us
-f  freq.adjust:  655360 (65536 = 1ppm)
    maxerror:     16000000
    esterror:     16000000
    status:       64 (UNSYNC)
-p  timeconstant: 2
    precision:    1 us
    tolerance:    32768000
-t  tick:         10000
    time.tv_sec:  1700000000
    time.tv_usec: 123456
    return value: 5 (clock not synchronized)
`;
  test.each([
    ['the package', fromPackage],
    ['busybox', fromBusybox],
  ])('is read from %s', (_, output) => {
    expect(parseAdjtimex(output)).toEqual({
      status: 64,
      offsetSeconds: -1.5e-3,
      frequencyPpm: 10,
      maxErrorSeconds: 16,
      estErrorSeconds: 16,
      taiOffsetSeconds: null,
    });
  });

  test('a missing line is no zero', () => {
    expect(parseAdjtimex(fromPackage.replace(/^.*maxerror.*\n/m, ''))).toBeNull();
    expect(parseAdjtimex('')).toBeNull();
  });

  test('any text is read or refused', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), (junk, at) => {
        const cut = at % fromBusybox.length;
        const timex = parseAdjtimex(fromBusybox.slice(0, cut) + junk + fromBusybox.slice(cut));
        expect(timex === null || Number.isFinite(timex.offsetSeconds)).toBe(true);
      }),
    );
  });
});

describe('a clock step', () => {
  const boot = 'boot-1';
  const at = (realtime: bigint, before: bigint, after: bigint, bootId = boot) =>
    stepClockBetween(before, realtime, after, bootId);

  test('is seen with its sign and a bound', () => {
    const before = at(1_000_000_000n, 0n, 2_000n);
    expect(clockStep(before, at(4_500_000_000n, 2_999_999_000n, 3_000_001_000n))).toMatchObject({
      seconds: expect.closeTo(0.500001, 9),
    });
    const back = clockStep(before, at(1_000_000_000n, 2_999_999_000n, 3_000_001_000n));
    expect(back?.seconds).toBeCloseTo(-2.999999, 9);
    expect(back?.high).toBeLessThan(0);
  });

  test('is not made up from the width of the readings, nor across a boot', () => {
    const before = at(1_000_000_000n, 0n, 20_000_000n);
    const after = at(3_999_000_000n, 3_000_000_000n, 3_000_000_000n);
    expect(clockStep(before, after)).toBeNull();
    expect(clockStep(before, at(9n, 0n, 0n, 'boot-2'))).toBeNull();
  });

  test('contains the truth wherever in its window the clock was read', () => {
    const window = fc.record({ start: fc.nat(1_000_000_000), width: fc.nat(50_000_000), share: fc.nat(100) });
    fc.assert(
      fc.property(window, window, fc.integer({ min: -10_000_000, max: 10_000_000 }), (a, b, step) => {
        const read = ({ start, width, share }: typeof a, offset: number) =>
          at(
            BigInt(start + Math.floor((width * share) / 100) + offset),
            BigInt(start),
            BigInt(start + width),
          );
        const seen = clockStep(read(a, 0), read(b, step));
        if (seen !== null) expect(contains(seen, step / 1e9)).toBe(true);
      }),
    );
  });
});
