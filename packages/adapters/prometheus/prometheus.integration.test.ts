/** A real Prometheus 2.42 scrapes a real node_exporter through a proxy that moves its clock by known amounts. */
import { createTimeBase } from '@clockwarden/adapters/time-base';
import type { NodeSpec } from '@clockwarden/core/inventory';
import type { Reading } from '@clockwarden/core/observe';
import { defaultSources } from '@clockwarden/core/policy';
import { contains, type MonotonicInstant, secondsOf } from '@clockwarden/core/time';
import {
  type HttpDaemon,
  type ScrapeJob,
  startNodeExporter,
  startPrometheus,
} from '@clockwarden/testkit/daemons';
import { type ExporterProxy, startExporterProxy } from '@clockwarden/testkit/exporter-proxy';
import { waitFor } from '@clockwarden/testkit/wait';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cryptoRandom } from '../round/index.ts';
import { systemClock } from '../system/index.ts';
import { createPrometheusSource } from './index.ts';

const timeBase = createTimeBase();
const wallClock = systemClock('realtime');
const SHIFTS = [0, 0.05, -0.05, 1, -1, 31, -31, 121, -121, 86_400, -86_400, 0.2, -0.2, 5, -5, 500];

function node(name: string): NodeSpec {
  return { name, address: '10.0.0.1', roles: [], ssh: {}, origin: 'test' };
}

const nodes = SHIFTS.map((_, index) => node(`n${index}`));

let exporter: HttpDaemon;
let proxy: ExporterProxy;
let prometheus: HttpDaemon;
beforeAll(async () => {
  exporter = await startNodeExporter();
  proxy = await startExporterProxy(exporter.url);
  const jobs = SHIFTS.map(
    (ahead, index): ScrapeJob => ({
      job: `shifted-${index}`,
      targets: [`127.0.0.1:${proxy.port}`],
      labels: { node: `n${index}` },
      intervalSeconds: 0.3,
      params: { 'collect[]': ['time', 'timex', 'os', 'uname', 'stat'], ahead: [String(ahead)] },
    }),
  );
  const gone: ScrapeJob = {
    job: 'gone',
    targets: ['127.0.0.1:1'],
    labels: { node: 'gone' },
    intervalSeconds: 0.3,
  };
  prometheus = await startPrometheus({ jobs: [...jobs, gone] });
});
afterAll(async () => {
  await prometheus?.stop();
  await proxy?.stop();
  await exporter?.stop();
});

function wallClockAhead(): number {
  if (wallClock === null) throw new Error('no C library');
  const before = timeBase.monotonic();
  return secondsOf(wallClock() - timeBase.instantAt(before));
}

async function read(wanted: readonly NodeSpec[]): Promise<Map<string, Reading>> {
  const source = createPrometheusSource({ ...defaultSources.prometheus, url: prometheus.url });
  const readings = new Map<string, Reading>();
  const context = { timeBase, random: cryptoRandom, signal: new AbortController().signal };
  await source.collect(wanted, context, ({ name }, reading) => readings.set(name, reading));
  await source.close();
  return readings;
}

test('a thousand samples hold the truth, and none is wider than a scrape may take', async () => {
  const seen = new Map<string, MonotonicInstant>();
  let count = 0;
  const lies: string[] = [];
  /** A scrape that times out on a busy machine takes kernel and host with it; but each node has been seen whole. */
  const whole = new Set<string>();
  await waitFor(
    async () => {
      const readings = await read(nodes);
      for (const [index, ahead] of SHIFTS.entries()) {
        const name = `n${index}`;
        const reading = readings.get(name);
        if (reading === undefined || !reading.result.ok) continue;
        const { clock, kernel, host } = reading.result.facts;
        const last = seen.get(name);
        // The same scrape asked twice is one sample.
        if (clock === null || (last !== undefined && secondsOf(reading.at - last) < 0.1)) continue;
        seen.set(name, reading.at);
        const truth = ahead + wallClockAhead();
        const { low, high } = clock.offset;
        if (!contains(clock.offset, truth)) lies.push(`${truth} not in [${low}, ${high}]`);
        if (high - low > 1) lies.push(`[${low}, ${high}] is wider than any scrape took`);
        if (kernel?.statusBits && host?.osName) whole.add(name);
        count += 1;
      }
      return count >= 1_000;
    },
    { what: 'a thousand samples', deadlineMs: 100_000, everyMs: 100, evidence: () => `${count} so far` },
  );
  expect(lies).toEqual([]);
  expect(whole.size).toBe(SHIFTS.length);
});

test('a node that cannot be scraped, and one that nobody knows, have no data', async () => {
  const readings = await read([node('gone'), node('nobody')]);
  for (const name of ['gone', 'nobody']) {
    expect(readings.get(name)?.result).toMatchObject({ ok: false, failure: { code: 'no-data' } });
  }
});

test("a selector that is no PromQL is the operator's mistake", async () => {
  const source = createPrometheusSource({
    ...defaultSources.prometheus,
    url: prometheus.url,
    selector: 'job=',
  });
  const readings: Reading[] = [];
  const context = { timeBase, random: cryptoRandom, signal: new AbortController().signal };
  await source.collect([node('n0')], context, (_, reading) => readings.push(reading));
  await source.close();
  expect(readings[0]?.result).toMatchObject({ ok: false, failure: { code: 'unsupported' } });
});
