import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contains, estimate, type Instant, nanosecondsOf, secondsOf } from '../time/index.ts';
import { agrees, clockOfExchange, clockOfScrape, clockOfServer } from './index.ts';

const start: Instant = 1_795_355_910_000_000_000n;

test('a node that is ahead has a positive offset, one behind a negative', () => {
  const exchange = { sent: start, received: start + 2_000_000n, precisionSeconds: 0 };
  const at = (ahead: number) => clockOfExchange(secondsOf(start) + 0.001 + ahead, exchange)?.seconds;
  expect(at(5)).toBeCloseTo(5, 6);
  expect(at(-5)).toBeCloseTo(-5, 6);
});

test('the truth lies in the interval wherever in the exchange the clock was read', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.integer({ min: 0, max: 5_000_000_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (ahead, took, share) => {
        const exchange = { sent: start, received: start + BigInt(took), precisionSeconds: 0 };
        const read = start + BigInt(Math.floor(took * share));
        const offset = clockOfExchange(secondsOf(read + nanosecondsOf(ahead)), exchange);
        expect(offset !== null && contains(offset, ahead)).toBe(true);
        expect((offset?.high ?? 0) - (offset?.low ?? 0)).toBeLessThan((took / 1e9) * 1.001 + 1e-6);
      },
    ),
  );
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 1e300])('%d is no time', (seconds) => {
  const exchange = { sent: start, received: start, precisionSeconds: 0 };
  expect(clockOfExchange(seconds, exchange)).toBeNull();
});

/** A Prometheus whose clock is `serverAhead` scrapes a node and is asked `age` later. */
function scrape(
  nodeAhead: number,
  serverAhead: number,
  spans: { duration: number; share: number; late: number; age: number },
) {
  const server = (instant: Instant): bigint => instant + nanosecondsOf(serverAhead);
  // Aligned down by up to 2 ms, then cut to milliseconds.
  const stamp = (server(start) - nanosecondsOf(spans.late)) / 1_000_000n;
  const read = start + nanosecondsOf(spans.duration * spans.share);
  const excessSeconds = secondsOf(read + nanosecondsOf(nodeAhead) - stamp * 1_000_000n);
  const asked = start + nanosecondsOf(spans.age);
  const exchange = { sent: asked, received: asked + 3_000_000n, precisionSeconds: 0 };
  const evaluated = server(asked + 1_000_000n) / 1_000_000n;
  const clock = clockOfServer(Number(evaluated) / 1000, exchange);
  if (clock === null) throw new Error('a time');
  return clockOfScrape({ excessSeconds, durationSeconds: spans.duration, ageSeconds: spans.age }, clock);
}

describe('through a Prometheus', () => {
  test('the truth lies in the interval, whatever the clocks of node and server', () => {
    const ahead = fc.double({ min: -1_000, max: 1_000, noNaN: true });
    const spans = fc.record({
      duration: fc.double({ min: 0, max: 10, noNaN: true }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      late: fc.double({ min: 0, max: 0.002, noNaN: true }),
      age: fc.double({ min: 0.02, max: 300, noNaN: true }),
    });
    fc.assert(
      fc.property(ahead, ahead, spans, (nodeAhead, serverAhead, times) => {
        const offset = scrape(nodeAhead, serverAhead, times);
        expect(offset !== null && contains(offset, nodeAhead)).toBe(true);
      }),
    );
  });

  test('numbers without sense are no clock', () => {
    const server = estimate(0, 0.001);
    const good = { excessSeconds: 1, durationSeconds: 0.1, ageSeconds: 1 };
    expect(clockOfScrape(good, server)?.seconds).toBeCloseTo(0.95, 2);
    expect(clockOfScrape({ ...good, excessSeconds: Number.NaN }, server)).toBeNull();
    expect(clockOfScrape({ ...good, durationSeconds: -1 }, server)).toBeNull();
    expect(clockOfScrape({ ...good, durationSeconds: Number.POSITIVE_INFINITY }, server)).toBeNull();
  });

  test('a server that was set is noticed, one that drifts is not accused', () => {
    const before = estimate(0, 0.001);
    expect(agrees(before, 10, estimate(0.002, 0.001))).toBe(true);
    expect(agrees(before, 10, estimate(0.0024, 0.001))).toBe(true);
    expect(agrees(before, 10, estimate(0.1, 0.001))).toBe(false);
    expect(agrees(before, 10, estimate(-0.1, 0.001))).toBe(false);
  });
});
