import type { NodeSpec } from '@clockwarden/core/inventory';
import { noFacts, type Reading } from '@clockwarden/core/observe';
import { estimate, nanosecondsOf } from '@clockwarden/core/time';
import { createDemoCluster } from '@clockwarden/testkit/demo-cluster';
import { expect, test } from 'vitest';
import { Observations } from './observations.ts';
import { staleAfter } from './pace.ts';
import { ReadingTable } from './reading-table.ts';

const NODES = 2_000;
const { policy: small } = createDemoCluster({ nodes: 3 });
const nodes = Array.from(
  { length: NODES },
  (_, index): NodeSpec => ({
    name: `n${index}`,
    address: `n${index}`,
    roles: ['worker'],
    ssh: {},
    origin: 'test',
  }),
);
const policy = { ...small, nodes };

function readingAt(seconds: number): Reading {
  const clock = { offset: estimate(0, 0.001), delaySeconds: null, stampedBy: 'kernel', samples: 8 } as const;
  const result = { ok: true, facts: { ...noFacts, clock } } as const;
  return { source: 'ntp', target: 'test', at: nanosecondsOf(seconds), tookSeconds: 0, result };
}

const nobody = (): boolean => false;

test('a node that was read is observed anew, most others are not', () => {
  const table = new ReadingTable();
  const observations = new Observations(policy, table);
  const first = observations.at(nanosecondsOf(1), nobody);
  const [node] = nodes.slice(-1);
  if (node === undefined) throw new Error('there are nodes');
  table.record(node, readingAt(1.1));
  const second = observations.at(nanosecondsOf(1.2), (name) => name === node.name);
  expect(second.at(-1)?.facts.clock?.source).toBe('ntp');
  expect(second.filter((one, index) => one === first[index]).length).toBeGreaterThan(NODES / 2);
});

test('silence shows within seconds, however many nodes there are and however seldom they are looked at', () => {
  for (const every of [0.2, 2.9]) {
    const table = new ReadingTable();
    const observations = new Observations(policy, table);
    for (const node of nodes) table.record(node, readingAt(0));
    const end = staleAfter(policy, 'ntp');
    let known = observations.at(nanosecondsOf(end - 1), nobody);
    expect(known.every(({ facts }) => facts.clock !== null)).toBe(true);
    for (let now = end + 0.1; now < end + 5 + 2 * every; now += every) {
      known = observations.at(nanosecondsOf(now), nobody);
    }
    expect(known.filter(({ facts }) => facts.clock !== null)).toEqual([]);
  }
});
