/**
 * CPU of one judgement of a large cluster: every node anew, against only those of which something is new, in turns in one
 * process. Three sources a node; 500 nodes were read since the last judgement, a fifth of a second ago.
 *
 *     npx node --max-semi-space-size=4 bench/judge.ts [--json] [--nodes 10000] [--runs 60]
 */
import { parseArgs } from 'node:util';
import { assessCluster, ClusterJudge } from '@clockwarden/core/assess';
import type { NodeSpec } from '@clockwarden/core/inventory';
import { mergeReadings, type NodeFacts, noFacts, type SourceKind } from '@clockwarden/core/observe';
import { estimate } from '@clockwarden/core/time';
import { createDemoCluster } from '@clockwarden/testkit/demo-cluster';
import { Observations } from '../packages/server/loop/observations.ts';
import { staleAfter } from '../packages/server/loop/pace.ts';
import { ReadingTable } from '../packages/server/loop/reading-table.ts';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    nodes: { type: 'string', default: '10000' },
    runs: { type: 'string', default: '60' },
  },
});
const READ_AT_ONCE = 500;
const PAUSE_NS = 200_000_000n;
/** Until the code is compiled and the nodes are spread over their turns. */
const WARM_UP_RUNS = 30;

const nodes = Array.from(
  { length: Number(options.nodes) },
  (_, index): NodeSpec => ({
    name: `n${index}`,
    address: `n${index}`,
    roles: [index < 3 ? 'control-plane' : 'worker'],
    ssh: {},
    origin: 'bench',
  }),
);
const policy = { ...createDemoCluster({ nodes: 3 }).policy, nodes, timezone: null };
const stale = (source: SourceKind): number => staleAfter(policy, source);

const kernel: NodeFacts['kernel'] = {
  unsync: false,
  statusBits: ['PLL'],
  offsetSeconds: 0,
  frequencyPpm: 10,
  maxErrorSeconds: 0.004,
  estErrorSeconds: 0,
  taiOffsetSeconds: 37,
  clocksource: null,
};

/** A cluster's readings, which go on in turn at each call. */
function createReadings(): { readonly table: ReadingTable; readSome(now: bigint): ReadonlySet<string> } {
  const table = new ReadingTable();
  const record = (index: number, source: SourceKind, at: bigint, bound: number): void => {
    const node = nodes[index];
    if (node === undefined) return;
    const offset = estimate(((index * 7_919) % 4_000) * 1e-6 - 0.002, bound);
    const clock = { offset, delaySeconds: 2 * bound, stampedBy: 'process', samples: 1 } as const;
    const facts = { ...noFacts, clock, kernel: source === 'ntp' ? null : kernel };
    table.record(node, { source, target: source, at, tookSeconds: 0.01, result: { ok: true, facts } });
  };
  for (const index of nodes.keys()) {
    record(index, 'ntp', 0n, 1e-4);
    record(index, 'node-exporter', 0n, 2e-3);
    record(index, 'prometheus', 0n, 9e-3);
  }
  let next = 0;
  return {
    table,
    readSome: (now) => {
      const read = new Set<string>();
      for (let count = 0; count < READ_AT_ONCE; count++) {
        record(next, 'ntp', now, 1e-4);
        read.add(`n${next}`);
        next = (next + 1) % nodes.length;
      }
      return read;
    },
  };
}

function createWhole(): (now: bigint) => number {
  const { table, readSome } = createReadings();
  return (now) => {
    readSome(now);
    return cpuOf(() => {
      const observations = nodes.map((node) =>
        mergeReadings(node, table.forMerge(node.name, now, stale), now, stale),
      );
      assessCluster(policy, observations, now);
    });
  };
}

function createPartial(): (now: bigint) => number {
  const { table, readSome } = createReadings();
  const observations = new Observations(policy, table);
  const judge = new ClusterJudge(policy);
  return (now) => {
    const read = readSome(now);
    return cpuOf(() =>
      judge.assess(
        observations.at(now, (name) => read.has(name)),
        now,
      ),
    );
  };
}

/** Milliseconds of CPU of this thread. */
function cpuOf(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

const kinds = { 'every node anew': createWhole(), 'nodes read since, and 400 in turn': createPartial() };
const times = new Map<string, number[]>(Object.keys(kinds).map((name) => [name, []]));
let now = 0n;
for (let run = -WARM_UP_RUNS; run < Number(options.runs); run++) {
  now += PAUSE_NS;
  for (const [name, judge] of Object.entries(kinds)) {
    const cpu = judge(now);
    if (run >= 0) times.get(name)?.push(cpu);
  }
}
const rows = [...times].map(([name, list]) => {
  list.sort((a, b) => a - b);
  return { name, leastMs: list[0] ?? Number.NaN, medianMs: list[list.length >> 1] ?? Number.NaN };
});
if (options.json) console.log(JSON.stringify({ nodes: nodes.length, rows }, null, 2));
else {
  console.log(`| one judgement of ${nodes.length} nodes, CPU | least of ${options.runs} | median |`);
  console.log('| --- | --- | --- |');
  for (const { name, leastMs, medianMs } of rows) {
    console.log(`| ${name} | ${leastMs.toFixed(1)} ms | ${medianMs.toFixed(1)} ms |`);
  }
}
