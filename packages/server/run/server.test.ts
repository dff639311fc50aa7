import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  changeSchema,
  clusterPageSchema,
  explanationSchema,
  nodeHistorySchema,
  nodePageSchema,
  topologySchema,
} from '@clockwarden/api/console';
import { OperatorError } from '@clockwarden/core/errors';
import type { Source } from '@clockwarden/core/ports';
import { createDemoCluster, type ServeDemoOptions, serveDemo } from '@clockwarden/testkit/demo-cluster';
import { waitFor } from '@clockwarden/testkit/wait';
import { afterEach, describe, expect, test } from 'vitest';
import { docsZhCN } from '../http/docs-zh-cn.ts';
import type { RunningServer } from './index.ts';

const running: RunningServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

async function serve(options: ServeDemoOptions = {}): Promise<RunningServer> {
  const server = await serveDemo(options);
  running.push(server);
  return server;
}

async function settled(options: ServeDemoOptions = {}): Promise<RunningServer> {
  const server = await serve(options);
  await waitFor(() => server.loop.settled, { what: 'the first rounds', everyMs: 5 });
  return server;
}

async function get(server: RunningServer, path: string): Promise<unknown> {
  const response = await fetch(new URL(path, server.url));
  return response.json();
}

/** Reads events until `enough` says so. */
async function events(
  server: RunningServer,
  enough: (seen: readonly { event: string; data: unknown }[]) => boolean,
): Promise<readonly { event: string; data: unknown }[]> {
  const abort = new AbortController();
  const response = await fetch(new URL('/api/v1/stream', server.url), { signal: abort.signal });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const seen: { event: string; data: unknown }[] = [];
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      const [, event = '', data = ''] = /^event: (.*)\ndata: (.*)$/.exec(part) ?? [];
      seen.push({ event, data: JSON.parse(data) });
    }
    if (enough(seen)) break;
  }
  abort.abort();
  return seen;
}

/** Says nothing, ever, and does not end when told to. */
function hangingSource(): Source {
  return {
    kind: 'chrony',
    collect: () => new Promise(() => undefined),
    close: () => new Promise(() => undefined),
  };
}

describe('what the console asks for', () => {
  test('is the cluster with a row a node, soon after the first reading', async () => {
    const server = await serve({ nodes: 20 });
    await waitFor(async () => clusterPageSchema.parse(await get(server, '/api/v1/cluster')).rows[0]?.clock, {
      deadlineMs: 5_000,
      everyMs: 10,
    });
    await waitFor(() => server.loop.settled);
    const page = clusterPageSchema.parse(await get(server, '/api/v1/cluster'));
    expect(page.cluster).toMatchObject({
      verdict: 'critical',
      timezonePolicy: 'Asia/Shanghai',
      reference: null,
    });
    expect(page.rows).toHaveLength(20);
    const byName = new Map(page.rows.map((row) => [row.name, row]));
    expect(byName.get('worker-07')).toMatchObject({
      verdict: 'critical',
      reachable: true,
      daemon: 'chronyd',
    });
    expect(byName.get('worker-07')?.offset?.seconds).toBeCloseTo(187.3, 2);
    expect(byName.get('worker-05')).toMatchObject({
      verdict: 'undetermined',
      reachable: false,
      offset: null,
    });
    expect(page.status.rounds.map((round) => round.source).sort()).toEqual(['ntp', 'ssh']);
    expect(page.status).toMatchObject({ configProblem: null, history: { state: 'writing' } });
  });

  test('is all about a node', async () => {
    const server = await settled({ nodes: 20 });
    const page = nodePageSchema.parse(await get(server, '/api/v1/nodes/cp-3'));
    expect(page.chrony?.value.sources?.map((source) => source.state)).toContain('falseticker');
    expect(page.commands.length).toBeGreaterThan(5);
    expect(page.commands.every((one) => !/restart|makestep|resync/.test(one.command))).toBe(true);
    expect(page.node.sources.map((source) => source.source).sort()).toEqual(['ntp', 'ssh']);
    const missing = await fetch(new URL('/api/v1/nodes/nobody', server.url));
    expect(missing.status).toBe(404);
    expect(await missing.json()).toMatchObject({
      error: {
        code: 'not-found',
        text: { en: expect.any(String), 'zh-CN': expect.any(String) },
        details: [{ where: 'nobody' }],
      },
    });
  });

  test('is where a free-running clock goes, from its past', async () => {
    const server = await settled({ nodes: 20, historyHours: 3 });
    const page = nodePageSchema.parse(await get(server, '/api/v1/nodes/worker-04'));
    expect(page.projection?.frequencyPpm).toBeCloseTo(11.4, 0);
    expect(page.projection?.crossings.map((crossing) => crossing.limitSeconds)).toContain(30);
    const held = nodePageSchema.parse(await get(server, '/api/v1/nodes/cp-1'));
    expect(held.projection).toBeNull();
  });

  test('is the history in columns, and who follows whom', async () => {
    const server = await settled({ nodes: 20, historyHours: 3 });
    const history = nodeHistorySchema.parse(await get(server, '/api/v1/nodes/cp-1/history?points=100'));
    expect(history.at.length).toBeGreaterThan(50);
    for (const column of [history.mean, history.low, history.high, history.verdict]) {
      expect(column).toHaveLength(history.at.length);
    }
    const topology = topologySchema.parse(await get(server, '/api/v1/topology'));
    expect(topology.members).toContainEqual(
      expect.objectContaining({ id: 'ntp1.example.net', kind: 'upstream' }),
    );
    expect(topology.edges).toContainEqual(
      expect.objectContaining({ from: 'worker-02', to: 'cp-1', state: 'selected' }),
    );
  });

  test('is refused in words when it makes no sense', async () => {
    const server = await serve({ nodes: 3 });
    for (const path of ['/api/v1/nodes/cp-1/history?points=1', '/api/v1/changes?since=yesterday']) {
      const response = await fetch(new URL(path, server.url));
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { code: 'bad-request' } });
    }
    expect((await fetch(new URL('/api/v1/nonsense', server.url))).status).toBe(404);
  });
});

test('pasted output is explained', async () => {
  const server = await serve({ nodes: 3 });
  const explain = (text: string) =>
    fetch(new URL('/api/v1/explain', server.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text }),
    });
  const known = await explain(
    '               Local time: Mon 2026-01-05 10:00:00 CST\n System clock synchronized: no\n',
  );
  expect(known.status).toBe(200);
  expect(explanationSchema.parse(await known.json()).sections[0]?.kind).toBe('timedatectl');
  const unknown = await explain('hello');
  expect(await unknown.json()).toMatchObject({ error: { code: 'input-unrecognized' } });
  const large = await explain('x'.repeat(1_000_001));
  expect(large.status).toBe(400);
});

describe('the live stream', () => {
  test('greets, tells rows that differ, and beats', async () => {
    const server = await settled({ nodes: 20, intervalSeconds: 0.5 });
    const rowsOf = (all: readonly { event: string; data: unknown }[]) =>
      all.filter(({ event }) => event === 'rows');
    const seen = await events(
      server,
      (all) =>
        rowsOf(all).length > 2 &&
        ['cluster', 'beat'].every((name) => all.some(({ event }) => event === name)),
    );
    expect(seen[0]).toEqual({ event: 'hello', data: { version: 'demo' } });
    const rows = rowsOf(seen).at(-1)?.data as { rows: { name: string }[] };
    // Nobody reads this one's clock, and nothing else about it differs.
    expect(rows.rows.map((row) => row.name)).not.toContain('worker-05');
    expect(rows.rows.map((row) => row.name)).toContain('cp-1');
  });

  test('tells many rows in parts that arrive whole and in order', async () => {
    const nodes = 1_200;
    const server = await settled({ nodes, intervalSeconds: 0.5 });
    const { rows } = server.loop;
    let told = false;
    const rowsOf = (all: readonly { event: string; data: unknown }[]) =>
      all
        .filter(({ event }) => event === 'rows')
        .map(({ data }) => data as { rows: { name: string }[]; gone: string[] });
    // The demo tells changes of its own, too.
    const isEnd = ({ event, data }: { event: string; data: unknown }): boolean =>
      event === 'change' && (data as { text: { en: string } }).text.en === 'end';
    const seen = await events(server, (all) => {
      if (!told) {
        told = true;
        server.loop.emit({ event: 'rows', data: { rows, gone: ['nobody'] } });
        server.loop.tellNow('config', null, null, { en: 'end', 'zh-CN': '完' });
      }
      return all.some(isEnd);
    });
    const parts = rowsOf(seen.slice(0, seen.findIndex(isEnd)));
    expect(Math.max(...parts.map((part) => part.rows.length))).toBeLessThanOrEqual(500);
    const from = parts.findIndex(({ gone }) => gone.includes('nobody'));
    const own = parts.slice(from).flatMap((part) => part.rows.map(({ name }) => name));
    expect(own.slice(0, nodes)).toEqual(rows.map(({ name }) => name));
  });

  test('has room for a hundred, and says so to the next', async () => {
    const server = await settled({ nodes: 3 });
    const abort = new AbortController();
    const open = () => fetch(new URL('/api/v1/stream', server.url), { signal: abort.signal });
    const first = await Promise.all(Array.from({ length: 100 }, open));
    expect(first.every(({ status }) => status === 200)).toBe(true);
    const refused = await open();
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ error: { code: 'too-many-consoles' } });
    abort.abort();
    await waitFor(async () => {
      const again = new AbortController();
      const { status } = await fetch(new URL('/api/v1/stream', server.url), { signal: again.signal });
      again.abort();
      return status === 200;
    });
  });

  test('ends soon after the login it was opened with', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'clockwarden-stream-'));
    try {
      const tokenFile = join(folder, 'token');
      writeFileSync(tokenFile, 'x'.repeat(32), { mode: 0o600 });
      const server = await settled({ nodes: 3, console: { port: 0, tokenFile } });
      const session = new URL('/api/v1/session', server.url);
      const login = await fetch(session, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ secret: 'x'.repeat(32) }),
      });
      const { csrfToken } = (await login.json()) as { csrfToken: string };
      const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
      const stream = await fetch(new URL('/api/v1/stream', server.url), { headers: { cookie } });
      expect(stream.status).toBe(200);
      await fetch(session, { method: 'DELETE', headers: { cookie, 'x-csrf-token': csrfToken } });
      // Resolves when the server ends it; a stream that stays open outlasts the test.
      expect(await stream.text()).toContain('event: hello');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('lets go of a console that does not read', async () => {
    const server = await settled({ nodes: 20 });
    const idle = request(new URL('/api/v1/stream', server.url));
    idle.end();
    // Paused: the socket's buffers fill and nothing is taken from them.
    const response = await new Promise<import('node:http').IncomingMessage>((resolve) =>
      idle.once('response', resolve),
    );
    response.on('error', () => undefined);
    idle.on('error', () => undefined);
    const big = 'x'.repeat(1_000_000);
    const noise = { en: big, 'zh-CN': big };
    for (let count = 0; count < 40; count++) {
      server.loop.emit({
        event: 'change',
        data: {
          id: count,
          at: new Date(0).toISOString(),
          node: null,
          kind: 'config',
          from: null,
          to: null,
          text: noise,
        },
      });
      await new Promise(setImmediate);
    }
    const metrics = await (await fetch(new URL('/metrics', server.url))).text();
    expect(metrics).toMatch(/^clockwarden_consoles_dropped_total 1$/m);
    expect(metrics).toMatch(/^clockwarden_consoles 0$/m);
    idle.destroy();
  });
});

describe('a source that hangs', () => {
  test('delays neither the others nor the end', async () => {
    const { sources } = createDemoCluster({ nodes: 20 });
    const server = await serve({ nodes: 20, sources: [hangingSource(), ...sources] });
    await waitFor(() => server.loop.rows.filter((row) => row.clock !== null).length > 15, {
      deadlineMs: 2_000,
    });
    const startedAt = performance.now();
    await server.close();
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});

describe('a changed configuration', () => {
  test('is taken up live when it is good, and changes nothing but the status when it is bad', async () => {
    let nodes = 20;
    const server = await settled({
      nodes,
      configuration: {
        load: () => {
          if (nodes === 0) throw new OperatorError('config-invalid', { where: 'clockwarden.yaml', line: 3 });
          return createDemoCluster({ nodes });
        },
        files: () => [],
      },
    });
    nodes = 30;
    await server.reload();
    expect(clusterPageSchema.parse(await get(server, '/api/v1/cluster')).rows).toHaveLength(30);
    nodes = 0;
    await server.reload();
    const bad = clusterPageSchema.parse(await get(server, '/api/v1/cluster'));
    expect(bad.rows).toHaveLength(30);
    expect(bad.status.configProblem?.text.en).toMatch(/clockwarden\.yaml:3/);
    nodes = 10;
    await server.reload();
    const good = clusterPageSchema.parse(await get(server, '/api/v1/cluster'));
    expect(good.rows).toHaveLength(10);
    expect(good.status.configProblem).toBeNull();
    const { changes } = (await get(server, '/api/v1/changes')) as { changes: unknown[] };
    expect(
      changes.map((change) => changeSchema.parse(change)).map(({ kind, to }) => `${kind} ${to}`),
    ).toEqual(expect.arrayContaining(['config reloaded', 'config failed']));
  });

  test('and all other changes are still told after a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'clockwarden-restart-'));
    try {
      const history = { path: join(folder, 'h.sqlite'), rawHours: 1, rollupDays: 1, maxBytes: 2 ** 24 };
      const configuration = { load: () => createDemoCluster({ nodes: 3 }), files: () => [] };
      const first = await settled({ nodes: 3, policy: { history }, configuration });
      await waitFor(() => first.loop.rows.every((row) => row.since !== null), { deadlineMs: 5_000 });
      const since = first.loop.rows.map((row) => row.since);
      await first.reload();
      await first.close();
      const second = await settled({ nodes: 3, policy: { history } });
      const { changes } = (await get(second, '/api/v1/changes')) as { changes: { to: string }[] };
      expect(changes.map((change) => change.to)).toContain('reloaded');
      await waitFor(() => second.loop.rows.every((row) => row.since !== null), { deadlineMs: 5_000 });
      // Stored to the millisecond at the first sample of that status, which comes a moment after.
      for (const [index, row] of second.loop.rows.entries()) {
        const before = Date.parse(since[index] ?? '');
        expect(Math.abs(Date.parse(row.since ?? '') - before)).toBeLessThan(3_000);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('is seen when a file of it is written', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'clockwarden-config-'));
    try {
      const file = join(folder, 'clockwarden.yaml');
      writeFileSync(file, 'one');
      let loads = 0;
      let writes = 0;
      await settled({
        nodes: 3,
        configuration: {
          load: () => {
            loads += 1;
            return createDemoCluster({ nodes: 3 });
          },
          files: () => [file, join(folder, 'not-there.yaml')],
        },
      });
      // Another size, for file systems whose times are coarse.
      await waitFor(
        () => {
          writes += 1;
          writeFileSync(file, 'x'.repeat(writes));
          return loads > 0;
        },
        { everyMs: 200 },
      );
      // The file that does not exist must not be taken for one that changes all the time.
      await new Promise((resolve) => setTimeout(resolve, 1_200));
      expect(loads).toBeLessThanOrEqual(writes);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('the console’s files', () => {
  test('carry a fresh nonce, are kept for ever when hashed, and answer every deep link', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'clockwarden-console-'));
    try {
      mkdirSync(join(folder, 'assets'));
      writeFileSync(
        join(folder, 'index.html'),
        '<!doctype html><head><meta name="csp-nonce" content="" /></head>',
      );
      writeFileSync(join(folder, 'assets', 'main-abc.js'), 'let a = 1;'.repeat(200));
      const server = await serve({ nodes: 3, staticRoot: folder });
      const nonces = new Set<string>();
      for (const path of ['/', '/nodes/cp-1?range=24h']) {
        const response = await fetch(new URL(path, server.url));
        const page = await response.text();
        const nonce = /content="([^"]+)"/.exec(page)?.[1] ?? '';
        nonces.add(nonce);
        const policy = response.headers.get('content-security-policy') ?? '';
        expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`);
        expect(policy).toContain("script-src 'self';");
        expect(policy).not.toContain('unsafe');
      }
      expect(nonces.size).toBe(2);
      const asset = await fetch(new URL('/assets/main-abc.js', server.url), {
        headers: { 'accept-encoding': 'gzip' },
      });
      expect(asset.headers.get('cache-control')).toContain('immutable');
      expect(asset.headers.get('content-encoding')).toBe('gzip');
      expect(await asset.text()).toHaveLength(2_000);
      expect((await fetch(new URL('/assets/gone.js', server.url))).status).toBe(404);
      const outside = await fetch(`${server.url}assets/..%2f..%2f..%2f..%2fetc%2fhostname.txt`);
      expect(outside.headers.get('content-type')).toMatch(/html|json/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('and every other answer carry the headers that keep strangers out', async () => {
    const server = await serve({ nodes: 3 });
    for (const path of ['/', '/api/v1/cluster', '/api/v1/none', '/metrics', '/api/docs', '/healthz']) {
      const { headers } = await fetch(new URL(path, server.url));
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    }
  });
});

test('the API describes itself: OpenAPI 3.1, and a page without scripts', async () => {
  const server = await settled({ nodes: 3 });
  const document = (await get(server, '/api/openapi.json')) as {
    openapi: string;
    paths: Record<string, { get?: object }>;
  };
  expect(document.openapi).toBe('3.1.0');
  for (const [path, methods] of Object.entries(document.paths)) {
    if (methods.get === undefined || path.endsWith('/stream')) continue;
    const response = await fetch(new URL(path.replace('{name}', 'cp-1'), server.url));
    expect(`${path} ${response.status}`).toBe(`${path} 200`);
    await response.body?.cancel();
  }
  const page = await (await fetch(new URL('/api/docs', server.url))).text();
  expect(page).not.toMatch(/<script|https?:\/\/(?!127)|style=/);
  expect(page).toContain('/api/v1/nodes/{name}/history');
});

test('the page about the API speaks the reader’s language, and every word of it', async () => {
  const server = await serve({ nodes: 3 });
  const page = async (path: string, wanted: string): Promise<string> => {
    const headers = { 'accept-language': wanted };
    return (await fetch(new URL(path, server.url), { headers })).text();
  };
  expect(await page('/api/docs', 'de, en;q=0.5')).toContain('<html lang="en">');
  expect(await page('/api/docs?lang=en', 'zh')).toContain('<html lang="en">');
  expect(await page('/api/docs?lang=zh-CN', 'en')).toContain('<html lang="zh-CN">');
  expect(await page('/api/docs', 'en;q=0.5, zh-TW')).toContain('一个节点的偏移随时间的变化');
  const english = new Set<string>();
  JSON.parse(await page('/api/openapi.json', 'zh'), (key, value: unknown) => {
    if ((key === 'summary' || key === 'description') && typeof value === 'string') english.add(value);
    return value;
  });
  expect(Object.keys(docsZhCN).sort()).toEqual([...english].sort());
});

test('metrics leave out what is not known', async () => {
  const server = await settled({ nodes: 20 });
  const metrics = await (await fetch(new URL('/metrics', server.url))).text();
  expect(metrics).not.toMatch(/NaN|Inf/);
  expect(metrics).toMatch(/^clockwarden_node_offset_seconds\{node="worker-07",role="worker"\} 187\.(2|3)/m);
  expect(metrics).not.toMatch(/^clockwarden_node_offset_seconds\{node="worker-05"/m);
  expect(metrics).toMatch(
    /^clockwarden_node_verdict\{node="worker-05",role="worker",verdict="unreachable"\} 1$/m,
  );
  expect(metrics).toMatch(/^clockwarden_node_synchronized\{node="worker-11",role="worker"\} 0$/m);
  expect(metrics).toMatch(/^clockwarden_node_source_success\{node="worker-05",source="ntp"\} 0$/m);
});

test('an address in use is an error that names it', async () => {
  const first = await serve({ nodes: 3 });
  const port = Number(new URL(first.url).port);
  await expect(serve({ nodes: 3, console: { port } })).rejects.toMatchObject({ code: 'address-in-use' });
});
