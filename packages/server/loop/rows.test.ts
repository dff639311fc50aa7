import { assessCluster } from '@clockwarden/core/assess';
import { mergeReadings, type NodeFacts, noFacts } from '@clockwarden/core/observe';
import { createDemoCluster } from '@clockwarden/testkit/demo-cluster';
import { expect, test } from 'vitest';
import { rowOf } from './rows.ts';

const { policy } = createDemoCluster({ nodes: 1 });

/** `synchronized` of the row of a node of which only these facts are known. */
function synchronizedBy(facts: Partial<NodeFacts>): boolean | null | undefined {
  const observations = policy.nodes.map((node) =>
    mergeReadings(
      node,
      [
        {
          source: 'node-exporter',
          target: 'test',
          at: 0n,
          tookSeconds: 0,
          result: { ok: true, facts: { ...noFacts, ...facts } },
        },
      ],
      0n,
      () => 60,
    ),
  );
  const [assessed] = assessCluster(policy, observations, 0n).nodes;
  return assessed && rowOf(assessed, null, 0n).synchronized;
}

const kernel = {
  unsync: false,
  statusBits: null,
  offsetSeconds: 0,
  frequencyPpm: 0,
  maxErrorSeconds: 0.01,
  estErrorSeconds: 0,
  taiOffsetSeconds: 0,
  clocksource: null,
};

test('Time Sync comes from the kernel where no daemon was heard, and from nothing where nothing tells', () => {
  expect(synchronizedBy({ kernel })).toBe(true);
  expect(synchronizedBy({ kernel: { ...kernel, unsync: true } })).toBe(false);
  expect(synchronizedBy({})).toBeNull();
});
