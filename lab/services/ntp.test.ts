import { describe, expect, test } from 'vitest';
import { type Behaviour, errorAt, honest } from './behaviour.ts';
import { answer, ntpTimestamp } from './ntp.ts';

const at = 1_800_000_000_250_000_000n;

function request(mode = 3, version = 4): Buffer {
  const packet = Buffer.alloc(48);
  packet.writeUInt8((version << 3) | mode, 0);
  packet.writeUInt8(6, 2);
  packet.writeBigUInt64BE(0x1122334455667788n, 40);
  return packet;
}

const reply = (behaviour: Partial<Behaviour>): Buffer | undefined =>
  answer(request(), { ...honest, ...behaviour }, at, () => at + 1_000_000n);

describe('time stamps', () => {
  test.each([
    [0n, 2_208_988_800n << 32n],
    [500_000_000n, (2_208_988_800n << 32n) | 0x80000000n],
    [-1_000_000_000n, 2_208_988_799n << 32n],
    [-500_000_000n, (2_208_988_799n << 32n) | 0x80000000n],
    // 2036-02-07T06:28:16Z: the era ends and counting begins anew (RFC 5905 section 6).
    [2_085_978_496_000_000_000n, 0n],
  ])('%s ns', (unix, stamp) => {
    expect(ntpTimestamp(unix)).toBe(stamp);
  });
});

describe('an upstream', () => {
  test('is honest by default, and matches the request', () => {
    const packet = reply({});
    expect(packet?.readUInt8(0)).toBe((0 << 6) | (4 << 3) | 4);
    expect(packet?.readUInt8(1)).toBe(2);
    expect(packet?.readBigUInt64BE(24)).toBe(0x1122334455667788n);
    expect(packet?.readBigUInt64BE(32)).toBe(ntpTimestamp(at));
    expect(packet?.readBigUInt64BE(40)).toBe(ntpTimestamp(at + 1_000_000n));
  });

  test.each([20, -20])('that is %i s off says so in both stamps', (shiftSeconds) => {
    const packet = reply({ shiftSeconds });
    const off = BigInt(shiftSeconds) * 1_000_000_000n;
    expect(packet?.readBigUInt64BE(32)).toBe(ntpTimestamp(at + off));
    expect(packet?.readBigUInt64BE(40)).toBe(ntpTimestamp(at + 1_000_000n + off));
  });

  test('is silent when told so, and towards packets that are no client’s', () => {
    expect(reply({ silent: true })).toBeUndefined();
    expect(answer(request(4), honest, at, () => at)).toBeUndefined();
    expect(answer(request().subarray(0, 47), honest, at, () => at)).toBeUndefined();
    expect(answer(request(3, 7), honest, at, () => at)).toBeUndefined();
  });

  test('kisses with stratum 0, leap 3 and the code', () => {
    const packet = reply({ kiss: 'RATE' });
    expect(packet?.readUInt8(0)).toBe((3 << 6) | (4 << 3) | 4);
    expect(packet?.readUInt8(1)).toBe(0);
    expect(packet?.toString('latin1', 12, 16)).toBe('RATE');
  });
});

test.each([
  [100, 1_000_000n],
  [-100, -1_000_000n],
])('a ramp of %i ppm moves by that much in ten seconds', (rampPpm, moved) => {
  const behaviour = { ...honest, rampPpm, sinceMs: 1_800_000_000_000 };
  expect(errorAt(behaviour, 1_800_000_010_000_000_000n)).toBe(moved);
});
