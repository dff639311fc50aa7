/**
 * `clockwarden serve` over a large cluster: its share of one core, its memory, and how long a reading takes to a console.
 * prometheus and ntp every 15 s, node-exporter every 60 s, from a local generator; history is written.
 *
 *     npx node bench/cluster.ts [--json] [--nodes 10000] [--seconds 60]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { ClusterPage, StreamEvent } from '@clockwarden/api/console';
import { launch, type Running } from '@clockwarden/testkit/process';
import { waitFor } from '@clockwarden/testkit/wait';
import { bundleCommand } from './bundle.ts';

interface Goal {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal: number | null;
  readonly ratio: number | null;
  readonly met: boolean | null;
}

interface Ports {
  readonly ntp: number;
  readonly exporter: number;
  readonly prometheus: number;
}

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    nodes: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '60' },
  },
});
const nodes = Number(options.nodes);
const seconds = Number(options.seconds);
/** A whole round of the slowest source. */
const WARM_UP_SECONDS = 70;
const scratch = mkdtempSync(join(tmpdir(), 'clockwarden-bench-cluster-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));

function startGenerator(): Promise<{ readonly ports: Ports; stop(): void }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'cluster-generator.ts'), `${nodes}`], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) =>
      reject(new Error(`the generator ended with ${code}; is \`ulimit -n\` above ${nodes}?`)),
    );
    child.once('message', (ports: Ports) => resolve({ ports, stop: () => child.kill() }));
  });
}

function writeConfig(ports: Ports): string {
  const address = (number: number): string =>
    `127.${1 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`;
  const hosts = Array.from({ length: nodes }, (_, index) => `n${index} ansible_host=${address(index + 1)}`);
  const controlPlane = hosts.slice(0, 3).map((line) => line.split(' ')[0]);
  writeFileSync(
    join(scratch, 'hosts'),
    ['[kube_node]', ...hosts, '', '[kube_master]', ...controlPlane, ''].join('\n'),
  );
  const file = join(scratch, 'clockwarden.yaml');
  const config = {
    name: 'bench',
    inventory: 'hosts',
    sources: {
      ntp: { port: ports.ntp, interval: '15s' },
      prometheus: { url: `http://127.0.0.1:${ports.prometheus}`, interval: '15s' },
      'node-exporter': { port: ports.exporter, interval: '60s' },
    },
    history: { path: 'history.sqlite' },
  };
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(config));
  return file;
}

/** As it is shipped: run from source, the type stripping alone takes a hundred MiB. */
async function startServer(config: string): Promise<{ readonly server: Running; readonly url: string }> {
  const args = [
    await bundleCommand(),
    '--config',
    config,
    '--lang',
    'en',
    'serve',
    '--listen',
    '127.0.0.1:0',
  ];
  const server = launch(process.execPath, ['--max-semi-space-size=4', ...args], {
    env: { NODE_OPTIONS: '' },
  });
  const url = await waitFor(() => /http:\S+/.exec(server.log())?.[0], {
    deadlineMs: 60_000,
    what: 'the server',
    evidence: server.log,
  });
  return { server, url };
}

/** User and system time of a process so far, all threads. proc(5): fields 14 and 15, in hundredths of a second. */
function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function memoryOf(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
}

interface Watch {
  /** Seconds from the moment for which a clock reading is true to its row's arrival here. */
  readonly latencies: readonly number[];
  readonly bytes: number;
}

/** A console that only reads: from each row that a new reading made, how old that reading is when the row is here. */
async function watchStream(url: string, signal: AbortSignal): Promise<Watch> {
  const latencies: number[] = [];
  let bytes = 0;
  let publishedAt = 0;
  let waiting = '';
  const seen = new Map<string, number>();
  const decoder = new TextDecoder();
  const take = ({ event, data }: StreamEvent): void => {
    if (event === 'cluster') publishedAt = Date.parse(data.at) / 1000;
    if (event !== 'rows') return;
    const arrivedAt = Date.now() / 1000;
    for (const { name, ageSeconds, clock } of data.rows) {
      // What Prometheus scraped is old when it is asked for it.
      if (ageSeconds === null || clock?.source === 'prometheus') continue;
      const readAt = publishedAt - ageSeconds;
      // Rows are sent for other reasons too; only a reading that is new here counts.
      if (readAt - (seen.get(name) ?? readAt) > 0.1) latencies.push(arrivedAt - readAt);
      seen.set(name, readAt);
    }
  };
  try {
    const response = await fetch(new URL('/api/v1/stream', url), { signal });
    for await (const chunk of response.body ?? []) {
      bytes += (chunk as Uint8Array).length;
      waiting += decoder.decode(chunk as Uint8Array, { stream: true });
      const parts = waiting.split('\n\n');
      waiting = parts.pop() ?? '';
      for (const part of parts) {
        const match = /^event: (.*)\ndata: (.*)$/.exec(part);
        if (match !== null) take({ event: match[1], data: JSON.parse(match[2] ?? '') } as StreamEvent);
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return { latencies, bytes };
}

async function wholePage(url: string): Promise<{ readonly ms: number; readonly page: ClusterPage }> {
  const startedAt = performance.now();
  const page = (await (await fetch(new URL('/api/v1/cluster', url))).json()) as ClusterPage;
  return { ms: performance.now() - startedAt, page };
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function row(name: string, value: number, unit: string, goal: number | null): Goal {
  const ratio = goal === null ? null : value / goal;
  return { name, value, unit, goal, ratio, met: ratio === null ? null : ratio <= 1 };
}

async function measure(url: string, pid: number): Promise<readonly Goal[]> {
  await sleep(WARM_UP_SECONDS * 1000);
  const abort = new AbortController();
  const watching = watchStream(url, abort.signal);
  const cpu = cpuOf(pid);
  const startedAt = performance.now();
  await sleep(seconds * 1000);
  const share = ((cpuOf(pid) - cpu) / ((performance.now() - startedAt) / 1000)) * 100;
  abort.abort();
  const { latencies, bytes } = await watching;
  const memory = memoryOf(pid, 'VmRSS');
  const peak = memoryOf(pid, 'VmHWM');
  const { ms, page } = await wholePage(url);
  for (const round of page.status.rounds) {
    console.error(
      `${round.source}: ${round.answered} answered, ${round.failed} failed, ${round.tookSeconds?.toFixed(1)} s`,
    );
  }
  const sorted = [...latencies].sort((a, b) => a - b);
  return [
    row('CPU of one core', share, '%', 50),
    row('resident memory', memory, 'MiB', 400),
    row('resident memory, highest', peak, 'MiB', null),
    row('from a reading to the console, median', quantile(sorted, 0.5), 's', null),
    row('from a reading to the console, 99 of 100', quantile(sorted, 0.99), 's', 1),
    row('readings that reached the console each second', sorted.length / seconds, '/s', null),
    row('live stream', bytes / seconds / 1024, 'KiB/s', null),
    row('the whole page: GET /api/v1/cluster', ms, 'ms', null),
  ];
}

function print(goals: readonly Goal[]): void {
  const line = (...cells: string[]): void => console.log(`| ${cells.join(' | ')} |`);
  line(`${nodes} nodes`, 'value', 'goal', 'ratio', 'met');
  line('---', '---', '---', '---', '---');
  for (const { name, value, unit, goal, ratio, met } of goals) {
    const shown = `${value.toFixed(value < 10 ? 2 : 0)} ${unit}`;
    line(
      name,
      shown,
      goal === null ? '' : `≤ ${goal} ${unit}`,
      ratio?.toFixed(2) ?? '',
      met === null ? '' : met ? 'met' : 'not met',
    );
  }
}

const generator = await startGenerator();
try {
  const { server, url } = await startServer(writeConfig(generator.ports));
  try {
    const goals = await measure(url, server.pid);
    if (options.json) console.log(JSON.stringify({ nodes, goals }, null, 2));
    else print(goals);
  } finally {
    await server.stop();
  }
} finally {
  generator.stop();
}
