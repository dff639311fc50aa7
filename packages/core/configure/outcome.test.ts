import { testNode, testPolicy } from '@clockwarden/testkit/policy';
import { describe, expect, test } from 'vitest';
import { assessCluster } from '../assess/index.ts';
import {
  type ChronySource,
  type ChronyTracking,
  mergeReadings,
  type NodeFacts,
  noFacts,
  type Reading,
} from '../observe/index.ts';
import { type ClusterPolicy, defaultTimesync } from '../policy/index.ts';
import { text } from '../text/index.ts';
import { estimate } from '../time/index.ts';
import { designCluster } from './design.ts';
import { type NodeOutcome, type OutcomeEvidence, outcomeOf, timedOut } from './outcome.ts';

const nodes = [
  testNode('s1', { address: '10.0.0.1', roles: ['control-plane'] }),
  testNode('c1', { address: '10.0.0.2' }),
  testNode('c2', { address: '10.0.0.3' }),
];
const timesync = {
  ...defaultTimesync,
  mode: 'chrony' as const,
  upstreams: ['192.168.9.1', '192.168.9.2', '192.168.9.3'],
  servers: ['s1'],
  allow: ['10.0.0.0/24'],
};
const policy = testPolicy({ nodes, timesync });
const island: ClusterPolicy = { ...policy, timesync: { ...timesync, topology: 'island', upstreams: [] } };

const source = (address: string, more: Partial<ChronySource> = {}): ChronySource => ({
  name: address,
  address,
  mode: 'server',
  state: 'selected',
  stratum: 2,
  poll: 6,
  reach: 0o377,
  lastSampleAgeSeconds: 3,
  adjustedOffsetSeconds: 0,
  measuredOffsetSeconds: 0,
  errorSeconds: 0.001,
  ...more,
});

const tracking = (more: Partial<ChronyTracking> = {}): ChronyTracking => ({
  refId: '0A000001',
  refName: '10.0.0.1',
  stratum: 4,
  leap: 'normal',
  referenceTimeSeconds: 1_700_000_000,
  systemOffsetSeconds: 0,
  lastOffsetSeconds: 0,
  rmsOffsetSeconds: 0,
  frequencyPpm: 0,
  residualFrequencyPpm: 0,
  skewPpm: 0,
  rootDelaySeconds: 0.001,
  rootDispersionSeconds: 0.001,
  updateIntervalSeconds: 64,
  ...more,
});

/** What a node that follows `followed` says; null: nobody. */
function following(
  followed: string | null,
  { sources, own = {} }: { sources?: readonly ChronySource[]; own?: Partial<ChronyTracking> } = {},
): Partial<NodeFacts> {
  const state = tracking({ refName: followed, ...own });
  const synchronized = state.leap === 'normal';
  return {
    daemons: [{ kind: 'chronyd', unit: 'chrony.service', running: true, enabled: true }],
    chrony: {
      tracking: state,
      sources: sources ?? (followed === null ? [] : [source(followed)]),
      sourceStats: null,
      activity: null,
    },
    sync: {
      synchronized,
      daemon: 'chronyd',
      stratum: synchronized ? state.stratum : null,
      source: followed,
      refId: state.refId,
      leap: state.leap,
      rootDelaySeconds: 0.001,
      rootDispersionSeconds: 0.001,
      rootDistanceSeconds: 0.0015,
      referenceOffset: estimate(state.systemOffsetSeconds, 0.0015),
    },
    kernel: {
      unsync: !synchronized,
      statusBits: null,
      offsetSeconds: 0,
      frequencyPpm: 0,
      maxErrorSeconds: 0.01,
      estErrorSeconds: 0,
      taiOffsetSeconds: 0,
      clocksource: null,
    },
  };
}

interface Case extends Partial<Omit<OutcomeEvidence, 'assessment' | 'design' | 'cluster'>> {
  readonly name?: string;
  readonly cluster?: ClusterPolicy;
  readonly facts?: Partial<NodeFacts>;
  readonly clock?: number | null;
}

const right = { time: estimate(0, 0.002), by: ['192.168.9.1'], falsetickers: [] };

function outcome({ name = 'c1', cluster = policy, facts, clock = 0, ...more }: Case): NodeOutcome {
  const design = designCluster(cluster, cluster.timesync ?? timesync);
  const own = design.nodes.find(({ node }) => node.name === name);
  if (own === undefined) throw new Error(name);
  const result: Reading['result'] =
    facts === undefined
      ? {
          ok: false,
          failure: { code: 'unreachable', text: text('ssh c1: no answer', 'ssh c1：无应答') },
        }
      : {
          ok: true,
          facts: {
            ...noFacts,
            clock:
              clock === null
                ? null
                : { offset: estimate(clock, 0.005), delaySeconds: 0, stampedBy: 'node-command', samples: 8 },
            ...facts,
          },
        };
  const reading: Reading = { source: 'ssh', target: name, at: 0n, tookSeconds: 0.5, result };
  const observation = mergeReadings(own.node, [reading], 0n, () => 60);
  const [assessment] = assessCluster(cluster, [observation], 0n).nodes;
  if (assessment === undefined) throw new Error('nothing was assessed');
  return outcomeOf({
    design: own,
    cluster: design,
    assessment,
    missing: [],
    truth: right,
    disagreement: null,
    limitSeconds: 0.2,
    service: null,
    ptpPorts: null,
    ...more,
  });
}

const unsynced: Partial<ChronyTracking> = { leap: 'unsynchronized', stratum: 0, refId: '00000000' };

describe('a client', () => {
  test('is synchronized when it follows its server and an independent look agrees', () => {
    const found = outcome({ facts: following('10.0.0.1') });
    expect(found).toMatchObject({ outcome: 'synchronized', grade: 'good', waitsFor: null });
    expect(found.checks.every(({ holds }) => holds === true)).toBe(true);
  });

  test('is not believed where nobody reaches it, and says why', () => {
    const found = outcome({});
    expect(found).toMatchObject({ outcome: 'unreached', grade: 'unreached' });
    expect(found.waitsFor?.en).toBe('ssh c1: no answer');
  });

  test('whose files are others is not written, however well it follows', () => {
    const missing = [text('write /etc/chrony/chrony.conf', '写入 /etc/chrony/chrony.conf')];
    expect(outcome({ facts: following('10.0.0.1'), missing })).toMatchObject({
      outcome: 'not-written',
      grade: 'wrong',
    });
  });

  test('without a daemon is written and no more', () => {
    const daemons = [{ kind: 'chronyd', unit: 'chrony.service', running: false, enabled: true }] as const;
    expect(outcome({ facts: { ...following(null, { own: unsynced }), daemons } }).outcome).toBe('written');
  });

  test('with two daemons is contested', () => {
    const daemons = (['chronyd', 'ntpsec'] as const).map((kind) => ({
      kind,
      unit: null,
      running: true,
      enabled: true,
    }));
    expect(outcome({ facts: { ...following('10.0.0.1'), daemons } }).outcome).toBe('contested');
  });

  test('that nobody answers runs, and says whom it asks', () => {
    const sources = [source('10.0.0.1', { state: 'unusable', reach: 0, lastSampleAgeSeconds: null })];
    const found = outcome({ facts: following(null, { own: unsynced, sources }) });
    expect(found).toMatchObject({ outcome: 'running', grade: 'waiting', remainingSeconds: null });
    expect(found.waitsFor?.en).toContain('s1');
  });

  test('whose daemon says nothing runs, and no more is claimed', () => {
    const { daemons = null } = following('10.0.0.1');
    const found = outcome({ facts: { daemons } });
    expect(found).toMatchObject({ outcome: 'running', grade: 'waiting' });
    expect(found.waitsFor?.en).toBe('An answer of chronyd itself.');
  });

  test('in its first burst is reachable, and is ready in seconds', () => {
    const sources = [source('10.0.0.1', { state: 'unusable', reach: 0o3 })];
    const found = outcome({ facts: following(null, { own: unsynced, sources }) });
    expect(found).toMatchObject({ outcome: 'reachable', remainingSeconds: 4 });
  });

  test('that follows somebody else is wrong', () => {
    expect(outcome({ facts: following('10.9.9.9') })).toMatchObject({
      outcome: 'foreign-source',
      grade: 'wrong',
    });
  });

  test('whose daemon has lost its last selectable source is not synchronized, whatever it says', () => {
    const sources = [source('10.0.0.1', { state: 'jittery' })];
    expect(outcome({ facts: following('10.0.0.1', { sources }) }).outcome).toBe('reachable');
  });
});

describe('a clock that is off', () => {
  test.each([3, -3])('by %d s which its daemon slews is on its way, for 36 s', (off) => {
    const found = outcome({
      facts: following('10.0.0.1', { own: { systemOffsetSeconds: off } }),
      clock: off,
    });
    expect(found).toMatchObject({ outcome: 'reachable', grade: 'waiting' });
    expect(found.remainingSeconds).toBeCloseTo(36, 1);
  });

  test.each([10, -10])('by %d s of which its daemon knows nothing is contradicted', (off) => {
    expect(outcome({ facts: following('10.0.0.1'), clock: off })).toMatchObject({
      outcome: 'contradicted',
      grade: 'wrong',
    });
  });

  test('beyond the bound of the look itself proves nothing either way', () => {
    const coarse = { ...right, time: estimate(0, 5) };
    const found = outcome({ facts: following('10.0.0.1'), clock: 0.3, truth: coarse });
    expect(found.outcome).toBe('synchronized');
    expect(found.checks.find(({ code }) => code === 'clock')?.holds).toBeNull();
  });
});

test('a kernel that still calls the clock unsynchronized is waited for', () => {
  const facts = following('10.0.0.1');
  const kernel =
    facts.kernel === null || facts.kernel === undefined ? null : { ...facts.kernel, unsync: true };
  expect(outcome({ facts: { ...facts, kernel } })).toMatchObject({
    outcome: 'reachable',
    remainingSeconds: 64,
  });
});

describe('a server', () => {
  const service = { answersCollector: true, heardBy: [], silentTo: [], access: null };
  const facts = following('192.168.9.1', { own: { refId: 'C0A80901', stratum: 3 } });
  const access = {
    refused: [],
    allowed: ['c1'],
    unknown: [],
    stranger: { address: '192.0.2.1', served: false },
  };

  test('is synchronized when it gives an answer', () => {
    expect(outcome({ name: 's1', facts, service }).outcome).toBe('synchronized');
    expect(outcome({ name: 's1', facts, service: { ...service, access } }).outcome).toBe('synchronized');
  });

  test('that none of its clients hears is not done', () => {
    const silent = { ...service, answersCollector: false, silentTo: ['c1', 'c2'] };
    const found = outcome({ name: 's1', facts, service: silent });
    expect(found).toMatchObject({ outcome: 'reachable', grade: 'waiting' });
    expect(found.waitsFor?.en).toContain('UDP 123');
    // Nobody has asked yet: nothing is held against it.
    expect(outcome({ name: 's1', facts, service: { ...silent, silentTo: [] } }).outcome).toBe('synchronized');
  });

  test('of a client without an address it is said that nobody asked for it', () => {
    const found = outcome({
      name: 's1',
      facts,
      service: { ...service, access: { ...access, unknown: ['c3'] } },
    });
    expect(found.outcome).toBe('synchronized');
    expect(found.checks.find(({ code }) => code === 'access')).toMatchObject({
      holds: null,
      text: { en: expect.stringMatching(/1 of 2 clients.*serves c3 cannot be told/) },
    });
  });

  test.each([
    { ...access, refused: ['c2'] },
    { ...access, refused: ['c2'], unknown: ['c3'] },
    { ...access, stranger: { address: '192.0.2.1', served: true } },
  ])('that serves the wrong ones is wrong: %o', (wrong) => {
    expect(outcome({ name: 's1', facts, service: { ...service, access: wrong } })).toMatchObject({
      outcome: 'misserving',
      grade: 'wrong',
    });
  });
});

describe('a server that follows a PTP grandmaster', () => {
  const ptp = { interfaces: ['eth0'], domain: 24, transport: 'L2', program: 'ptp4l' } as const;
  const cluster: ClusterPolicy = { ...policy, timesync: { ...timesync, ptp } };
  const clock = (state: ChronySource['state']): ChronySource =>
    source('PHC0', { address: 'PHC0', mode: 'refclock', state, stratum: 0 });
  const ofPtp = (more: Omit<Case, 'name' | 'cluster'>): NodeOutcome =>
    outcome({ name: 's1', cluster, ptpPorts: ['SLAVE'], ...more });
  const steered = following('PHC0', {
    own: { refId: '50484330', stratum: 1 },
    sources: [clock('selected'), source('192.168.9.1', { state: 'combined' })],
  });
  const texts = ({ checks }: NodeOutcome): readonly string[] =>
    checks.flatMap(({ code, holds, text: words }) =>
      code === 'grandmaster' || code === 'hardware-clock' ? [`${holds} ${words.en}`] : [],
    );

  test('is synchronized when its ptp4l has one, and chronyd takes the time from its clock', () => {
    const found = ofPtp({ facts: steered });
    expect(found).toMatchObject({ outcome: 'synchronized', grade: 'good' });
    expect(texts(found)).toEqual([
      'true Its ptp4l follows a grandmaster.',
      'true chronyd follows the hardware clock (PHC0).',
    ]);
  });

  test.each([
    [
      ['LISTENING'],
      'Its ptp4l follows no grandmaster (LISTENING): is there one in domain 24, by L2?',
      '其 ptp4l 没有跟随主时钟(LISTENING)：域 24 中是否有使用 L2 的主时钟？',
    ],
    [
      ['UNCALIBRATED', 'PASSIVE'],
      'Its ptp4l has found a grandmaster and is not in step with it yet (UNCALIBRATED, PASSIVE).',
      '其 ptp4l 已发现主时钟，但尚未与其同步(UNCALIBRATED, PASSIVE)。',
    ],
    [[], 'No ptp4l answers there.', '该节点没有 ptp4l 应答。'],
  ])('is waited for while its ptp4l says %j, whatever chronyd reads off the clock', (ptpPorts, en, zh) => {
    const found = ofPtp({ facts: steered, ptpPorts });
    expect(found).toMatchObject({ outcome: 'reachable', grade: 'waiting', waitsFor: text(en, zh) });
  });

  test.each([
    [
      [source('192.168.9.1'), clock('falseticker')],
      'chronyd does not follow the hardware clock (PHC0: falseticker).',
    ],
    [[source('192.168.9.1')], 'chronyd has no hardware clock among its sources.'],
  ])('is waited for while chronyd follows somebody else', (sources, words) => {
    const found = ofPtp({ facts: following('192.168.9.1', { sources }) });
    expect(found).toMatchObject({ outcome: 'reachable', grade: 'waiting', waitsFor: { en: words } });
  });

  test('that could not be asked is not held up by that, and others are not asked', () => {
    expect(ofPtp({ facts: steered, ptpPorts: null }).outcome).toBe('synchronized');
    expect(texts(ofPtp({ facts: steered, ptpPorts: null }))[0]).toMatch(/^null /);
    expect(texts(outcome({ cluster, facts: following('10.0.0.1') }))).toEqual([]);
  });
});

describe('without a reference outside', () => {
  const own = { refId: '7F7F0101', refName: null, stratum: 10 };
  const leader = following(null, { own, sources: [source('192.168.9.1', { state: 'unusable', reach: 0 })] });
  const follower = following('10.0.0.1', { own: { stratum: 11 } });

  test('a hierarchy is local-only and waits for its upstreams', () => {
    const found = outcome({ name: 's1', facts: leader });
    expect(found).toMatchObject({ outcome: 'local-only', grade: 'waiting' });
    expect(found.waitsFor?.en).toContain('192.168.9.1');
    expect(outcome({ facts: follower })).toMatchObject({ outcome: 'local-only', grade: 'waiting' });
  });

  test('an island is local-only and is what it was meant to be', () => {
    expect(outcome({ name: 's1', cluster: island, facts: leader, truth: null })).toMatchObject({
      outcome: 'local-only',
      grade: 'good',
    });
    expect(outcome({ cluster: island, facts: follower })).toMatchObject({
      outcome: 'local-only',
      grade: 'good',
    });
  });
});

test('a liar among the upstreams is told of and takes nothing from the node', () => {
  const truth = { ...right, falsetickers: ['192.168.9.3'] };
  const found = outcome({ facts: following('10.0.0.1'), truth });
  expect(found.outcome).toBe('synchronized');
  expect(found.checks.find(({ code }) => code === 'upstreams')?.text.en).toContain('192.168.9.3');
});

test('nobody is called right while the upstreams contradict each other', () => {
  const disagreement = text('a and b contradict each other.', 'a 与 b 互相矛盾。');
  expect(outcome({ facts: following('10.0.0.1'), truth: null, disagreement })).toMatchObject({
    outcome: 'reachable',
    grade: 'waiting',
    waitsFor: disagreement,
  });
});

test('an adopted node follows whom it likes', () => {
  const overrides = new Map([['c1', { adopt: true }]]);
  const adopted = { ...policy, overrides };
  expect(outcome({ cluster: adopted, facts: following('10.9.9.9') }).outcome).toBe('synchronized');
});

test('a wait that ran out is called so, and never good', () => {
  const sources = [source('10.0.0.1', { state: 'unusable', reach: 0 })];
  const late = timedOut(outcome({ facts: following(null, { own: unsynced, sources }) }));
  expect(late).toMatchObject({ outcome: 'timed-out', stage: 'running', grade: 'waiting' });
  expect(timedOut(outcome({ facts: following('10.0.0.1') })).outcome).toBe('synchronized');
});
