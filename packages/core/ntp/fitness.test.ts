import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contains, estimate } from '../time/index.ts';
import { agreementOf } from './agreement.ts';
import { compareServers, type MeasuredServer, type QueriedServer } from './fitness.ts';
import type { ServerReport } from './report.ts';

const report: ServerReport = {
  version: 4,
  leap: 'normal',
  stratum: 2,
  refId: '0A000001',
  refIdAddress: '10.0.0.1',
  rootDelaySeconds: 0.002,
  rootDispersionSeconds: 0.001,
  rootDistanceSeconds: 0.002,
  precisionSeconds: 1e-7,
  referenceAgeSeconds: 60,
  synchronized: true,
  freeRunning: false,
};

function server(
  seconds: number,
  says: Partial<ServerReport> = {},
  change: Partial<MeasuredServer> = {},
): QueriedServer {
  return {
    ok: true,
    measured: {
      clock: { offset: estimate(seconds, 0.001), delaySeconds: 0.001, stampedBy: 'kernel', samples: 8 },
      at: 0n,
      report: { ...report, ...says },
      asked: 8,
      rateLimited: false,
      ...change,
    },
  };
}

const failed: QueriedServer = {
  ok: false,
  failure: { code: 'unreachable', text: { en: '', 'zh-CN': '' } },
};

function fitness(...servers: QueriedServer[]): string[] {
  return compareServers(servers, 0n).servers.map((one) => one.fitness);
}

function codes(one: QueriedServer): string[] {
  return (compareServers([one], 0n).servers[0]?.reasons ?? []).map((reason) => reason.code);
}

describe('agreement', () => {
  it('of nobody, of one, of two that meet and of two that do not', () => {
    expect(agreementOf([])).toEqual({ kind: 'none' });
    expect(agreementOf([estimate(0, 1)])).toEqual({ kind: 'single' });
    expect(agreementOf([estimate(0, 1), estimate(2, 1)])).toMatchObject({
      kind: 'majority',
      interval: { low: 1, high: 1 },
      falsetickers: [],
    });
    expect(agreementOf([estimate(0, 1), estimate(2.1, 1)])).toEqual({ kind: 'no-majority' });
  });

  it('names the falseticker, ahead or behind', () => {
    for (const lie of [5, -5]) {
      expect(agreementOf([estimate(0, 0.1), estimate(lie, 0.1), estimate(0.05, 0.1)])).toMatchObject({
        kind: 'majority',
        agreeing: [0, 2],
        falsetickers: [1],
      });
    }
  });

  it('needs more than half: two against two is none', () => {
    const four = [0, 0, 5, 5].map((seconds) => estimate(seconds, 0.1));
    expect(agreementOf(four)).toEqual({ kind: 'no-majority' });
  });

  it('accuses nobody of a chain', () => {
    const chain = [0, 1.5, 3].map((seconds) => estimate(seconds, 1));
    expect(agreementOf(chain)).toMatchObject({ kind: 'majority', agreeing: [0, 1, 2], falsetickers: [] });
  });

  it('keeps the truth and never accuses who holds it, while most hold it', () => {
    const good = fc.record({
      error: fc.double({ min: -1, max: 1, noNaN: true }),
      slack: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const bad = fc.double({ min: -100, max: 100, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(good, { minLength: 2, maxLength: 7 }),
        fc.array(bad, { maxLength: 6 }),
        (right, wrong) => {
          const liars = wrong.slice(0, right.length - 1).map((seconds) => estimate(seconds, 0.01));
          const intervals = [
            ...right.map(({ error, slack }) => estimate(error, Math.abs(error) + slack)),
            ...liars,
          ];
          const agreement = agreementOf(intervals);
          if (agreement.kind !== 'majority') throw new Error(agreement.kind);
          for (const index of agreement.falsetickers)
            expect(contains(intervals[index] ?? estimate(0, 0), 0)).toBe(false);
        },
      ),
    );
  });
});

describe('whether to follow a server', () => {
  it('that is alone and well: yes', () => {
    expect(fitness(server(0.3))).toEqual(['fit']);
    expect(codes(server(0.3))).toEqual([]);
  });

  it.each([
    [{ leap: 'unsynchronized' as const, synchronized: false }, ['unsynchronized']],
    [{ stratum: 0, synchronized: false }, ['unsynchronized']],
    [{ stratum: 16, synchronized: false, rootDistanceSeconds: 9 }, ['unsynchronized']],
    [{ rootDistanceSeconds: 3.1 }, ['root-distance']],
    [{ referenceAgeSeconds: -2 }, ['reference-in-future']],
  ])('that says %o: no', (says, expected) => {
    expect(fitness(server(0, says))).toEqual(['unfit']);
    expect(codes(server(0, says))).toEqual(expected);
  });

  it.each([
    [server(0, { rootDistanceSeconds: 1.6 }), 'root-distance-ntpd'],
    [server(0, { referenceAgeSeconds: 10_000 }), 'old-reference'],
    [server(0, { freeRunning: true }), 'free-running'],
    [server(0, { leap: 'insert-second' }), 'leap-second'],
    [server(0, {}, { rateLimited: true, asked: 9 }), 'rate-limited'],
    [server(0, {}, { asked: 10 }), 'lost'],
  ])('with something to note: still yes (%#)', (one, code) => {
    expect(fitness(one)).toEqual(['fit']);
    expect(codes(one)).toEqual([code]);
  });

  it('that lies among others: no, and it is named', () => {
    expect(fitness(server(0), server(2), server(0.001))).toEqual(['fit', 'unfit', 'fit']);
    expect(compareServers([server(0), server(2), server(0.001)], 0n).agreement).toMatchObject({
      falsetickers: [1],
    });
  });

  it('when two contradict each other: neither', () => {
    expect(fitness(server(0), server(2))).toEqual(['unfit', 'unfit']);
  });

  it('gives no vote to one that is not synchronised or did not answer', () => {
    const unsynchronized = server(9, { synchronized: false, leap: 'unsynchronized' });
    const { agreement, servers } = compareServers(
      [failed, unsynchronized, server(0), server(2), server(0)],
      0n,
    );
    expect(servers.map((one) => one.fitness)).toEqual(['failed', 'unfit', 'fit', 'unfit', 'fit']);
    expect(agreement).toMatchObject({ agreeing: [2, 4], falsetickers: [3] });
    expect(compareServers([failed], 0n)).toMatchObject({ agreement: { kind: 'none' } });
  });
});
