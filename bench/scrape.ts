/**
 * Scraping: CPU per 1,000 scrapes of a real node_exporter. Clockwarden's whole observing loop (node-exporter source,
 * judgement, history written to SQLite) against a real Prometheus that scrapes the same targets at the same interval; and
 * what the exporter itself spends with and without `collect[]`.
 *
 *     npx node bench/scrape.ts [--json] [--targets 40] [--seconds 25]
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createNodeExporterSource } from '@clockwarden/adapters/node-exporter';
import { cryptoRandom } from '@clockwarden/adapters/round';
import { openStore } from '@clockwarden/adapters/store';
import { createTimeBase } from '@clockwarden/adapters/time-base';
import { type ClusterPolicy, defaultLimits, defaultSources } from '@clockwarden/core/policy';
import { ClusterLoop } from '@clockwarden/server/loop';
import {
  type HttpDaemon,
  type ScrapeJob,
  startNodeExporter,
  startPrometheus,
} from '@clockwarden/testkit/daemons';

interface Phase {
  readonly name: string;
  readonly scrapes: number;
  /** CPU seconds per 1,000 scrapes. */
  readonly scraperCpu: number | null;
  readonly exporterCpu: number;
}

interface Goal {
  readonly name: string;
  readonly ratio: number;
  readonly goal: number | null;
  readonly met: boolean | null;
}

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    targets: { type: 'string', default: '40' },
    seconds: { type: 'string', default: '25' },
  },
});
const targets = Number(options.targets);
const seconds = Number(options.seconds);
const WARM_UP_SECONDS = 10;
const INTERVAL_SECONDS = 1;

/** User and system time of a process so far. proc(5): fields 14 and 15, in hundredths of a second. */
function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function ask(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    }).on('error', reject);
  });
}

const agent = new Agent({ keepAlive: true });

async function pagesServed(exporter: HttpDaemon): Promise<number> {
  const page = await ask(`${exporter.url}/metrics?collect[]=time`, agent);
  return Number(/^promhttp_metric_handler_requests_total\{code="200"\} (\S+)$/m.exec(page)?.[1]);
}

/** Measures while something else scrapes. */
async function measure(
  name: string,
  exporter: HttpDaemon,
  scraperCpu: (() => number) | null,
): Promise<Phase> {
  await sleep(WARM_UP_SECONDS * 1000);
  const [pages, exporterBefore, scraperBefore] = [
    await pagesServed(exporter),
    cpuOf(exporter.pid),
    scraperCpu?.() ?? 0,
  ];
  await sleep(seconds * 1000);
  const [exporterAfter, scraperAfter] = [cpuOf(exporter.pid), scraperCpu?.() ?? 0];
  const scrapes = (await pagesServed(exporter)) - pages - 1;
  const perThousand = (cpu: number): number => (cpu / scrapes) * 1000;
  return {
    name,
    scrapes,
    scraperCpu: scraperCpu === null ? null : perThousand(scraperAfter - scraperBefore),
    exporterCpu: perThousand(exporterAfter - exporterBefore),
  };
}

async function byPrometheus(name: string, exporter: HttpDaemon, more: Partial<ScrapeJob>): Promise<Phase> {
  const jobs = Array.from(
    { length: targets },
    (_, index): ScrapeJob => ({
      job: `node-${index}`,
      targets: [`127.0.0.1:${exporter.port}`],
      labels: { node: `n${index}` },
      intervalSeconds: INTERVAL_SECONDS,
      ...more,
    }),
  );
  await using prometheus = await startPrometheus({ jobs });
  return await measure(name, exporter, () => cpuOf(prometheus.pid));
}

function policyFor(exporter: HttpDaemon, path: string): ClusterPolicy {
  return {
    name: 'bench',
    nodes: Array.from({ length: targets }, (_, index) => ({
      name: `n${index}`,
      address: '127.0.0.1',
      roles: ['worker'],
      ssh: {},
      origin: 'bench',
    })),
    timezone: null,
    limits: defaultLimits,
    reference: null,
    sources: {
      nodeExporter: {
        ...defaultSources.nodeExporter,
        port: exporter.port,
        intervalSeconds: INTERVAL_SECONDS,
        timeoutSeconds: INTERVAL_SECONDS,
      },
    },
    history: { path, rawHours: 48, rollupDays: 90, maxBytes: 2 ** 31 },
    console: { host: '127.0.0.1', port: 0, allowedHosts: [] },
  };
}

/** The loop of `clockwarden serve` in this process, which does nothing else meanwhile. */
async function byClockwarden(exporter: HttpDaemon): Promise<Phase> {
  const scratch = mkdtempSync(join(tmpdir(), 'clockwarden-bench-'));
  const policy = policyFor(exporter, join(scratch, 'history.db'));
  const { nodeExporter } = policy.sources;
  if (nodeExporter === undefined) throw new Error('no source');
  const store = await openStore(policy.history);
  const loop = new ClusterLoop({
    policy,
    sources: [createNodeExporterSource(nodeExporter)],
    timeBase: createTimeBase(),
    random: cryptoRandom,
    store,
    onBug: (what, error) => console.error(what, error),
  });
  try {
    await loop.start();
    const cpu = (): number => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    };
    const phase = await measure('Clockwarden, collect[], judged, history written', exporter, cpu);
    await store.flush();
    const written = await store.latest();
    if (written.length !== targets) throw new Error(`history has ${written.length} nodes of ${targets}`);
    return phase;
  } finally {
    await loop.stop();
    await store.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Full pages to the same kind of client: what `collect[]` saves the exporter. */
async function fullPages(exporter: HttpDaemon): Promise<Phase> {
  const asking = setInterval(() => {
    for (let count = 0; count < targets; count += 1)
      void ask(`${exporter.url}/metrics`, agent).catch(() => null);
  }, INTERVAL_SECONDS * 1000);
  try {
    return await measure('the same client, full pages', exporter, null);
  } finally {
    clearInterval(asking);
  }
}

function goalsOf(prometheus: Phase, lean: Phase, ours: Phase, full: Phase): Goal[] {
  const goal = (name: string, value: number, against: number, most: number | null): Goal => {
    const ratio = value / against;
    return { name, ratio, goal: most, met: most === null ? null : ratio <= most };
  };
  const cpu = ours.scraperCpu ?? Number.NaN;
  return [
    goal('scraper CPU / Prometheus', cpu, prometheus.scraperCpu ?? Number.NaN, 0.25),
    goal('scraper CPU / Prometheus with collect[] and keep rules', cpu, lean.scraperCpu ?? Number.NaN, null),
    goal('exporter CPU, collect[] / full pages to the same client', ours.exporterCpu, full.exporterCpu, 0.2),
    goal('exporter CPU, ours / under Prometheus', ours.exporterCpu, prometheus.exporterCpu, null),
  ];
}

function print(phases: readonly Phase[], goals: readonly Goal[]): void {
  const line = (...cells: string[]): void => console.log(`| ${cells.join(' | ')} |`);
  line('CPU seconds per 1,000 scrapes', 'scrapes', 'scraper', 'exporter');
  line('---', '---', '---', '---');
  for (const { name, scrapes, scraperCpu, exporterCpu } of phases) {
    line(name, String(scrapes), scraperCpu?.toFixed(3) ?? '', exporterCpu.toFixed(3));
  }
  console.log();
  line('ratio', 'value', 'goal', 'met');
  line('---', '---', '---', '---');
  for (const { name, ratio, goal, met } of goals) {
    line(
      name,
      ratio.toFixed(2),
      goal === null ? '' : `≤ ${goal}`,
      met === null ? '' : met ? 'met' : 'not met',
    );
  }
}

await using exporter = await startNodeExporter();
const keep = [{ source_labels: ['__name__'], regex: 'node_(timex|time|boot|os|uname).*', action: 'keep' }];
const prometheus = await byPrometheus('Prometheus, full pages', exporter, {});
const lean = await byPrometheus('Prometheus, collect[] and keep rules', exporter, {
  params: { 'collect[]': ['time', 'timex'] },
  metricRelabelConfigs: keep,
});
const full = await fullPages(exporter);
const ours = await byClockwarden(exporter);
agent.destroy();
const phases = [prometheus, lean, full, ours];
const goals = goalsOf(prometheus, lean, ours, full);
if (options.json) console.log(JSON.stringify({ phases, goals }, null, 2));
else print(phases, goals);
