import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTimeBase } from '@clockwarden/adapters/time-base';
import type { NodeSpec } from '@clockwarden/core/inventory';
import type { Reading } from '@clockwarden/core/observe';
import { defaultSources, type PrometheusConfig } from '@clockwarden/core/policy';
import type { Source, SourceContext } from '@clockwarden/core/ports';
import { contains } from '@clockwarden/core/time';
import { sourceContract } from '@clockwarden/testkit/contract';
import { waitFor } from '@clockwarden/testkit/wait';
import { afterEach, describe, expect, test } from 'vitest';
import { cryptoRandom } from '../round/index.ts';
import { createPrometheusSource } from './index.ts';

const timeBase = createTimeBase();
const context: SourceContext = { timeBase, random: cryptoRandom, signal: new AbortController().signal };
const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Scraped {
  readonly labels: Readonly<Record<string, string>>;
  /** How far the node's clock is ahead of this machine's. */
  readonly ahead: number;
  /** How long before the query it was scraped, and how long that took. */
  readonly age?: number;
  readonly duration?: number;
  readonly series?: Readonly<Record<string, number>>;
}

/** A Prometheus whose own clock may be anything. */
interface Invented {
  serverAhead: number;
  scraped: readonly Scraped[];
  /** Answers instead, when it wants to. */
  instead?: (query: string, response: ServerResponse) => boolean;
}

const queries: string[] = [];

async function serve(invented: Invented): Promise<string> {
  queries.length = 0;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://x');
    const query = url.searchParams.get('query') ?? '';
    queries.push(query);
    if (invented.instead?.(query, response)) return;
    const now = Math.floor(Date.now() + invented.serverAhead * 1000) / 1000;
    const at = Number(url.searchParams.get('time') ?? now);
    response.end(JSON.stringify({ status: 'success', data: answer(query, at, invented) }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function answer(query: string, at: number, { serverAhead, scraped }: Invented): unknown {
  if (query === 'time()') return { resultType: 'scalar', result: [at, String(at)] };
  const values = ({ ahead, age = 1, duration = 0.01, series = {} }: Scraped): Record<string, number> => {
    if (query.includes('clockwarden_part')) {
      return { excess: ahead - serverAhead + duration / 2, stamp: at - age, duration };
    }
    const value = series[query.split('{')[0] ?? ''];
    return value === undefined ? {} : { '': value };
  };
  const result = scraped.flatMap((one) =>
    Object.entries(values(one)).map(([part, value]) => ({
      metric: { ...one.labels, clockwarden_part: part },
      value: [at, String(value)],
    })),
  );
  return { resultType: 'vector', result };
}

function source(url: string, more: Partial<PrometheusConfig> = {}): Source {
  const created = createPrometheusSource({ ...defaultSources.prometheus, timeoutSeconds: 5, ...more, url });
  closing.push(() => created.close());
  return created;
}

function spec(name: string, address = name): NodeSpec {
  return { name, address, roles: [], ssh: {}, origin: 'test' };
}

async function read(from: Source, nodes: readonly NodeSpec[] = [spec('n1')]): Promise<readonly Reading[]> {
  const readings = new Map<NodeSpec, Reading>();
  await from.collect(nodes, context, (node, reading) => {
    if (readings.has(node)) throw new Error(`${node.name} twice`);
    readings.set(node, reading);
  });
  return nodes.map((node) => {
    const reading = readings.get(node);
    if (reading === undefined) throw new Error(`nothing of ${node.name}`);
    return reading;
  });
}

function clockOf(reading: Reading | undefined) {
  return reading?.result.ok === true ? reading.result.facts.clock : null;
}

const failureOf = (reading: Reading | undefined) =>
  reading?.result.ok === false ? reading.result.failure : null;
const n1 = { job: 'node', instance: 'n1:9100' };

describe('a node of a Prometheus server', () => {
  test.each([
    [31, 0],
    [-31, 0],
    [0.2, 100],
    [-0.2, -100],
  ])('%d s ahead, the server itself %d s: the interval holds the truth', async (ahead, serverAhead) => {
    const url = await serve({ serverAhead, scraped: [{ labels: n1, ahead }] });
    const [reading] = await read(source(url));
    const clock = clockOf(reading);
    expect(clock).toMatchObject({ stampedBy: 'scrape', delaySeconds: null });
    expect(clock !== null && contains(clock.offset, ahead)).toBe(true);
    expect((clock?.offset.high ?? 9) - (clock?.offset.low ?? 0)).toBeLessThan(
      0.02 + (reading?.tookSeconds ?? 0),
    );
  });

  test('the reading is as old as the scrape', async () => {
    const url = await serve({ serverAhead: 0, scraped: [{ labels: n1, ahead: 0, age: 42 }] });
    const [reading] = await read(source(url));
    const age = Number(timeBase.monotonic() - (reading?.at ?? 0n)) / 1e9;
    expect(age).toBeGreaterThan(41.9);
    expect(age).toBeLessThan(47);
  });

  test('kernel, host and chrony_exporter come along, by their own jobs', async () => {
    const url = await serve({
      serverAhead: 0,
      scraped: [
        {
          labels: { ...n1, id: 'debian', release: '6.1.0', nodename: 'n1' },
          ahead: 0,
          series: { node_timex_status: 64, node_timex_sync_status: 0, node_os_info: 1, node_uname_info: 1 },
        },
        {
          labels: { job: 'chrony', instance: 'n1:9123', tracking_refid: '0A000001' },
          ahead: Number.NaN,
          series: { chrony_tracking_stratum: 3, chrony_tracking_info: 1 },
        },
      ],
    });
    const from = source(url, { selector: '{job="node", env=~"a,b"}' });
    const [reading] = await read(from);
    expect(reading?.result).toMatchObject({
      ok: true,
      facts: {
        kernel: { unsync: true },
        host: { os: 'debian', kernel: '6.1.0' },
        sync: { synchronized: true, daemon: 'chronyd', stratum: 3, refId: '0A000001', leap: null },
      },
    });
    expect(queries).toContain('node_timex_status{job="node", env=~"a,b"}');
    expect(queries.find((query) => query.startsWith('chrony_tracking_stratum'))).toBe(
      'chrony_tracking_stratum{env=~"a,b"}',
    );
    const before = queries.length;
    await read(from);
    expect(queries.slice(before)).not.toContain('node_os_info{job="node", env=~"a,b"}');
  });

  test('uname names a node whose other labels do not', async () => {
    const url = await serve({
      serverAhead: 0,
      scraped: [
        {
          labels: { job: 'node', instance: '10.9.9.9:9100', nodename: 'n1' },
          ahead: 1,
          series: { node_uname_info: 1 },
        },
      ],
    });
    expect(clockOf((await read(source(url)))[0])?.offset.seconds).toBeCloseTo(1, 1);
  });

  test('two servers are never mixed', async () => {
    const of = (replica: string, name: string): Scraped => ({
      labels: { job: 'node', instance: `${name}:9100`, prometheus_replica: replica },
      ahead: 0,
    });
    const url = await serve({
      serverAhead: 0,
      scraped: [of('a', 'n1'), of('a', 'n2'), of('b', 'n3'), of('b', 'n1')],
    });
    const readings = await read(source(url), [spec('n1'), spec('n2'), spec('n3'), spec('n4')]);
    expect(readings.map(({ result }) => (result.ok ? 'ok' : result.failure.code))).toEqual([
      'ok',
      'ok',
      'no-data',
      'no-data',
    ]);
    expect(failureOf(readings[2])?.text.en).toContain('prometheus_replica="b"');
  });

  test('a server whose clock was set is distrusted until it has scraped again', async () => {
    const invented: Invented = { serverAhead: 0, scraped: [{ labels: n1, ahead: 5, age: 2 }] };
    const from = source(await serve(invented));
    expect(clockOf((await read(from))[0])).not.toBeNull();
    invented.serverAhead = -0.5;
    // The sample was stamped by the clock as it was.
    invented.scraped = [{ labels: n1, ahead: 4.5, age: 1.6 }];
    expect(failureOf((await read(from))[0])?.code).toBe('no-data');
    invented.scraped = [{ labels: n1, ahead: 5, age: 0.01 }];
    const clock = await waitFor(async () => clockOf((await read(from))[0]), { what: 'trust' });
    expect(contains(clock.offset, 5)).toBe(true);
  });
});

describe('outcomes', () => {
  const reply = (status: number, body: string) => (_: string, response: ServerResponse) => {
    response.writeHead(status).end(body);
    return true;
  };

  test.each([
    ['wrong credentials', 401, '', 'unauthorized'],
    ['a web site', 200, '<html></html>', 'malformed'],
    ['another API', 200, '{"status":"success"}', 'malformed'],
    ['no such path', 404, '404 page not found', 'unsupported'],
    ['a gateway without a server', 502, 'bad gateway', 'refused'],
    ['a query that timed out', 503, '{"status":"error","errorType":"timeout","error":"too slow"}', 'refused'],
    [
      'a selector that does not parse',
      400,
      '{"status":"error","errorType":"bad_data","error":"parse error"}',
      'unsupported',
    ],
  ])('%s', async (_name, status, body, code) => {
    const url = await serve({ serverAhead: 0, scraped: [], instead: reply(status, body) });
    const readings = await read(source(url), [spec('n1'), spec('n2')]);
    const inChinese = expect.stringMatching(/\p{Script=Han}/u);
    for (const reading of readings)
      expect(failureOf(reading)).toMatchObject({ code, text: { 'zh-CN': inChinese } });
  });

  test('a node without series, or with half of them, has no data', async () => {
    const half = { labels: { job: 'node', instance: 'n2:9100' }, ahead: Number.NaN };
    const url = await serve({ serverAhead: 0, scraped: [{ labels: n1, ahead: 0 }, half] });
    const readings = await read(source(url), [spec('n1'), spec('n2'), spec('n3')]);
    expect(readings.map((reading) => failureOf(reading)?.code)).toEqual([undefined, 'no-data', 'no-data']);
  });

  test('nobody listening is refused; silence is unreachable; an abort ends it', async () => {
    expect(failureOf((await read(source('http://127.0.0.1:1')))[0])?.code).toBe('refused');
    const silent = await serve({ serverAhead: 0, scraped: [], instead: () => true });
    expect(failureOf((await read(source(silent, { timeoutSeconds: 0.2 })))[0])?.code).toBe('unreachable');
    const abort = new AbortController();
    const emitted: unknown[] = [];
    const from = source(silent, { timeoutSeconds: 60 });
    const running = from.collect([spec('n1')], { ...context, signal: abort.signal }, (node) =>
      emitted.push(node),
    );
    abort.abort();
    await running;
    expect(emitted).toEqual([]);
  });

  test('where only the kernel cannot be asked, the clock is still known', async () => {
    const url = await serve({
      serverAhead: 0,
      scraped: [{ labels: n1, ahead: 3 }],
      instead: (query, response) => query.startsWith('node_timex') && reply(500, 'oops')(query, response),
    });
    expect((await read(source(url)))[0]?.result).toMatchObject({
      ok: true,
      facts: { kernel: null, clock: { samples: 1 } },
    });
  });
});

sourceContract('prometheus', async () => ({
  source: source(await serve({ serverAhead: 0, scraped: [{ labels: n1, ahead: 0, age: 3 }] })),
  living: spec('n1'),
  // The server does not know them: it cannot tell a dead node from one that nobody scrapes.
  dead: (index) => spec(`dead-${index}`),
  deadCodes: ['no-data'],
  readBeforeSeconds: 4,
  timeoutSeconds: 5,
  stop: async () => {},
}));
