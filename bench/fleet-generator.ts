/** Ten thousand nodes out of nothing, for bench/fleet.ts: their exporters, and a Prometheus that scrapes them. */
import { createServer } from 'node:http';

export const EXPORTER_PORT = 9100;
export const PROMETHEUS_PORT = 9090;

export function nodeName(index: number): string {
  return `node-${index}.example.net`;
}

/** 127.80.0.0 and on: loopback, so one process is all of them. */
export function nodeAddress(index: number): string {
  return `127.80.${index >> 8}.${index & 255}`;
}

/** As node_exporter 1.5 with collect[]=time&collect[]=timex, without the comments. */
function page(): string {
  return [
    'node_time_clocksource_current_info{clocksource="tsc",device="0"} 1',
    `node_time_seconds ${(performance.timeOrigin + performance.now()) / 1000}`,
    'node_timex_estimated_error_seconds 0.000012',
    'node_timex_frequency_adjustment_ratio 1.0000105',
    'node_timex_maxerror_seconds 0.0015',
    'node_timex_offset_seconds 0',
    'node_timex_status 8193',
    'node_timex_sync_status 1',
    'node_timex_tai_offset_seconds 37',
    '',
  ].join('\n');
}

/** The labels that the Prometheus operator gives. */
function labels(index: number): Record<string, string> {
  return {
    container: 'node-exporter',
    endpoint: 'https',
    instance: `${nodeAddress(index)}:${EXPORTER_PORT}`,
    job: 'node-exporter',
    namespace: 'monitoring',
    node: nodeName(index),
    pod: `node-exporter-${index.toString(36)}`,
    service: 'node-exporter',
  };
}

const SCRAPED_BEFORE_SECONDS = 7;

function partsOf(query: string, at: number, index: number): Readonly<Record<string, number>> {
  if (query.includes('clockwarden_part')) {
    const excess = 0.005 + ((index % 100) - 50) / 1e4;
    return { excess, stamp: at - SCRAPED_BEFORE_SECONDS, duration: 0.01 };
  }
  return { '': query.startsWith('node_timex_status') ? 8193 : 1 };
}

function reply(query: string, at: number, nodes: number): unknown {
  if (query === 'time()') return { resultType: 'scalar', result: [at, String(at)] };
  const known = query.startsWith('chrony_') ? 0 : nodes;
  const result = Array.from({ length: known }, (_, index) =>
    Object.entries(partsOf(query, at, index)).map(([part, value]) => ({
      metric: { ...labels(index), ...(part !== '' && { clockwarden_part: part }) },
      value: [at, String(value)],
    })),
  ).flat();
  return { resultType: 'vector', result };
}

function serve(nodes: number): void {
  createServer((_, response) => response.end(page())).listen(EXPORTER_PORT, '0.0.0.0');
  const prometheus = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://prometheus');
    const at = Number(searchParams.get('time') ?? Date.now() / 1000);
    const data = reply(searchParams.get('query') ?? '', at, nodes);
    response.end(JSON.stringify({ status: 'success', data }));
  });
  prometheus.listen(PROMETHEUS_PORT, '127.0.0.1', () => console.log('ready'));
}

if (import.meta.main) serve(Number(process.argv[2]));
