import { testNode, testPolicy } from '@clockwarden/testkit/policy';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeReadings, type NodeObservation, noFacts, type Reading } from '../observe/index.ts';
import { text } from '../text/index.ts';
import { estimate } from '../time/index.ts';
import { assessCluster, type ClusterAssessment, ClusterJudge } from './index.ts';

const policy = testPolicy();

const nodeOf = (index: number) => testNode(`n${index}`, { roles: [index < 2 ? 'control-plane' : 'worker'] });

interface Said {
  /** Null: the node does not answer. */
  readonly aheadMs: number | null;
  readonly boundMs: number;
  readonly timezone: string;
}

function readingOf({ aheadMs, boundMs, timezone }: Said, at: bigint): Reading {
  const failed = { code: 'unreachable', text: text('No answer.', '无应答。') } as const;
  if (aheadMs === null)
    return { source: 'ssh', target: 't', at, tookSeconds: 1, result: { ok: false, failure: failed } };
  const clock = {
    offset: estimate(aheadMs / 1000, boundMs / 1000),
    delaySeconds: null,
    stampedBy: 'node-command',
    samples: 8,
  } as const;
  const zone = { name: timezone, utcOffsetSeconds: 0, localtime: 'link', conflictingName: null } as const;
  return {
    source: 'ssh',
    target: 't',
    at,
    tookSeconds: 1,
    result: { ok: true, facts: { ...noFacts, clock, timezone: zone } },
  };
}

const observe = (index: number, reading: Reading, now: bigint): NodeObservation =>
  mergeReadings(nodeOf(index), [reading], now, () => Number.POSITIVE_INFINITY);

/** What must not depend on how often a node was judged: everything but numbers in sentences. */
function decided(assessment: ClusterAssessment) {
  return {
    verdict: assessment.verdict,
    summary: assessment.summary,
    reasons: assessment.reasons.map(({ code, severity }) => ({ code, severity })),
    nodes: assessment.nodes.map(({ node, verdict, reachable, reasons, offset, clock }) => ({
      name: node.name,
      verdict,
      reachable,
      reasons: reasons.map(({ code, severity }) => ({ code, severity })),
      hasOffset: offset !== null,
      hasClock: clock !== null,
    })),
  };
}

const rounded = (value: number | undefined): number | null =>
  value === undefined ? null : Number(value.toFixed(9));

/** Around every limit: 50 ms, 200 ms, 30 s, 60 s, 120 s. The odd bound keeps sums off the limits themselves. */
const said = fc.record({
  aheadMs: fc.option(
    fc.oneof(
      fc.integer({ min: -300, max: 300 }),
      fc.constantFrom(-120_000, -60_000, -30_000, 0, 30_000, 60_000, 120_000),
    ),
    { freq: 6 },
  ),
  boundMs: fc.integer({ min: 0, max: 40 }).map((ms) => ms + 0.3717),
  timezone: fc.constantFrom('UTC', 'Asia/Shanghai'),
});

const story = fc.integer({ min: 1, max: 9 }).chain((nodes) =>
  fc.record({
    first: fc.array(said, { minLength: nodes, maxLength: nodes }),
    rounds: fc.array(
      fc.record({
        seconds: fc.integer({ min: 0, max: 4_000 }),
        said: fc.array(fc.option(said, { freq: 3 }), { minLength: nodes, maxLength: nodes }),
      }),
      { maxLength: 8 },
    ),
    reference: fc.option(fc.integer({ min: -300, max: 300 })),
  }),
);

describe('a judge that judges only what is new', () => {
  test('decides what a judgement of the whole cluster decides', () => {
    fc.assert(
      fc.property(story, ({ first, rounds, reference }) => {
        const judge = new ClusterJudge(policy);
        const from = reference === null ? null : estimate(reference / 1000, 0.0121);
        let now = 0n;
        const readings = first.map((one) => readingOf(one, now));
        const observations = readings.map((reading, index) => observe(index, reading, now));
        for (const round of [{ seconds: 0, said: first }, ...rounds]) {
          now += BigInt(round.seconds) * 1_000_000_000n;
          for (const [index, news] of round.said.entries()) {
            if (news !== null) readings[index] = readingOf(news, now);
          }
          const anew = readings.map((reading, index) => observe(index, reading, now));
          for (const [index, news] of round.said.entries()) {
            const observation = anew[index];
            if (news !== null && observation !== undefined) observations[index] = observation;
          }
          // The same moment is in the eyes of both, whoever was read last.
          const last = anew.length - 1;
          if (anew[last] !== undefined) observations[last] = anew[last];
          const some = judge.assess(observations, now, from);
          const all = assessCluster(policy, anew, now, from);
          expect(decided(some)).toEqual(decided(all));
          for (const name of ['median', 'controlPlaneSpread', 'fromReference'] as const) {
            expect(rounded(some[name]?.seconds)).toBe(rounded(all[name]?.seconds));
            expect(rounded(some[name]?.low)).toBe(rounded(all[name]?.low));
            expect(rounded(some[name]?.high)).toBe(rounded(all[name]?.high));
          }
          if (all.verdict === 'ok') expect(some.headline).toEqual(all.headline);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('keeps the assessment of a node of which nothing is new, and gives another when the median moved away', () => {
    const judge = new ClusterJudge(policy);
    const calm = { boundMs: 1, timezone: 'UTC' };
    const at = (ahead: readonly number[]) =>
      ahead.map((aheadMs, index) => observe(index, readingOf({ ...calm, aheadMs }, 0n), 0n));
    const [zero, one, two] = at([0, 1, 2]);
    if (zero === undefined || one === undefined || two === undefined) throw new Error('three were asked for');
    const before = judge.assess([zero, one, two], 0n);
    const [, , moved] = at([0, 0, 10]);
    if (moved === undefined) throw new Error('three were asked for');
    const after = judge.assess([zero, one, moved], 0n);
    expect(after.nodes[0]).toBe(before.nodes[0]);
    expect(after.nodes[1]).toBe(before.nodes[1]);
    expect(after.nodes[2]).not.toBe(before.nodes[2]);
    const [, far, farther] = at([0, 60_000, 60_001]);
    if (far === undefined || farther === undefined) throw new Error('three were asked for');
    const last = judge.assess([zero, far, farther], 0n);
    expect(last.nodes[0]).toMatchObject({ verdict: 'warning', offset: { seconds: -60 } });
  });
});
