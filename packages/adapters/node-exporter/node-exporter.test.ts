import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTimeBase } from '@clockwarden/adapters/time-base';
import type { NodeSpec } from '@clockwarden/core/inventory';
import type { Reading } from '@clockwarden/core/observe';
import { defaultSources, type NodeExporterConfig } from '@clockwarden/core/policy';
import type { Source, SourceContext } from '@clockwarden/core/ports';
import { sourceContract } from '@clockwarden/testkit/contract';
import { afterEach, describe, expect, test } from 'vitest';
import { cryptoRandom } from '../round/index.ts';
import { createNodeExporterSource } from './index.ts';

const capture = (name: string): string =>
  readFileSync(new URL(`../../../fixtures/node-exporter-1.5/${name}.txt`, import.meta.url), 'utf8');
const pages = {
  full: capture('metrics'),
  short: capture('timex-time'),
  filtered: capture('filtered'),
  bare: capture('no-timex'),
};

const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function listen(server: Server | TcpServer, host = '127.0.0.1'): Promise<number> {
  server.listen(0, host);
  await once(server, 'listening');
  closing.push(() => {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function source(port: number, more: Partial<NodeExporterConfig> = {}): Source {
  const created = createNodeExporterSource({
    ...defaultSources.nodeExporter,
    timeoutSeconds: 5,
    ...more,
    port,
  });
  closing.push(() => created.close());
  return created;
}

function spec(name: string, address = '127.0.0.1'): NodeSpec {
  return { name, address, roles: [], ssh: {}, origin: 'test' };
}

const context: SourceContext = {
  timeBase: createTimeBase(),
  random: cryptoRandom,
  signal: new AbortController().signal,
};

async function read(from: Source, node = spec('n1')): Promise<Reading> {
  const readings: Reading[] = [];
  await from.collect([node], context, (_, reading) => readings.push(reading));
  const [reading] = readings;
  if (reading === undefined || readings.length !== 1) throw new Error(`${readings.length} readings`);
  return reading;
}

async function readPage(handler: Handler, more: Partial<NodeExporterConfig> = {}): Promise<Reading> {
  return read(source(await listen(createServer(handler)), more));
}

const failureOf = ({ result }: Reading) => (result.ok ? null : result.failure);

describe('a good page', () => {
  test('gives clock, kernel and host, asking only for what matters', async () => {
    const asked: string[] = [];
    const reading = await readPage((request, response) => {
      asked.push(request.url ?? '');
      response.end(pages.filtered);
    });
    expect(asked).toEqual([
      '/metrics?collect[]=time&collect[]=timex&collect[]=os&collect[]=stat&collect[]=uname',
    ]);
    expect(reading).toMatchObject({
      source: 'node-exporter',
      target: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/),
      result: {
        ok: true,
        facts: {
          clock: { stampedBy: 'process', samples: 1 },
          kernel: { unsync: true, clocksource: 'tsc' },
          host: { os: 'debian' },
          sync: null,
          timezone: null,
        },
      },
    });
  });

  test('the host is asked once and then remembered', async () => {
    const asked: string[] = [];
    const port = await listen(
      createServer((request, response) => {
        asked.push(request.url ?? '');
        response.end(request.url?.includes('os') ? pages.filtered : pages.short);
      }),
    );
    const from = source(port);
    await read(from);
    const second = await read(from);
    expect(asked[1]).toBe('/metrics?collect[]=time&collect[]=timex');
    expect(second.result).toMatchObject({ ok: true, facts: { host: { os: 'debian' } } });
  });

  test('the offset has its sign, and its interval is as wide as the exchange', async () => {
    for (const ahead of [100, -100]) {
      const reading = await readPage((_, response) => {
        response.end(`node_time_seconds ${Date.now() / 1000 + ahead}\nnode_timex_sync_status 1\n`);
      });
      const offset = reading.result.ok ? reading.result.facts.clock?.offset : undefined;
      expect(offset?.seconds).toBeCloseTo(ahead, 0);
      expect((offset?.high ?? 0) - (offset?.low ?? 0)).toBeLessThan(reading.tookSeconds + 0.001);
    }
  });

  test('an exporter without timex still shows its clock, one without time its kernel', async () => {
    const noTimex = await readPage((_, response) => response.end('node_time_seconds 1.7e9\n'));
    expect(noTimex.result).toMatchObject({ ok: true, facts: { kernel: null, clock: { samples: 1 } } });
    const noTime = await readPage((_, response) => response.end('node_timex_sync_status 1\n'));
    expect(noTime.result).toMatchObject({ ok: true, facts: { clock: null, kernel: { unsync: false } } });
  });

  test('over IPv6, with the address in brackets', async () => {
    const port = await listen(
      createServer((_, response) => response.end(pages.short)),
      '::1',
    );
    const reading = await read(source(port), spec('n1', '::1'));
    expect(reading).toMatchObject({ target: `http://[::1]:${port}/metrics`, result: { ok: true } });
  });
});

describe('a refused filter', () => {
  test('collectors that the exporter lacks are left out, and it remembers which', async () => {
    const asked: string[] = [];
    const lacks = ['os', 'uname'];
    const port = await listen(
      createServer((request, response) => {
        asked.push(request.url ?? '');
        const lacked = lacks.find((name) => request.url?.includes(`=${name}`));
        if (lacked === undefined) response.end(pages.filtered);
        else response.writeHead(400).end(capture('disabled-collector').replace('filesystem', lacked));
      }),
    );
    const from = source(port);
    expect((await read(from)).result.ok).toBe(true);
    expect(asked).toHaveLength(3);
    expect((await read(from)).result.ok).toBe(true);
    expect(asked[3]).toBe('/metrics?collect[]=time&collect[]=timex');
  });

  test('who does not know the filter is asked for everything', async () => {
    const asked: string[] = [];
    const reading = await readPage((request, response) => {
      asked.push(request.url ?? '');
      if (request.url?.includes('?')) response.writeHead(400).end('bad query');
      else response.end(pages.full);
    });
    expect(asked[1]).toBe('/metrics');
    expect(reading.result.ok).toBe(true);
  });

  test('who refuses everything is refused in the end', async () => {
    const reading = await readPage((_, response) => response.writeHead(400).end('no'));
    expect(failureOf(reading)?.code).toBe('refused');
  });
});

describe('outcomes', () => {
  test.each([
    ['a page without time and timex', 200, pages.bare, 'unsupported'],
    ['a web site', 200, '<html>hello</html>', 'malformed'],
    ['nothing', 200, '', 'malformed'],
    ['a metric that is no number', 200, 'node_timex_status x\n', 'malformed'],
    ['a page that ends within a number', 200, 'node_time_seconds 1.7e9', 'malformed'],
    ['wrong credentials', 401, '', 'unauthorized'],
    ['forbidden', 403, '', 'unauthorized'],
    ['not found', 404, '', 'unsupported'],
    ['a redirection', 302, '', 'unsupported'],
    ['a server error', 500, '', 'refused'],
    ['an overloaded server', 503, '', 'refused'],
  ])('%s (HTTP %d)', async (_name, status, body, code) => {
    const reading = await readPage((_, response) => {
      response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end(body);
    });
    const inChinese = expect.stringMatching(/\p{Script=Han}/u);
    expect(failureOf(reading)).toMatchObject({ code, text: { 'zh-CN': inChinese } });
  });

  test('nobody listening is refused, an unknown name unreachable', async () => {
    const port = await listen(createTcpServer());
    await closing.pop()?.();
    expect(failureOf(await read(source(port)))?.code).toBe('refused');
    expect(failureOf(await read(source(port), spec('n1', 'no-such-host.invalid')))?.code).toBe('unreachable');
  });

  test('silence is unreachable after the deadline', async () => {
    const reading = await readPage(() => undefined, { timeoutSeconds: 0.2 });
    expect(failureOf(reading)?.code).toBe('unreachable');
    expect(reading.tookSeconds).toBeGreaterThan(0.19);
  });

  test('an answer that never ends is cut at the limit, one that breaks off is malformed', async () => {
    const endless = await readPage((_, response) => {
      const chunk = '# nothing\n'.repeat(100_000);
      const more = (): void => {
        while (!response.destroyed && response.write(chunk));
        response.once('drain', more);
      };
      more();
    });
    expect(failureOf(endless)).toMatchObject({
      code: 'malformed',
      text: { en: expect.stringContaining('16 MiB') },
    });
    const broken = await readPage((_, response) => {
      response.writeHead(200, { 'content-length': '100000' });
      response.write(pages.short, () => response.destroy());
    });
    expect(failureOf(broken)?.code).toBe('malformed');
  });

  test('what is no HTTP is malformed, and no TLS is unsupported', async () => {
    const chatty = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('SSH-2.0-OpenSSH_9.2\r\n');
    });
    expect(failureOf(await read(source(await listen(chatty))))?.code).toBe('malformed');
    const plain = await listen(createServer((_, response) => response.end(pages.short)));
    expect(failureOf(await read(source(plain, { scheme: 'https' })))?.code).toBe('unsupported');
  });

  test('a connection that the server closed meanwhile is opened again', async () => {
    const server = createServer((_, response) => response.end(pages.short));
    const from = source(await listen(server));
    for (let round = 0; round < 5; round += 1) {
      expect((await read(from)).result.ok).toBe(true);
      server.closeAllConnections();
    }
  });
});

test('credentials that are none are told, not thrown', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'clockwarden-secrets-'));
  closing.push(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'secret');
  writeFileSync(file, 'two\nlines\n');
  const port = await listen(createServer((_, response) => response.end(pages.short)));
  const wrong = [
    { bearerTokenFile: file },
    { scheme: 'https', certFile: file, keyFile: file },
    { scheme: 'https', keyFile: file },
  ] as const;
  for (const config of wrong) {
    expect(failureOf(await read(source(port, config)))?.code).toBe('unauthorized');
  }
});

test('a token is read again for each round', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'clockwarden-secrets-'));
  closing.push(() => rmSync(directory, { recursive: true }));
  const bearerTokenFile = join(directory, 'token');
  writeFileSync(bearerTokenFile, 'first\n');
  const seen: (string | undefined)[] = [];
  const port = await listen(
    createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end(pages.short);
    }),
  );
  const from = source(port, { bearerTokenFile });
  await read(from);
  writeFileSync(bearerTokenFile, 'second');
  await read(from);
  rmSync(bearerTokenFile);
  await read(from);
  expect(seen).toEqual(['Bearer first', 'Bearer second', 'Bearer second']);
});

test('a file with a secret that is not there is an operator error', () => {
  expect(() => source(1, { bearerTokenFile: '/nowhere/token' })).toThrow(
    expect.objectContaining({ code: 'secret-unreadable' }),
  );
});

sourceContract('node-exporter', async () => {
  const server = createServer((_, response) => response.end(pages.short));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  // Accepts and says nothing: listens on another loopback address, same port.
  const mute = createTcpServer((socket) => socket.on('error', () => undefined));
  mute.listen(port, '127.0.0.2');
  await once(mute, 'listening');
  const sockets = new Set<{ destroy(): void }>();
  mute.on('connection', (socket) => sockets.add(socket));
  return {
    source: createNodeExporterSource({ ...defaultSources.nodeExporter, port, timeoutSeconds: 0.5 }),
    living: spec('living'),
    dead: (index: number) => spec(`dead-${index}`, '127.0.0.2'),
    timeoutSeconds: 0.5,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      server.close();
      mute.close();
    },
  };
});
