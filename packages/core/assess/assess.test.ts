import { testNode, testPolicy } from '@clockwarden/testkit/policy';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NodeSpec } from '../inventory/index.ts';
import {
  type DaemonState,
  mergeReadings,
  type NodeFacts,
  type NodeObservation,
  noFacts,
  type Reading,
  type SyncState,
} from '../observe/index.ts';
import { type ClusterPolicy, defaultLimits, defaultTimesync, type TimesyncConfig } from '../policy/index.ts';
import { text } from '../text/index.ts';
import { type Estimate, estimate } from '../time/index.ts';
import {
  assessCluster,
  type ClusterAssessment,
  compareWithLimit,
  displayStatus,
  medianEstimate,
  medianOf,
} from './index.ts';

const policy = testPolicy({ name: 'lab' });

const timesyncFollowing = (servers: readonly string[]): TimesyncConfig => ({
  ...defaultTimesync,
  mode: 'chrony',
  servers,
});

const running = (kind: DaemonState['kind']): DaemonState => ({
  kind,
  unit: null,
  running: true,
  enabled: true,
});

const synchronized: SyncState = {
  synchronized: true,
  daemon: 'chronyd',
  stratum: 3,
  source: '10.0.0.1',
  refId: '0A000001',
  leap: 'normal',
  rootDelaySeconds: 0.001,
  rootDispersionSeconds: 0.001,
  rootDistanceSeconds: 0.0015,
  referenceOffset: null,
};

function observed(spec: NodeSpec, offset: Estimate | null, facts: Partial<NodeFacts> = {}): NodeObservation {
  const clock =
    offset === null ? null : ({ offset, delaySeconds: null, stampedBy: 'kernel', samples: 8 } as const);
  const reading: Reading = {
    source: 'ssh',
    target: spec.name,
    at: 0n,
    tookSeconds: 0.001,
    result: { ok: true, facts: { ...noFacts, sync: synchronized, clock, ...facts } },
  };
  return mergeReadings(spec, [reading], 0n, () => 60);
}

function dead(name: string): NodeObservation {
  const failed = { code: 'unreachable', text: text(`${name} does not answer.`, `${name} 无应答。`) } as const;
  return mergeReadings(
    testNode(name),
    [{ source: 'ntp', target: name, at: 0n, tookSeconds: 5, result: { ok: false, failure: failed } }],
    0n,
    () => 60,
  );
}

const assess = (
  observations: readonly NodeObservation[],
  more: Partial<ClusterPolicy> = {},
  reference: Estimate | null = null,
): ClusterAssessment => assessCluster({ ...policy, ...more }, observations, 0n, reference);

/** Three calm nodes at `base`, so that a fourth can be held against them. */
const calm = (base = 0): NodeObservation[] =>
  ['a', 'b', 'c'].map((name) => observed(testNode(name), estimate(base, 0.001)));

const codes = (assessment: ClusterAssessment, name: string): readonly string[] =>
  assessment.nodes.find((candidate) => candidate.node.name === name)?.reasons.map((reason) => reason.code) ??
  [];

const verdictOf = (assessment: ClusterAssessment, name: string): string | undefined =>
  assessment.nodes.find((candidate) => candidate.node.name === name)?.verdict;

describe('the median', () => {
  test('is what sorting finds', () => {
    const number = fc.oneof(fc.double({ noNaN: true, min: -1e3, max: 1e3 }), fc.integer({ min: -2, max: 2 }));
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 60 }), (numbers) => {
        const sorted = [...numbers].sort((a, b) => a - b);
        const [lower = 0, upper = 0] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
        expect(medianOf(numbers)).toBeCloseTo(lower + (upper - lower) / 2, 12);
      }),
    );
  });

  test('is the middle of an odd count, the mean of the two middle ones of an even count, and nothing of nothing', () => {
    expect(medianOf([3, -1, 2])).toBe(2);
    expect(medianOf([4, 1, 3, 2])).toBe(2.5);
    expect(medianOf([])).toBeNull();
    expect(medianEstimate([])).toBeNull();
  });

  test('does not lose precision far from zero', () => {
    expect(medianOf([1e9 + 0.25, 1e9 + 0.5])).toBe(1e9 + 0.375);
  });

  const truths = fc.array(
    fc.record({
      true: fc.double({ min: -1e3, max: 1e3, noNaN: true }),
      bound: fc.double({ min: 1e-6, max: 10, noNaN: true }),
      place: fc.double({ min: -1, max: 1, noNaN: true }),
    }),
    { minLength: 1, maxLength: 30 },
  );

  test('holds the true median, and the interval of every offset the true offset, wherever the truth lies in the bounds', () => {
    fc.assert(
      fc.property(truths, (items) => {
        const estimates = items.map((item) =>
          estimate(item.true + item.place * item.bound * 0.999, item.bound),
        );
        const centre = medianEstimate(estimates);
        const truth = medianOf(items.map((item) => item.true));
        if (centre === null || truth === null) throw new Error('a median exists');
        const slack = 1e-9;
        expect(centre.low - slack).toBeLessThanOrEqual(truth);
        expect(centre.high + slack).toBeGreaterThanOrEqual(truth);
        for (const [index, item] of items.entries()) {
          const own = estimates[index];
          if (own === undefined) throw new Error('same length');
          expect(own.low - centre.high - slack).toBeLessThanOrEqual(item.true - truth);
          expect(own.high - centre.low + slack).toBeGreaterThanOrEqual(item.true - truth);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('an interval against a limit', () => {
  test.each([
    [31, 0.5, 'beyond'],
    [-31, 0.5, 'beyond'],
    [29, 0.5, 'within'],
    [-29, 0.5, 'within'],
    [30, 0.5, 'straddles'],
    [-30, 0.5, 'straddles'],
    [0, 31, 'straddles'],
  ])('%d ± %d s against 30 s is %s', (seconds, bound, expected) => {
    expect(compareWithLimit(estimate(seconds, bound), 30)).toBe(expected);
  });
});

describe('the median rule', () => {
  test.each([
    [31, 'warning', 'offset-warning'],
    [-31, 'warning', 'offset-warning'],
    [121, 'critical', 'offset-critical'],
    [-121, 'critical', 'offset-critical'],
    [30, 'undetermined', 'offset-undetermined'],
  ])('a node %d s from the median is %s', (seconds, verdict, code) => {
    const assessment = assess([...calm(), observed(testNode('x'), estimate(seconds, 0.5))]);
    expect(verdictOf(assessment, 'x')).toBe(verdict);
    expect(codes(assessment, 'x')).toContain(code);
    expect(verdictOf(assessment, 'a')).toBe('ok');
  });

  test('beyond the warning limit but not surely beyond the critical one is a warning', () => {
    expect(verdictOf(assess([...calm(), observed(testNode('x'), estimate(120, 5))]), 'x')).toBe('warning');
  });

  test('one wild node does not move the others', () => {
    const assessment = assess([...calm(), observed(testNode('x'), estimate(40 * 365.25 * 86_400, 0.001))]);
    expect(assessment.summary).toEqual({ ok: 3, warning: 0, critical: 1, undetermined: 0, unreachable: 0 });
    expect(assessment.verdict).toBe('critical');
    expect(assessment.headline.en).toMatch(/^1 of 4 nodes needs attention\. x: /);
  });

  test('the limits can be changed', () => {
    const limits = { ...defaultLimits, medianWarningSeconds: 1, medianCriticalSeconds: 2 };
    expect(
      verdictOf(assess([...calm(), observed(testNode('x'), estimate(1.5, 0.001))], { limits }), 'x'),
    ).toBe('warning');
  });
});

describe('the limits of roles', () => {
  test.each([
    ['control-plane', 0.06, 'warning'],
    ['worker', 0.06, 'ok'],
    ['worker', -0.25, 'warning'],
    ['control-plane', 0.05, 'undetermined'],
  ] as const)('a %s node at %d s is %s', (role, seconds, verdict) => {
    const assessment = assess([
      ...calm(),
      observed(testNode('x', { roles: [role] }), estimate(seconds, 0.001)),
    ]);
    expect(verdictOf(assessment, 'x')).toBe(verdict);
  });
});

describe('few nodes', () => {
  test('two nodes have no median; far apart, neither is innocent', () => {
    const assessment = assess([
      observed(testNode('a'), estimate(0, 0.001)),
      observed(testNode('b'), estimate(40, 0.001)),
    ]);
    expect(assessment.median).toBeNull();
    expect(codes(assessment, 'a')).toContain('pair-disagrees');
    expect(codes(assessment, 'b')).toContain('pair-disagrees');
    expect(assessment.nodes.map((item) => item.offset)).toEqual([null, null]);
  });

  test('two nodes beyond the limit of their role say that they are held against each other', () => {
    const pair = (bound: number) =>
      assess([observed(testNode('a'), estimate(0, bound)), observed(testNode('b'), estimate(0.3, bound))]);
    for (const { reasons } of [...pair(0.001).nodes, ...pair(0.2).nodes]) {
      const role = reasons.find(({ code }) => code.startsWith('role-limit'));
      expect(role?.evidence.comparedWith).toBe('other-node');
      expect(role?.text.en).toContain('from the other node');
      expect(role?.text['zh-CN']).toContain('相对另一节点');
    }
  });

  test('one synchronized node is in order without a median', () => {
    const assessment = assess([
      observed(testNode('a'), estimate(0, 0.001), { daemons: [running('chronyd')] }),
    ]);
    expect(assessment.verdict).toBe('ok');
    expect(assessment.reasons.map((reason) => reason.code)).toEqual(['median-needs-three']);
  });

  test('no node at all is said', () => {
    expect(assess([]).headline.en).toBe('There are no nodes to look at.');
  });
});

describe('what cannot be known', () => {
  test('a node that nothing reaches is undetermined and shown as unreachable, with the failure as reason', () => {
    const assessment = assess([...calm(), dead('x')]);
    const x = assessment.nodes[3];
    expect(x === undefined ? null : displayStatus(x)).toBe('unreachable');
    expect(x?.offset).toBeNull();
    expect(x?.reasons[0]?.text.en).toBe('x does not answer.');
    expect(assessment.summary.unreachable).toBe(1);
    expect(assessment.median?.nodes).toBe(3);
  });

  test('a node whose clock nobody reads is undetermined, not ok', () => {
    const assessment = assess([...calm(), observed(testNode('x'), null)]);
    expect(codes(assessment, 'x')).toEqual(['no-clock']);
    expect(verdictOf(assessment, 'x')).toBe('undetermined');
  });

  test('stale readings take no part', () => {
    const [a] = calm();
    if (a === undefined) throw new Error('there is one');
    const stale = mergeReadings(a.node, a.readings, 61_000_000_000n, () => 60);
    expect(stale.facts.clock).toBeNull();
    expect(stale.readings).toHaveLength(1);
  });
});

describe('daemon, kernel and timezone', () => {
  const kernel = {
    unsync: true,
    statusBits: ['UNSYNC'],
    offsetSeconds: 0,
    frequencyPpm: 0,
    maxErrorSeconds: 0.1,
    estErrorSeconds: 0,
    taiOffsetSeconds: 0,
    clocksource: null,
  };
  const one = (
    facts: Partial<NodeFacts>,
    more: Partial<ClusterPolicy> = {},
    spec: Partial<NodeSpec> = {},
  ): readonly string[] =>
    codes(assess([...calm(), observed(testNode('x', spec), estimate(0, 0.001), facts)], more), 'x');

  test('each has its own reason', () => {
    expect(one({ daemons: [], sync: null })).toEqual(['no-daemon']);
    expect(one({ daemons: [running('chronyd'), running('ntpd')] })).toEqual(['several-daemons']);
    expect(one({ daemons: [running('chronyd')], sync: { ...synchronized, synchronized: false } })).toEqual([
      'not-synchronized',
    ]);
    expect(one({ kernel })).toEqual(['kernel-unsync-rtcsync']);
    const conf = (content: string): Partial<NodeFacts> => ({
      kernel,
      configFiles: [{ path: '/etc/chrony/chrony.conf', content, truncated: false }],
    });
    expect(one(conf('pool p\n#rtcsync\n'))).toEqual(['kernel-unsync-rtcsync']);
    // Whose clock was set a moment ago, or whose error bound is large.
    expect(one(conf('pool p\nrtcsync\n'))).toEqual(['kernel-unsync']);
    expect(one({ kernel, sync: { ...synchronized, daemon: 'systemd-timesyncd' } })).toEqual([
      'kernel-unsync',
    ]);
    expect(one({ sync: { ...synchronized, referenceOffset: estimate(-0.5, 0.01) } })).toEqual([
      'reference-offset',
    ]);
  });

  test('a chronyd that leaves the clock alone vouches for nothing', () => {
    expect(one({ kernel, daemons: [running('systemd-timesyncd')] })).toEqual([
      'daemon-leaves-clock',
      'kernel-unsync',
    ]);
    expect(one({ daemons: [running('chronyd')] })).toEqual([]);
  });

  test('a node that serves another time than it has is told both, and judged by its clock', () => {
    const clock = (at: bigint, source: 'ntp' | 'ssh', seconds: number): Reading => ({
      source,
      target: source,
      at,
      tookSeconds: 0,
      result: {
        ok: true,
        facts: {
          ...noFacts,
          sync: synchronized,
          clock: {
            offset: estimate(seconds, 0.001),
            delaySeconds: null,
            stampedBy: 'process',
            samples: 1,
          },
        },
      },
    });
    for (const ahead of [40, -40]) {
      const readings = [clock(3n, 'ntp', ahead), clock(2n, 'ssh', 0), clock(1n, 'ntp', ahead)];
      const assessment = assess([...calm(), mergeReadings(testNode('x'), readings, 3n, () => 60)]);
      expect(codes(assessment, 'x')).toEqual(['serves-other-time']);
      const [found] = assessment.nodes.find(({ node }) => node.name === 'x')?.reasons ?? [];
      expect(found?.evidence.offsetSeconds).toBeCloseTo(ahead, 6);
    }
  });

  test('a timezone is held against the policy, the node’s own wish first', () => {
    const timezone = { name: 'UTC', utcOffsetSeconds: 0, localtime: 'link', conflictingName: null } as const;
    expect(one({ timezone }, { timezone: 'Asia/Shanghai' })).toEqual(['timezone-policy']);
    expect(one({ timezone }, { timezone: 'Asia/Shanghai' }, { timezone: 'UTC' })).toEqual([]);
    expect(one({ timezone: { ...timezone, localtime: 'broken', name: null } })).toEqual(['localtime-broken']);
  });

  test('a node which follows somebody else than intended is told, where that can be known', () => {
    const following = (...servers: string[]): Partial<ClusterPolicy> => ({
      nodes: [testNode('x')],
      timesync: timesyncFollowing(servers),
    });
    expect(one({}, following('10.9.9.9'))).toEqual(['unintended-source']);
    expect(one({}, following('10.9.9.9', '10.0.0.1'))).toEqual([]);
    // An address may well be that of the name in the policy.
    expect(one({}, following('ntp.example.org'))).toEqual([]);
    // The name of a node hides none: its address is known.
    const inside = { ...timesyncFollowing(['server']), upstreams: ['10.9.9.9'], allow: ['10.0.0.0/8'] };
    const nodes = [testNode('x'), testNode('server', { address: '10.0.0.7' })];
    expect(one({}, { nodes, timesync: inside })).toEqual(['unintended-source']);
  });
});

describe('the cluster as a whole', () => {
  const controlPlane = (name: string, seconds: number): NodeObservation =>
    observed(testNode(name, { roles: ['control-plane'] }), estimate(seconds, 0.001));

  test('two control-plane nodes 62 s apart are critical though each is within 35 s of the median', () => {
    const assessment = assess([controlPlane('p', 31), controlPlane('q', -31), ...calm()]);
    expect(assessment.verdict).toBe('critical');
    expect(assessment.reasons[0]?.code).toBe('control-plane-spread');
    expect(assessment.controlPlaneSpread?.seconds).toBeCloseTo(62, 6);
    expect(assessment.headline.en).toContain('p is 62 s ahead of q');
  });

  test('when all nodes stand apart from this machine, this machine is the odd one and no node is blamed', () => {
    const assessment = assess([...calm(-7), observed(testNode('d'), estimate(-7, 0.001))]);
    expect(assessment.verdict).toBe('ok');
    expect(assessment.reasons.map((reason) => reason.code)).toEqual(['collector-odd']);
  });

  test('unless the reference stands by this machine: then the cluster is off', () => {
    const wrong = calm(-7);
    const byReference = assess(wrong, { reference: 'ntp1' }, estimate(0, 0.001));
    expect(byReference.reasons.map((reason) => reason.code)).toEqual(['reference-cluster']);
    const withThem = assess(wrong, { reference: 'ntp1' }, estimate(-7, 0.001));
    expect(withThem.reasons.map((reason) => reason.code)).toEqual(['collector-odd']);
  });

  test('a lone clock is not called right where nothing tells whether it is synchronized', () => {
    const lone = assess([observed(testNode('a'), estimate(0, 0.001), { sync: null })]);
    expect(lone.verdict).toBe('undetermined');
    expect(codes(lone, 'a')).toEqual(['sync-unknown']);
    const timedatectl = {
      systemClockSynchronized: true,
      ntpService: null,
      timezone: null,
      rtcInLocalTz: null,
    } as const;
    const told = observed(testNode('a'), estimate(0, 0.001), { sync: null, timedatectl });
    expect(assess([told]).verdict).toBe('ok');
    expect(assess([observed(testNode('a'), estimate(0, 0.001))]).verdict).toBe('ok');
  });

  test('a named reference judges the whole cluster, and its absence is not good news', () => {
    const withReference = { reference: 'ntp.example.org' };
    expect(assess(calm(5), withReference, estimate(0, 0.01)).reasons.map((reason) => reason.code)).toContain(
      'reference-cluster',
    );
    expect(assess(calm(0), withReference, estimate(0, 0.01)).verdict).toBe('ok');
    expect(assess(calm(0), withReference, null).verdict).toBe('undetermined');
    const alone = assess(calm(5).slice(0, 1), withReference, estimate(0, 0.01));
    expect(alone.median).toBeNull();
    expect(alone.fromReference?.seconds).toBe(5);
  });

  test('the good news states what is proven', () => {
    expect(assess(calm()).headline.en).toBe(
      'The cluster is one in time: all 3 nodes within 2 ms of the median.',
    );
    expect(assess(calm()).headline['zh-CN']).toContain('2 ms');
  });
});
