/**
 * Ten thousand nodes: the observing loop of `clockwarden serve` (source, judgement, history written to SQLite) with each
 * network source in a process of its own. CPU as a share of one core, and resident memory.
 *
 *     sudo npx node bench/fleet.ts [--json] [--nodes 10000] [--rounds 3]
 *
 * The nodes are made by a local generator and one real chronyd, in a network namespace. Screens are measured elsewhere.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createSources } from '@clockwarden/adapters/registry';
import { cryptoRandom } from '@clockwarden/adapters/round';
import { openStore } from '@clockwarden/adapters/store';
import { createTimeBase } from '@clockwarden/adapters/time-base';
import {
  type ClusterPolicy,
  defaultLimits,
  defaultSources,
  type SourcesConfig,
} from '@clockwarden/core/policy';
import { ClusterLoop } from '@clockwarden/server/loop';
import { startChronyd } from '@clockwarden/testkit/daemons';
import { createNamespace } from '@clockwarden/testkit/namespace';
import { launch, runOrThrow } from '@clockwarden/testkit/process';
import { waitFor } from '@clockwarden/testkit/wait';
import { EXPORTER_PORT, nodeAddress, nodeName, PROMETHEUS_PORT } from './fleet-generator.ts';

const fleets = {
  prometheus: {
    prometheus: {
      ...defaultSources.prometheus,
      url: `http://127.0.0.1:${PROMETHEUS_PORT}`,
      intervalSeconds: 15,
    },
  },
  ntp: { ntp: { ...defaultSources.ntp, intervalSeconds: 15 } },
  'node-exporter': {
    nodeExporter: {
      ...defaultSources.nodeExporter,
      port: EXPORTER_PORT,
      intervalSeconds: 60,
      timeoutSeconds: 20,
    },
  },
} as const satisfies Record<string, SourcesConfig>;
type FleetName = keyof typeof fleets;

const MOST_SHARE = 0.5;
const MOST_MEBIBYTES = 400;

interface Row {
  readonly source: FleetName;
  readonly intervalSeconds: number;
  readonly judged: number;
  /** Of one core. */
  readonly share: number;
  readonly mebibytes: number;
  readonly met: boolean;
}

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    nodes: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
    /** Inside: measure this one and print a row. */
    inside: { type: 'string' },
  },
});
const nodes = Number(options.nodes);

function intervalOf(name: FleetName): number {
  const [config] = Object.values(fleets[name]);
  return config?.intervalSeconds ?? Number.NaN;
}

function policyFor(name: FleetName, path: string): ClusterPolicy {
  return {
    name: 'bench',
    nodes: Array.from({ length: nodes }, (_, index) => ({
      name: nodeName(index),
      address: nodeAddress(index),
      roles: ['worker'],
      ssh: {},
      origin: 'bench',
    })),
    timezone: null,
    limits: defaultLimits,
    reference: null,
    sources: fleets[name],
    history: { path, rawHours: 48, rollupDays: 90, maxBytes: 2 ** 31 },
    console: { host: '127.0.0.1', port: 0, allowedHosts: [] },
  };
}

/** The peak of resident memory, in MiB. proc(5): VmHWM. */
function peakMebibytes(): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
}

async function measure(name: FleetName): Promise<Row> {
  const scratch = mkdtempSync(join(tmpdir(), 'clockwarden-bench-'));
  const policy = policyFor(name, join(scratch, 'history.db'));
  const store = await openStore(policy.history);
  const loop = new ClusterLoop({
    policy,
    sources: createSources(policy),
    timeBase: createTimeBase(),
    random: cryptoRandom,
    store,
    onBug: (what, error) => console.error(what, error),
  });
  try {
    await loop.start();
    const judged = (): number => loop.rows.filter((row) => row.offset !== null).length;
    await waitFor(() => judged() >= nodes * 0.99, {
      what: 'the first round',
      deadlineMs: 180_000,
      everyMs: 200,
      evidence: () => `${judged()} of ${nodes} judged`,
    });
    const intervalSeconds = intervalOf(name);
    const [before, started] = [process.cpuUsage(), performance.now()];
    await sleep(intervalSeconds * Number(options.rounds) * 1000);
    const { user, system } = process.cpuUsage(before);
    const share = (user + system) / 1e6 / ((performance.now() - started) / 1000);
    const mebibytes = peakMebibytes();
    const met = share <= MOST_SHARE && mebibytes <= MOST_MEBIBYTES;
    return { source: name, intervalSeconds, judged: judged(), share, mebibytes, met };
  } finally {
    await loop.stop();
    await store.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function measureAll(): Promise<Row[]> {
  await using namespace = await createNamespace();
  await using chronyd = await startChronyd({
    namespace: namespace.name,
    address: '0.0.0.0',
    config: ['local stratum 1', 'allow'],
  });
  const generator = fileURLToPath(new URL('./fleet-generator.ts', import.meta.url));
  await using all = launch(process.execPath, [generator, String(nodes)], { namespace: namespace.name });
  await waitFor(() => all.log().includes('ready'), { what: 'the generator', evidence: all.log });
  const rows: Row[] = [];
  for (const name of Object.keys(fleets)) {
    if (options.only !== undefined && options.only !== name) continue;
    const self = fileURLToPath(import.meta.url);
    const args = [self, '--inside', name, '--nodes', String(nodes), '--rounds', options.rounds];
    const output = await runOrThrow(process.execPath, args, {
      namespace: chronyd.namespace,
      timeoutMs: 900_000,
    });
    rows.push(JSON.parse(output) as Row);
  }
  return rows;
}

function print(rows: readonly Row[]): void {
  const line = (...cells: string[]): void => console.log(`| ${cells.join(' | ')} |`);
  line(
    `${nodes} nodes by`,
    'every',
    'judged',
    `CPU of a core (≤ ${MOST_SHARE * 100} %)`,
    `memory (≤ ${MOST_MEBIBYTES} MiB)`,
    'met',
  );
  line('---', '---', '---', '---', '---', '---');
  for (const { source, intervalSeconds, judged, share, mebibytes, met } of rows) {
    const percent = `${(share * 100).toFixed(1)} %`;
    line(
      source,
      `${intervalSeconds} s`,
      String(judged),
      percent,
      `${mebibytes.toFixed(0)} MiB`,
      met ? 'met' : 'not met',
    );
  }
}

if (options.inside !== undefined) {
  console.log(JSON.stringify(await measure(options.inside as FleetName)));
  process.exit(0);
}
const rows = await measureAll();
if (options.json) console.log(JSON.stringify(rows, null, 2));
else print(rows);
