/**
 * The ntp source against `chronyd -Q` (iburst) and `ntpdate -q`: one chronyd on loopback serves all of them, so the truth is
 * 0 and every offset is an error. Then what it costs to ask thousands of nodes.
 *
 *     sudo npx node bench/ntp.ts [--json] [--bursts 1000] [--runs 8] [--nodes 10000]
 *
 * Busy: this process computes for 20 ms, rests for 1 ms, and so on, while it measures.
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { createNtpSource } from '@clockwarden/adapters/ntp';
import { createTimeBase } from '@clockwarden/adapters/time-base';
import type { NodeSpec } from '@clockwarden/core/inventory';
import type { Reading } from '@clockwarden/core/observe';
import { chronydQuery, ntpdate, startChronyd } from '@clockwarden/testkit/daemons';
import { createNamespace, enterNamespace } from '@clockwarden/testkit/namespace';

interface Row {
  readonly name: string;
  readonly load: 'idle' | 'busy';
  readonly runs: number;
  /** Of |offset|, in microseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** Median of one burst of 8, in milliseconds. */
  readonly tookMs: number;
  /** p99 / chronyd -Q's max under the same load; null for the others. */
  readonly ratio: number | null;
  readonly met: boolean | null;
}

interface Fleet {
  readonly nodes: number;
  readonly answered: number;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  /** Of one core, when asked every 15 s. */
  readonly share: number;
  readonly met: boolean;
}

const INTERVAL_SECONDS = 15;
const MOST_SHARE = 0.5;

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    bursts: { type: 'string', default: '1000' },
    runs: { type: 'string', default: '8' },
    nodes: { type: 'string', default: '10000' },
  },
});

const timeBase = createTimeBase();
const random = { bytes: (count: number) => new Uint8Array(randomBytes(count)) };
const context = { timeBase, random, signal: new AbortController().signal };
const source = () => createNtpSource({ port: 123, samples: 8, timeoutSeconds: 5, intervalSeconds: 15 });

function node(address: string): NodeSpec {
  return { name: address, address, roles: [], ssh: {}, origin: 'bench' };
}

/** One measurement: the offset in seconds, and how long it took in milliseconds. */
type Measure = () => Promise<{ readonly offset: number; readonly tookMs: number }>;

async function ours(ntp: ReturnType<typeof source>): Promise<{ offset: number; tookMs: number }> {
  const readings: Reading[] = [];
  await ntp.collect([node('127.0.0.1')], context, (_, reading) => readings.push(reading));
  const [reading] = readings;
  if (!reading?.result.ok || reading.result.facts.clock === null) throw new Error('no reading');
  return { offset: reading.result.facts.clock.offset.seconds, tookMs: reading.tookSeconds * 1e3 };
}

async function oneShot(run: ReturnType<typeof chronydQuery>): Promise<{ offset: number; tookMs: number }> {
  const { offsetSeconds, elapsedMs, stderr } = await run;
  if (offsetSeconds === undefined) throw new Error(stderr);
  return { offset: offsetSeconds, tookMs: elapsedMs };
}

async function measured(name: string, load: Row['load'], runs: number, measure: Measure): Promise<Row> {
  const errors: number[] = [];
  const times: number[] = [];
  for (let count = 0; count < runs; count += 1) {
    const { offset, tookMs } = await measure();
    errors.push(Math.abs(offset) * 1e6);
    times.push(tookMs);
  }
  const [p50, p99, max] = [0.5, 0.99, 1].map((share) => quantile(errors, share)) as [number, number, number];
  return { name, load, runs, p50, p99, max, tookMs: quantile(times, 0.5), ratio: null, met: null };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

async function underLoad(load: Row['load'], work: () => Promise<Row[]>): Promise<Row[]> {
  if (load === 'idle') return work();
  let going = true;
  const burn = (): void => {
    const until = performance.now() + 20;
    while (performance.now() < until);
    if (going) setTimeout(burn, 1);
  };
  burn();
  try {
    return await work();
  } finally {
    going = false;
  }
}

async function compare(load: Row['load'], namespace: string): Promise<Row[]> {
  const ntp = source();
  try {
    await ours(ntp);
    const [bursts, runs] = [Number(options.bursts), Number(options.runs)];
    const rows = [
      await measured('clockwarden, 8 samples', load, bursts, () => ours(ntp)),
      await measured('chronyd -Q, iburst', load, runs, () =>
        oneShot(chronydQuery('server 127.0.0.1 iburst', { namespace })),
      ),
      await measured('ntpdate -q', load, runs, () => oneShot(ntpdate('127.0.0.1', namespace))),
    ];
    const chronyMax = rows[1]?.max ?? Number.NaN;
    return rows.map((row, index) =>
      index === 0 ? { ...row, ratio: row.p99 / chronyMax, met: row.p99 <= chronyMax } : row,
    );
  } finally {
    await ntp.close();
  }
}

/** One round over many nodes; all of them are the one chronyd, by other names. */
async function fleet(count: number): Promise<Fleet> {
  const nodes = Array.from({ length: count }, (_, index) => node(`127.80.${index >> 8}.${index & 255}`));
  const ntp = source();
  try {
    await ours(ntp);
    const started = performance.now();
    const before = process.cpuUsage();
    let answered = 0;
    await ntp.collect(nodes, context, (_, reading) => {
      if (reading.result.ok) answered += 1;
    });
    const { user, system } = process.cpuUsage(before);
    const cpuSeconds = (user + system) / 1e6;
    const share = cpuSeconds / INTERVAL_SECONDS;
    const wallSeconds = (performance.now() - started) / 1e3;
    return { nodes: count, answered, wallSeconds, cpuSeconds, share, met: share <= MOST_SHARE };
  } finally {
    await ntp.close();
  }
}

function print(rows: readonly Row[], many: Fleet): void {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  console.log(
    line([
      'NTP, loopback, error in µs',
      'load',
      'runs',
      'p50',
      'p99',
      'max',
      'burst ms',
      'p99 / chronyd max',
      'goal ≤ 1',
    ]),
  );
  console.log(line(Array.from({ length: 9 }, () => '---')));
  for (const row of rows) {
    const numbers = [row.p50, row.p99, row.max].map((value) => value.toFixed(2));
    const goal = row.met === null ? '' : row.met ? 'met' : 'not met';
    const ratio = row.ratio === null ? '' : row.ratio.toFixed(2);
    console.log(line([row.name, row.load, String(row.runs), ...numbers, row.tookMs.toFixed(1), ratio, goal]));
  }
  console.log(
    `\n${many.answered} of ${many.nodes} nodes, 8 samples each: ${many.wallSeconds.toFixed(2)} s, ${many.cpuSeconds.toFixed(2)} s of CPU;` +
      ` every ${INTERVAL_SECONDS} s that is ${(many.share * 100).toFixed(0)} % of a core (goal ≤ ${MOST_SHARE * 100} %: ${many.met ? 'met' : 'not met'})`,
  );
}

await using namespace = await createNamespace();
const leave = enterNamespace(namespace.name);
try {
  await using server = await startChronyd({
    namespace: namespace.name,
    address: '0.0.0.0',
    config: ['local stratum 1', 'allow'],
  });
  void server;
  const rows = [
    ...(await underLoad('idle', () => compare('idle', namespace.name))),
    ...(await underLoad('busy', () => compare('busy', namespace.name))),
  ];
  const many = await fleet(Number(options.nodes));
  if (options.json) console.log(JSON.stringify({ ntp: rows, fleet: many }, null, 2));
  else print(rows, many);
} finally {
  leave();
}
