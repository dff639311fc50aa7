import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contains } from '../time/index.ts';
import type { NtpPacket } from './packet.ts';
import { bestOf, offsetOf, readSample, type Sample } from './sample.ts';
import { timestampOf } from './timestamp.ts';

const second = 1_000_000_000n;
const anchor = 1_795_355_200n * second;
const instantAt = (monotonic: bigint): bigint => anchor + monotonic;

const blank: NtpPacket = {
  leap: 0,
  version: 4,
  mode: 4,
  stratum: 2,
  poll: 0,
  precision: -30,
  rootDelay: 0,
  rootDispersion: 0,
  referenceId: 0,
  reference: 0n,
  origin: 0n,
  receive: 0n,
  transmit: 0n,
};

interface Exchange {
  readonly ahead: bigint;
  readonly there: bigint;
  readonly held?: bigint;
  readonly back: bigint;
  readonly sent?: bigint;
  readonly precision?: number;
}

/** What the stamps would read if the server's clock were ahead by so much; all in nanoseconds. */
function exchange({ ahead, there, held = 20_000n, back, sent = 5n * second, precision = -30 }: Exchange) {
  const receive = timestampOf(instantAt(sent + there) + ahead);
  const transmit = timestampOf(instantAt(sent + there + held) + ahead);
  return readSample({ ...blank, precision, receive, transmit }, sent, sent + there + held + back, 1e-7);
}

function sampleOf(facts: Exchange): Sample {
  const result = exchange(facts);
  if (!result.ok) throw new Error(result.problem);
  return result.sample;
}

describe('one exchange', () => {
  it('finds a server that is ahead and one that is behind, with the right sign', () => {
    for (const ahead of [3_000_000n, -3_000_000n]) {
      const sample = sampleOf({ ahead, there: 100_000n, back: 100_000n });
      expect(offsetOf(sample, instantAt).seconds).toBeCloseTo(Number(ahead) / 1e9, 9);
      expect(sample.delaySeconds).toBeCloseTo(200e-6, 9);
      expect(sample.boundSeconds).toBeGreaterThan(100e-6);
      expect(sample.boundSeconds).toBeLessThan(101e-6);
    }
  });

  it('holds the truth whatever the path, the lie and the era', () => {
    const span = fc.bigInt({ min: 0n, max: 3n * second });
    const years = 366n * 86_400n * second;
    fc.assert(
      fc.property(
        fc.record({
          ahead: fc.bigInt({ min: -67n * years, max: 67n * years }),
          there: span,
          held: span,
          back: span,
          sent: fc.bigInt({ min: 0n, max: 1_000_000n * second }),
        }),
        (facts) => {
          const offset = offsetOf(sampleOf(facts), instantAt);
          expect(contains(offset, Number(facts.ahead) / 1e9)).toBe(true);
        },
      ),
    );
  });

  it.each([-40, 40, 10, -26])('is right for a server %d years away', (years) => {
    const ahead = BigInt(years) * 31_557_600n * second;
    const offset = offsetOf(sampleOf({ ahead, there: 50_000n, back: 50_000n }), instantAt);
    expect(offset.seconds).toBeCloseTo(years * 31_557_600, 5);
    expect(contains(offset, years * 31_557_600)).toBe(true);
  });

  it('is right when the era ends between the two stamps of the server', () => {
    const eraEnd = 2_085_978_496n * second;
    const ahead = eraEnd - instantAt(5n * second) - 110_000n;
    const sample = sampleOf({ ahead, there: 100_000n, back: 100_000n });
    expect(sample.packet.transmit).toBeLessThan(sample.packet.receive);
    expect(offsetOf(sample, instantAt).seconds).toBeCloseTo(Number(ahead) / 1e9, 6);
  });

  it('believes a server that tells whole seconds no further than that', () => {
    const whole = sampleOf({
      ahead: 0n,
      there: second / 2n,
      held: second,
      back: second / 2n,
      sent: second / 2n,
    });
    const read = readSample(
      {
        ...whole.packet,
        receive: (whole.packet.receive >> 32n) << 32n,
        transmit: (whole.packet.transmit >> 32n) << 32n,
      },
      whole.sent,
      whole.received,
      0,
    );
    expect(read.ok && read.sample.boundSeconds).toBeGreaterThan(1);
  });

  it('refuses a server without time', () => {
    const facts = [
      { ...blank, receive: 0n, transmit: 5n },
      { ...blank, receive: 5n, transmit: 0n },
    ];
    for (const packet of facts) {
      expect(readSample(packet, 0n, second, 0)).toEqual({ ok: false, problem: 'no-time' });
    }
  });

  it('refuses a server whose clock was set while it answered', () => {
    const backwards = exchange({ ahead: 0n, there: 100_000n, held: -1_000_000n, back: 2_000_000n });
    expect(backwards).toEqual({ ok: false, problem: 'backwards' });
    const forward = exchange({ ahead: 0n, there: 100_000n, held: second, back: -second + 100_000n });
    expect(forward).toEqual({ ok: false, problem: 'backwards' });
  });

  it('forgives a coarse clock a delay below zero, and says so in the bound', () => {
    const facts = { ahead: 0n, there: 100_000n, held: 10_000_000n, back: -9_800_000n };
    expect(exchange({ ...facts, precision: -10 })).toEqual({ ok: false, problem: 'backwards' });
    const sample = sampleOf({ ...facts, precision: -6 });
    expect(sample.delaySeconds).toBe(0);
    expect(sample.boundSeconds).toBeGreaterThan(2 ** -6);
  });
});

describe('the best of several', () => {
  it('is the one with the smallest bound', () => {
    const samples = [300_000n, 50_000n, 200_000n].map((back, index) =>
      sampleOf({ ahead: 0n, there: 50_000n, back, sent: BigInt(index + 1) * second }),
    );
    expect(bestOf(samples)).toBe(samples[1]);
    expect(bestOf([])).toBeNull();
  });

  it('is taken after the server was stepped, however good those before were', () => {
    const samples = [0n, 0n, 5n * second, 5n * second].map((ahead, index) =>
      sampleOf({
        ahead,
        there: 50_000n,
        back: 50_000n * BigInt(index + 1),
        sent: BigInt(index + 1) * second,
      }),
    );
    expect(bestOf(samples)).toBe(samples[2]);
  });
});
