import { describe, expect, it } from 'vitest';
import type { TimeBase } from '../ports/index.ts';
import { languages } from '../text/index.ts';
import type { Dropped, ExchangeOutcome, NetworkProblem } from './exchange.ts';
import type { NtpPacket } from './packet.ts';
import { type AnswerOutcome, readingOf } from './reading.ts';
import { readSample } from './sample.ts';
import { timestampOf } from './timestamp.ts';

const second = 1_000_000_000n;
const anchor = 1_795_355_200n * second;
const timeBase: TimeBase = {
  monotonic: () => 20n * second,
  instantAt: (monotonic) => anchor + monotonic,
  instantOfRealtime: () => null,
  timeOfDayAt: (monotonic) => anchor + monotonic,
  precisionSeconds: 0.001,
};
const asked = { target: '10.0.0.5:123', timeoutSeconds: 5, startedAt: 18n * second };

function measured(aheadSeconds: number, says: Partial<NtpPacket> = {}): ExchangeOutcome {
  const time = timestampOf(anchor + 19n * second + 500_000n + BigInt(aheadSeconds * 1e9));
  const packet: NtpPacket = {
    leap: 0,
    version: 4,
    mode: 4,
    stratum: 2,
    poll: 0,
    precision: -20,
    rootDelay: 0x8000,
    rootDispersion: 0x4000,
    referenceId: 0x0a000001,
    reference: time,
    origin: 0n,
    receive: time,
    transmit: time,
    ...says,
  };
  const read = readSample(packet, 19n * second, 19n * second + 1_000_000n, 1e-6);
  if (!read.ok) throw new Error(read.problem);
  return { kind: 'measured', best: read.sample, samples: 8, asked: 8, kiss: null, dropped: nothing };
}

const nothing: Dropped = {
  malformed: 0,
  foreign: 0,
  unmatched: 0,
  repeated: 0,
  late: 0,
  noTime: 0,
  backwards: 0,
  stepped: 0,
};

const unanswered = (dropped: Partial<Dropped>): AnswerOutcome => ({
  kind: 'unanswered',
  asked: 3,
  dropped: { ...nothing, ...dropped },
});

describe('a reading', () => {
  it('is true for the middle of the exchange, and its bound includes that of the time base', () => {
    for (const ahead of [2, -2]) {
      const reading = readingOf({ outcome: measured(ahead), stampedBy: 'kernel' }, asked, timeBase);
      expect(reading).toMatchObject({
        source: 'ntp',
        target: '10.0.0.5:123',
        at: 19n * second + 500_000n,
        tookSeconds: 2,
        result: { ok: true, facts: { clock: { stampedBy: 'kernel', samples: 8, delaySeconds: 0.001 } } },
      });
      const clock = reading.result.ok ? reading.result.facts.clock : null;
      expect(clock?.offset.seconds).toBeCloseTo(ahead, 6);
      expect((clock?.offset.high ?? 0) - ahead).toBeCloseTo(0.0015, 4);
    }
  });

  it('says what the server says of itself, and not what NTP cannot tell', () => {
    const sync = (says: Partial<NtpPacket>) => {
      const reading = readingOf({ outcome: measured(0, says), stampedBy: 'process' }, asked, timeBase);
      return reading.result.ok ? reading.result.facts.sync : null;
    };
    expect(sync({})).toEqual({
      synchronized: true,
      daemon: null,
      source: null,
      stratum: 2,
      refId: '0A000001',
      leap: 'normal',
      rootDelaySeconds: 0.5,
      rootDispersionSeconds: 0.25,
      rootDistanceSeconds: 0.5,
      referenceOffset: null,
    });
    expect(sync({ stratum: 16 })?.synchronized).toBe(false);
    expect(sync({ stratum: 0, leap: 3, referenceId: 0 })).toMatchObject({ synchronized: false, refId: null });
  });

  const network = (problem: NetworkProblem): AnswerOutcome => ({ kind: 'network', problem });
  it.each<[AnswerOutcome, string]>([
    [{ kind: 'kissed', kiss: 'DENY' }, 'refused'],
    [{ kind: 'kissed', kiss: 'RSTR' }, 'refused'],
    [{ kind: 'kissed', kiss: 'RATE' }, 'no-data'],
    [{ kind: 'paused', seconds: 30.2 }, 'no-data'],
    [network('refused'), 'refused'],
    [network('no-route'), 'unreachable'],
    [network('host-down'), 'unreachable'],
    [network('forbidden'), 'unreachable'],
    [network('other'), 'unreachable'],
    [unanswered({}), 'unreachable'],
    [unanswered({ late: 2 }), 'unreachable'],
    [unanswered({ malformed: 1 }), 'malformed'],
    [unanswered({ foreign: 1 }), 'malformed'],
    [unanswered({ unmatched: 1 }), 'malformed'],
    [unanswered({ noTime: 1, late: 1 }), 'no-data'],
    [unanswered({ backwards: 1 }), 'no-data'],
    [unanswered({ stepped: 1, late: 2 }), 'no-data'],
  ])('that failed says why and what next in both languages: %o', (outcome, code) => {
    const { result, at } = readingOf({ outcome, stampedBy: 'process' }, asked, timeBase);
    if (result.ok) throw new Error('a reading');
    expect([result.failure.code, at]).toEqual([code, 20n * second]);
    for (const language of languages) {
      expect(result.failure.text[language]).toMatch(/10\.0\.0\.5:123/);
      expect(result.failure.hint?.[language]).not.toBe('');
    }
    expect(result.failure.text['zh-CN']).toMatch(/\p{Script=Han}/u);
    expect(result.failure.hint?.['zh-CN']).toMatch(/\p{Script=Han}/u);
  });
});
