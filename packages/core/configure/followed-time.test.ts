import { testNode, testPolicy } from '@clockwarden/testkit/policy';
import { describe, expect, test } from 'vitest';
import type { QueriedServer } from '../ntp/index.ts';
import { mergeReadings, type NodeObservation, noFacts, type SyncState } from '../observe/index.ts';
import { type ClusterPolicy, defaultTimesync, type TimesyncConfig } from '../policy/index.ts';
import { text } from '../text/index.ts';
import { estimate } from '../time/index.ts';
import { type ClusterDesign, designCluster } from './design.ts';
import { followedOffset, followedTime, islandLeader, type Measured } from './followed-time.ts';

const upstreams = ['192.168.9.1', '192.168.9.2', '192.168.9.3'];
const nodes = [
  testNode('s1', { address: '10.0.0.9', roles: ['control-plane'] }),
  testNode('s2', { address: '10.0.0.10', roles: ['control-plane'] }),
  testNode('c1', { address: '10.0.0.20' }),
];
const base: TimesyncConfig = { ...defaultTimesync, mode: 'chrony', allow: ['10.0.0.0/24'] };

function designOf(more: Partial<TimesyncConfig>): ClusterDesign {
  const timesync = { ...base, ...more };
  const policy: ClusterPolicy = testPolicy({ nodes, timesync });
  return designCluster(policy, timesync);
}
const hierarchy = designOf({ upstreams, servers: ['s1', 's2'] });
const island = designOf({ topology: 'island', servers: ['s1', 's2'] });

/** A server of stratum 2 that is `ahead` of the collector. */
const answer = (ahead: number, more: { synchronized?: boolean } = {}): QueriedServer => ({
  ok: true,
  measured: {
    clock: { offset: estimate(ahead, 0.001), delaySeconds: 0.002, stampedBy: 'kernel', samples: 4 },
    at: 0n,
    asked: 4,
    rateLimited: false,
    report: {
      version: 4,
      leap: more.synchronized === false ? 'unsynchronized' : 'normal',
      stratum: more.synchronized === false ? 0 : 2,
      refId: null,
      refIdAddress: null,
      rootDelaySeconds: 0,
      rootDispersionSeconds: 0.001,
      rootDistanceSeconds: 0.001,
      precisionSeconds: 1e-6,
      referenceAgeSeconds: 8,
      synchronized: more.synchronized !== false,
      freeRunning: false,
    },
  },
});
const silent: QueriedServer = {
  ok: false,
  failure: { code: 'unreachable', text: text('no answer', '无应答') },
};

function observed(
  name: string,
  clock: number | null,
  sync: Partial<SyncState> | null = null,
): NodeObservation {
  const node = nodes.find((one) => one.name === name) ?? testNode(name);
  const facts = {
    ...noFacts,
    clock:
      clock === null
        ? null
        : ({
            offset: estimate(clock, 0.003),
            delaySeconds: 0,
            stampedBy: 'node-command',
            samples: 8,
          } as const),
    sync:
      sync === null
        ? null
        : {
            synchronized: true,
            daemon: 'chronyd' as const,
            stratum: 3,
            source: '192.168.9.1',
            refId: 'C0A80901',
            leap: 'normal' as const,
            rootDelaySeconds: 0,
            rootDispersionSeconds: 0,
            rootDistanceSeconds: 0.001,
            referenceOffset: estimate(0, 0.001),
            ...sync,
          },
  };
  const reading = {
    source: 'ssh',
    target: name,
    at: 0n,
    tookSeconds: 0,
    result: { ok: true, facts },
  } as const;
  return mergeReadings(node, [reading], 0n, () => 60);
}

function measured(told: readonly QueriedServer[], observations: readonly NodeObservation[]): Measured {
  return {
    upstreams: new Map(told.map((one, index) => [upstreams[index] ?? '', one])),
    observations: new Map(observations.map((one) => [one.node.name, one])),
    now: 0n,
  };
}

function offsetOf(name: string, cluster: ClusterDesign, found: Measured): number | string {
  const design = cluster.nodes.find(({ node }) => node.name === name);
  if (design === undefined) throw new Error(name);
  const followed = followedOffset(design, cluster, found);
  return followed.known ? Number(followed.offset.seconds.toFixed(6)) : followed.code;
}

describe('a node that follows upstreams, itself or through servers', () => {
  test.each([90, -90])('is %d s off where they say so', (off) => {
    const found = measured(
      [answer(5), answer(5), answer(5)],
      [observed('s1', 5 + off), observed('c1', 5 + off)],
    );
    expect(offsetOf('s1', hierarchy, found)).toBe(off);
    expect(offsetOf('c1', hierarchy, found)).toBe(off);
  });

  test('a liar is outvoted and named', () => {
    const found = measured([answer(0), answer(0), answer(10)], [observed('s1', 1)]);
    expect(offsetOf('s1', hierarchy, found)).toBe(1);
    const [design] = hierarchy.nodes;
    const time = design && followedTime(design, hierarchy, found, { ownWord: false });
    expect(time?.known === true && time.falsetickers).toEqual(['192.168.9.3']);
  });

  test('two that contradict each other are a disagreement, for timesyncd one liar is enough', () => {
    const two = measured([answer(0), answer(10), silent], [observed('s1', 1)]);
    expect(offsetOf('s1', hierarchy, two)).toBe('sources-disagree');
    const direct = designOf({ upstreams, topology: 'direct', mode: 'timesyncd' });
    const three = measured([answer(0), answer(0), answer(10)], [observed('c1', 1)]);
    expect(offsetOf('c1', direct, three)).toBe('sources-disagree');
    // Whether it is right can be told all the same.
    const own = direct.nodes.find(({ node }) => node.name === 'c1');
    const time = own && followedTime(own, direct, three, { ownWord: false });
    expect(time?.known === true && Math.abs(time.time.seconds)).toBe(0);
  });

  test('what is not synchronized itself has no say', () => {
    const found = measured([answer(10, { synchronized: false }), answer(0), silent], [observed('s1', 1)]);
    expect(offsetOf('s1', hierarchy, found)).toBe(1);
  });

  test('where they are out of reach the servers that follow them are asked, then its own daemon', () => {
    const servers = [observed('s1', 7, { referenceOffset: estimate(2, 0.001) }), observed('c1', 15)];
    expect(offsetOf('c1', hierarchy, measured([silent, silent, silent], servers))).toBe(10);
    const own = [observed('c1', 15, { referenceOffset: estimate(4, 0.001) })];
    expect(offsetOf('c1', hierarchy, measured([], own))).toBe(4);
    expect(offsetOf('c1', hierarchy, measured([], [observed('c1', 15)]))).toBe('no-source');
  });

  test('a server of the cluster that follows nobody outside is no witness', () => {
    for (const lost of [{ refId: '7F7F0101' }, { stratum: 11 }, { synchronized: false }]) {
      expect(offsetOf('c1', hierarchy, measured([], [observed('s1', 7, lost), observed('c1', 15)]))).toBe(
        'no-source',
      );
    }
  });

  test('a clock that nobody read is not called right', () => {
    expect(offsetOf('c1', hierarchy, measured([answer(0)], [observed('c1', null)]))).toBe('no-clock');
  });
});

describe('an island', () => {
  test('follows the server with the smallest address, as a number', () => {
    expect(islandLeader(island)).toBe('s1');
    expect(islandLeader(hierarchy)).toBeNull();
    const found = measured([], [observed('s1', 100), observed('s2', 0), observed('c1', 90)]);
    expect(['s1', 's2', 'c1'].map((name) => offsetOf(name, island, found))).toEqual([0, -100, -10]);
  });

  test('whose leader cannot be read tells no time', () => {
    expect(offsetOf('c1', island, measured([], [observed('c1', 90)]))).toBe('no-source');
  });
});
