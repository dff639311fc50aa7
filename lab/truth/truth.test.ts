import { expect, test } from 'vitest';
import { pairHostClocks } from './clock.ts';
import { proveOffset } from './truth.ts';

test('the pairing of the host’s clocks holds the truth between its ends', () => {
  const pair = pairHostClocks();
  const before = Date.now();
  const monotonic = process.hrtime.bigint();
  const after = Date.now();
  expect(pair.high).toBeGreaterThan(pair.low);
  // Date cuts off what is below a millisecond, so the true time lies in [before, after + 1 ms).
  expect(monotonic + pair.high).toBeGreaterThanOrEqual(BigInt(before) * 1_000_000n);
  expect(monotonic + pair.low).toBeLessThan(BigInt(after + 1) * 1_000_000n);
});

test.each([5_000_000_000n, -5_000_000_000n, 1_262_304_000_000_000_000n, -1_262_304_000_000_000_000n, 0n])(
  'an exchange proves an interval that holds an offset of %s ns, wherever in it the clock was read',
  (offset) => {
    const host = { low: 1_800_000_000_000_000_000n, high: 1_800_000_000_000_000_400n };
    const sent = 1_000_000_000n;
    const received = 1_000_200_000n;
    for (const read of [sent, (sent + received) / 2n, received]) {
      for (const pairing of [host.low, host.high]) {
        const proof = proveOffset({ sent, received, node: read + pairing + offset }, host);
        expect(proof.low).toBeLessThanOrEqual(offset);
        expect(proof.high).toBeGreaterThanOrEqual(offset);
        expect(proof.high - proof.low).toBeLessThan(202_000n);
      }
    }
  },
);
