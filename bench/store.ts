/**
 * The history: a million samples written through the store's port, the latest of all nodes, a week of one node.
 *
 *     npx node bench/store.ts [--json] [--nodes 10000]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openStore } from '@clockwarden/adapters/store';
import type { HistorySample, HistoryStore } from '@clockwarden/core/ports';

interface Goal {
  readonly name: string;
  readonly value: number;
  readonly unit: 's' | 'ms' | 'MiB';
  readonly goal: number | null;
  readonly ratio: number | null;
  readonly met: boolean | null;
}

const { values: options } = parseArgs({
  options: { json: { type: 'boolean', default: false }, nodes: { type: 'string', default: '10000' } },
});
const nodes = Number(options.nodes);
const ROWS = 1_000_000;
const EVERY_SECONDS = 60;
const WEEK_ROWS = (7 * 86_400) / EVERY_SECONDS;
/** A multiple of 900. */
const T0 = 1_800_000_000;
/** As many as the store takes at once. */
const TURN = 50_000;
const RUNS = 15;

function sample(node: string, at: number, seed: number): HistorySample {
  const seconds = Math.sin(seed) * 1e-3;
  return {
    node,
    at,
    offset: { seconds, low: seconds - 1.2e-4, high: seconds + 1.2e-4 },
    frequencyPpm: Math.cos(seed) * 20,
    reach: 255,
    status: 'ok',
  };
}

/** A week of one node, then all nodes minute by minute, in the order in which they would come. */
function* samples(): Generator<HistorySample> {
  const start = T0 - 7 * 86_400;
  for (let row = 0; row < WEEK_ROWS; row += 1) yield sample('week', start + row * EVERY_SECONDS, row);
  for (let row = 0; row < ROWS - WEEK_ROWS; row += 1) {
    yield sample(`node-${row % nodes}`, T0 + Math.floor(row / nodes) * EVERY_SECONDS, row);
  }
}

async function insert(store: HistoryStore): Promise<{ readonly seconds: number; readonly cpu: number }> {
  const turns: HistorySample[][] = [];
  for (const one of samples()) {
    if ((turns.at(-1)?.length ?? TURN) >= TURN) turns.push([]);
    turns.at(-1)?.push(one);
  }
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  for (const turn of turns) {
    store.write({ samples: turn });
    await store.flush();
  }
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - startedAt) / 1000, cpu: (user + system) / 1e6 };
}

/** Median of several runs, in milliseconds. */
async function timed(action: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const startedAt = performance.now();
    await action();
    times.push(performance.now() - startedAt);
  }
  return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? Number.NaN;
}

function row(name: string, value: number, unit: Goal['unit'], goal: number | null): Goal {
  const ratio = goal === null ? null : value / goal;
  return { name, value, unit, goal, ratio, met: ratio === null ? null : ratio <= 1 };
}

const scratch = mkdtempSync(join(tmpdir(), 'clockwarden-bench-store-'));
try {
  const path = join(scratch, 'history.sqlite');
  const store = await openStore({ path, rawHours: 24 * 30, rollupDays: 90, maxBytes: 2 ** 32 });
  const inserted = await insert(store);
  const latest = await timed(async () => {
    const all = await store.latest();
    if (all.length < Math.min(nodes, ROWS - WEEK_ROWS)) throw new Error(`only ${all.length} nodes`);
  });
  const week = (points: number) => () => store.history('week', T0 - 7 * 86_400, T0, points);
  const raw = await timed(week(20_000));
  const shown = await timed(week(1_500));
  const { bytes } = store.status();
  await store.close();
  const goals = [
    row('write 1,000,000 samples, rolled up on the way', inserted.seconds, 's', 6),
    row('CPU of that, both threads', inserted.cpu, 's', null),
    row(`the latest of ${nodes} nodes`, latest, 'ms', 15),
    row(`7 days of one node, all ${WEEK_ROWS} samples`, raw, 'ms', null),
    row('7 days of one node, as the console draws them', shown, 'ms', 5),
    row('size of the file', bytes / 2 ** 20, 'MiB', null),
  ];
  if (options.json) console.log(JSON.stringify({ goals }, null, 2));
  else print(goals);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function print(goals: readonly Goal[]): void {
  const line = (...cells: string[]): void => console.log(`| ${cells.join(' | ')} |`);
  line('history', 'value', 'goal', 'ratio', 'met');
  line('---', '---', '---', '---', '---');
  for (const { name, value, unit, goal, ratio, met } of goals) {
    line(
      name,
      `${value.toFixed(value < 100 ? 2 : 0)} ${unit}`,
      goal === null ? '' : `≤ ${goal} ${unit}`,
      ratio?.toFixed(2) ?? '',
      met === null ? '' : met ? 'met' : 'not met',
    );
  }
}
