/** Against the real node_exporter 1.5: its clock is this machine's, moved by a proxy in a process of its own. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTimeBase } from '@clockwarden/adapters/time-base';
import type { NodeSpec } from '@clockwarden/core/inventory';
import type { Reading } from '@clockwarden/core/observe';
import { defaultSources, type NodeExporterConfig } from '@clockwarden/core/policy';
import type { Source, SourceContext } from '@clockwarden/core/ports';
import { contains, secondsOf } from '@clockwarden/core/time';
import { type HttpDaemon, startNodeExporter, unpackDebian } from '@clockwarden/testkit/daemons';
import { startExporterProxy } from '@clockwarden/testkit/exporter-proxy';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cryptoRandom } from '../round/index.ts';
import { systemClock } from '../system/index.ts';
import { createNodeExporterSource } from './index.ts';

const timeBase = createTimeBase();
const context: SourceContext = { timeBase, random: cryptoRandom, signal: new AbortController().signal };
const node: NodeSpec = { name: 'n1', address: '127.0.0.1', roles: [], ssh: {}, origin: 'test' };

function source(port: number, more: Partial<NodeExporterConfig> = {}): Source {
  return createNodeExporterSource({ ...defaultSources.nodeExporter, ...more, port });
}

async function read(from: Source): Promise<Reading> {
  const readings: Reading[] = [];
  await from.collect([node], context, (_, reading) => readings.push(reading));
  const [reading] = readings;
  if (reading === undefined) throw new Error('no reading');
  return reading;
}

const wallClock = systemClock('realtime');

/** How far this machine's wall clock, which the exporter shows, is ahead of the time base; read to a microsecond. */
function wallClockAhead(): number {
  if (wallClock === null) throw new Error('no C library');
  const before = timeBase.monotonic();
  const wall = wallClock();
  return secondsOf(wall - timeBase.instantAt(before));
}

let exporter: HttpDaemon;
beforeAll(async () => {
  exporter = await startNodeExporter();
});
afterAll(() => exporter.stop());

test('a thousand readings hold the truth, with both signs and lopsided delays', async () => {
  await using proxy = await startExporterProxy(exporter.url);
  const from = source(proxy.port);
  const ways = [
    {},
    { aheadSeconds: 31.5 },
    { aheadSeconds: -31.5 },
    { aheadSeconds: 86_400 },
    { aheadSeconds: -0.05, requestDelayMs: 5 },
    { aheadSeconds: 0.05, replyDelayMs: 5 },
  ];
  let wide = 0;
  for (let count = 0; count < 1_000; count += 1) {
    const way = ways[Math.floor((count * ways.length) / 1_000)] ?? {};
    if (count === 0 || way !== ways[Math.floor(((count - 1) * ways.length) / 1_000)]) await proxy.change(way);
    const { result, tookSeconds } = await read(from);
    const offset = result.ok ? result.facts.clock?.offset : undefined;
    if (offset === undefined) throw new Error(JSON.stringify(result));
    const truth = (way.aheadSeconds ?? 0) + wallClockAhead();
    expect(contains(offset, truth), `${truth} in [${offset.low}, ${offset.high}]`).toBe(true);
    if (offset.high - offset.low > tookSeconds + 1e-4) wide += 1;
  }
  expect(wide).toBe(0);
  await from.close();
});

test('the kernel and the host are those of this machine', async () => {
  const from = source(exporter.port);
  const { result } = await read(from);
  await from.close();
  expect(result).toMatchObject({
    ok: true,
    facts: {
      kernel: {
        unsync: expect.any(Boolean),
        statusBits: expect.any(Array),
        maxErrorSeconds: expect.any(Number),
      },
      host: { kernel: expect.stringMatching(/^\d+\.\d+/), bootTimeSeconds: expect.any(Number) },
    },
  });
});

test('an exporter with switched-off collectors is read without them', async () => {
  await using lean = await startNodeExporter({ args: ['--no-collector.os', '--no-collector.uname'] });
  const from = source(lean.port);
  expect(await read(from)).toMatchObject({
    result: { ok: true, facts: { host: { os: null, kernel: null } } },
  });
  await from.close();
});

test('TLS, certification authority, client certificate and basic authentication', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'clockwarden-tls-'));
  const file = (name: string): string => join(directory, name);
  const { env, path } = await unpackDebian(['openssl']);
  const openssl = (...args: string[]): void => {
    execFileSync(path('usr/bin/openssl'), [...args, '-config', 'openssl.cnf'], {
      cwd: directory,
      env: { ...process.env, ...env },
      stdio: 'pipe',
    });
  };
  writeFileSync(file('openssl.cnf'), '[req]\ndistinguished_name = dn\n[dn]\n');
  try {
    const subject = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    openssl(
      'req',
      '-x509',
      ...subject,
      '-keyout',
      'ca.key',
      '-out',
      'ca.crt',
      '-subj',
      '/CN=test',
      '-addext',
      'basicConstraints=critical,CA:TRUE',
    );
    for (const name of ['server', 'client']) {
      const alternative = ['-addext', 'subjectAltName=IP:127.0.0.1'];
      const usage = name === 'server' ? 'serverAuth' : 'clientAuth';
      const extended = ['-addext', `extendedKeyUsage=${usage}`];
      const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', ...alternative, ...extended];
      openssl(
        'req',
        '-x509',
        ...subject,
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.crt`,
        '-subj',
        `/CN=${name}`,
        ...signed,
      );
    }
    writeFileSync(file('password'), 'time-will-tell\n');
    // bcrypt of the password, as node_exporter's --web.config.file wants it.
    const hash = '$2b$05$a/sC4FvUH81pQg9Y7jIlYuDnBp3qOgeKKfHeP3tPy36pBjG0tBZxq';
    const webConfig = [
      'tls_server_config:',
      `  cert_file: ${file('server.crt')}`,
      `  key_file: ${file('server.key')}`,
      '  client_auth_type: RequireAndVerifyClientCert',
      `  client_ca_file: ${file('ca.crt')}`,
      'basic_auth_users:',
      `  warden: ${hash}`,
    ].join('\n');
    await using secured = await startNodeExporter({ webConfig });
    const good = {
      scheme: 'https',
      caFile: file('ca.crt'),
      certFile: file('client.crt'),
      keyFile: file('client.key'),
      username: 'warden',
      passwordFile: file('password'),
    } as const;
    const outcome = async (config: Partial<NodeExporterConfig>): Promise<string> => {
      const from = source(secured.port, config);
      const { result } = await read(from);
      await from.close();
      return result.ok ? 'ok' : result.failure.code;
    };
    expect(await outcome(good)).toBe('ok');
    const { caFile, certFile, keyFile, passwordFile, ...plain } = good;
    expect(await outcome({ ...plain, certFile, keyFile, passwordFile })).toBe('unauthorized');
    expect(await outcome({ ...plain, caFile, passwordFile })).toBe('unauthorized');
    expect(await outcome({ ...good, passwordFile: file('ca.crt') })).toBe('unauthorized');
    expect(await outcome({ ...good, scheme: 'http' })).toBe('refused');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
