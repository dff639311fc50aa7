import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServeDemoOptions, serveDemo } from '@clockwarden/testkit/demo-cluster';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { RunningServer } from '../run/index.ts';
import { placeOf } from './attempts.ts';
import { assertSafeListen, isLoopback, readSecrets } from './listen.ts';
import { hashPassword, isPasswordHash, verifyPassword } from './password.ts';

const TOKEN = '0123456789abcdef0123456789abcdef';
const PASSWORD = 'correct horse 电池';
let folder: string;
let tokenFile: string;
let passwordHash: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clockwarden-auth-'));
  tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, `${TOKEN}\n`);
  passwordHash = await hashPassword(PASSWORD);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const running: RunningServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});
async function serve(options: ServeDemoOptions = {}): Promise<RunningServer> {
  const server = await serveDemo({ nodes: 3, ...options });
  running.push(server);
  return server;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** node:http, since fetch lets nobody write Host or Origin. */
function ask(
  server: RunningServer,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: unknown } = {},
): Promise<Answer> {
  const { method = 'GET', headers = {}, body } = options;
  const sent = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const asking = request(
      new URL(path, server.url),
      {
        method,
        headers: { ...(sent === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    asking.on('error', reject);
    asking.end(sent);
  });
}

const login = (server: RunningServer, secret: string, headers = {}): Promise<Answer> =>
  ask(server, '/api/v1/session', { method: 'POST', body: { secret }, headers });
const cookieOf = (answer: Answer): string => answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';

describe('listening', () => {
  const base = { port: 8323, allowedHosts: [] };

  test('beyond this machine wants somebody to be asked, and TLS or a proxy', () => {
    const tls = { certFile: 'c', keyFile: 'k' };
    const refused = (config: object, behindProxy = false) =>
      expect(() => assertSafeListen({ ...base, host: '0.0.0.0', ...config }, behindProxy)).toThrowError(
        expect.objectContaining({ code: 'unsafe-listen' }),
      );
    refused({});
    refused({ tls });
    refused({}, true);
    refused({ tokenFile });
    refused({ passwordHash });
    refused({ host: '::' });
    refused({ host: 'console.example' });
    refused({ host: '192.0.2.1', tls });
    assertSafeListen({ ...base, host: '0.0.0.0', tokenFile, tls }, false);
    assertSafeListen({ ...base, host: '0.0.0.0', passwordHash }, true);
    for (const host of ['127.0.0.1', '127.8.9.10', '::1', 'localhost'])
      assertSafeListen({ ...base, host }, false);
    expect(isLoopback('127.0.0.1.example')).toBe(false);
    expect(isLoopback('::ffff:192.0.2.1')).toBe(false);
  });

  test('is refused before the socket is opened', async () => {
    await expect(serve({ console: { host: '0.0.0.0' } })).rejects.toMatchObject({ code: 'unsafe-listen' });
  });

  test('with a token file that is missing, or too short, or a hash that is none, is refused', () => {
    const short = join(folder, 'short');
    writeFileSync(short, 'short');
    const config = { ...base, host: '127.0.0.1' };
    expect(() => readSecrets({ ...config, tokenFile: join(folder, 'none') })).toThrowError(
      expect.objectContaining({ code: 'secret-unreadable' }),
    );
    expect(() => readSecrets({ ...config, tokenFile: short })).toThrowError(/16 characters/);
    expect(() => readSecrets({ ...config, passwordHash: 'plain' })).toThrowError(/--hash-password/);
  });
});

describe('a password hash', () => {
  test('knows its password and no other, and is never the same twice', async () => {
    expect(await verifyPassword(PASSWORD, passwordHash)).toBe(true);
    expect(await verifyPassword(`${PASSWORD} `, passwordHash)).toBe(false);
    expect(await verifyPassword('', passwordHash)).toBe(false);
    expect(await hashPassword(PASSWORD)).not.toBe(passwordHash);
    expect(isPasswordHash(passwordHash)).toBe(true);
  });

  test('that asks for too much or makes no sense is none', () => {
    const [, , , , salt, key] = passwordHash.split(':');
    for (const numbers of ['1048576:8:1', '16385:8:1', '16384:99:1', '0:8:1', '16384:8:0']) {
      expect(isPasswordHash(`scrypt:${numbers}:${salt}:${key}`)).toBe(false);
    }
  });
});

describe('without a secret', () => {
  test('everybody on this machine is let in, under the server’s own names only', async () => {
    const server = await serve();
    expect(JSON.parse((await ask(server, '/api/v1/session')).body)).toEqual({
      required: false,
      authenticated: true,
      method: 'none',
      csrfToken: null,
    });
    const status = async (host: string) =>
      (await ask(server, '/api/v1/cluster', { headers: { host } })).status;
    for (const host of ['127.0.0.1', 'localhost', 'LOCALHOST:8323', '[::1]:8323'])
      expect(await status(host)).toBe(200);
    for (const host of [
      'evil.example',
      'localhost.evil.example',
      '127.0.0.1.evil.example:8323',
      '192.0.2.1',
    ]) {
      expect(await status(host)).toBe(403);
    }
    expect((await ask(server, '/', { headers: { host: 'evil.example' } })).status).toBe(403);
  });

  test('names of the configuration are let in too', async () => {
    const server = await serve({ console: { allowedHosts: ['clock.example'] } });
    expect((await ask(server, '/api/v1/cluster', { headers: { host: 'Clock.example:443' } })).status).toBe(
      200,
    );
  });

  test('what changes something must come from the same site', async () => {
    const server = await serve();
    const { host } = new URL(server.url);
    const post = async (headers: Record<string, string>) => (await login(server, 'x', headers)).status;
    expect(await post({})).toBe(200);
    expect(await post({ origin: `http://${host}` })).toBe(200);
    expect(await post({ origin: 'http://evil.example' })).toBe(403);
    expect(await post({ origin: 'null' })).toBe(403);
    expect(await post({ 'sec-fetch-site': 'cross-site' })).toBe(403);
  });
});

describe('with a password', () => {
  const protectedPaths = [
    '/api/v1/cluster',
    '/api/v1/nodes/cp-1',
    '/api/v1/changes',
    '/api/v1/stream',
    '/api/openapi.json',
    '/metrics',
  ];

  test('nothing of the cluster is told before the login, everything after', async () => {
    const server = await serve({ console: { passwordHash } });
    for (const path of protectedPaths)
      expect(`${path} ${(await ask(server, path)).status}`).toBe(`${path} 401`);
    for (const path of ['/', '/healthz', '/api/v1/session'])
      expect((await ask(server, path)).status).toBe(200);
    const wrong = await login(server, 'wrong');
    expect(wrong.status).toBe(401);
    expect(wrong.headers['set-cookie']).toBeUndefined();
    const right = await login(server, PASSWORD);
    expect(right.status).toBe(200);
    expect(JSON.parse(right.body)).toMatchObject({ required: true, authenticated: true, method: 'password' });
    expect(right.headers['set-cookie']?.[0]).toMatch(
      /^clockwarden=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    const cookie = cookieOf(right);
    expect((await ask(server, '/api/v1/cluster', { headers: { cookie } })).status).toBe(200);
    expect((await ask(server, '/api/v1/cluster', { headers: { cookie: `${cookie}x` } })).status).toBe(401);
  });

  test('the logout wants the CSRF token, and ends the session', async () => {
    const server = await serve({ console: { passwordHash } });
    const right = await login(server, PASSWORD);
    const cookie = cookieOf(right);
    const { csrfToken } = JSON.parse(right.body) as { csrfToken: string };
    const out = (token: string) =>
      ask(server, '/api/v1/session', { method: 'DELETE', headers: { cookie, 'x-csrf-token': token } });
    expect((await out('')).status).toBe(403);
    expect((await out('wrong')).status).toBe(403);
    expect(JSON.parse((await ask(server, '/api/v1/session', { headers: { cookie } })).body)).toMatchObject({
      csrfToken,
    });
    expect((await out(csrfToken)).status).toBe(200);
    expect((await ask(server, '/api/v1/cluster', { headers: { cookie } })).status).toBe(401);
  });

  test('after a few wrong ones even the right one waits', async () => {
    const server = await serve({ console: { passwordHash } });
    for (let attempt = 0; attempt < 5; attempt++)
      expect((await login(server, `wrong ${attempt}`)).status).toBe(401);
    const late = await login(server, PASSWORD);
    expect(late.status).toBe(429);
    expect(Number(late.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(late.headers['retry-after'])).toBeLessThanOrEqual(60);
  });

  test('behind a TLS proxy the cookie is Secure, and attempts count where they come from', async () => {
    const server = await serve({ console: { passwordHash }, behindProxy: true });
    const from = (address: string) => ({
      'x-forwarded-for': `6.6.6.6, ${address}`,
      'x-forwarded-proto': 'https',
    });
    for (let attempt = 0; attempt < 5; attempt++) await login(server, 'wrong', from('192.0.2.1'));
    expect((await login(server, PASSWORD, from('192.0.2.1'))).status).toBe(429);
    const right = await login(server, PASSWORD, from('192.0.2.2'));
    expect(right.headers['set-cookie']?.[0]).toMatch(/^__Host-clockwarden=.*; Secure; SameSite=Strict$/);
  });

  test('no more than a few hashes are computed at once', async () => {
    const server = await serve({ console: { passwordHash } });
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => login(server, `wrong ${index}`)),
    );
    const statuses = answers.map((answer) => answer.status);
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(5);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(7);
  });

  test('a body that is no login is refused in words', async () => {
    const server = await serve({ console: { passwordHash } });
    for (const body of [{}, { secret: 7 }, { secret: 'x'.repeat(2_000) }]) {
      expect((await ask(server, '/api/v1/session', { method: 'POST', body })).status).toBe(400);
    }
  });
});

describe('with a token', () => {
  test('programs send it, people log in with it, and it is told to nobody', async () => {
    const lines: string[] = [];
    const server = await serve({ console: { tokenFile, passwordHash }, log: (line) => lines.push(line) });
    const bearer = (token: string, headers = {}) =>
      ask(server, '/metrics', { headers: { authorization: `Bearer ${token}`, ...headers } });
    expect((await bearer(TOKEN)).status).toBe(200);
    // A program in the cluster calls the server by the name of its Service.
    expect((await bearer(TOKEN, { host: 'clockwarden.monitoring.svc' })).status).toBe(200);
    expect((await bearer('wrong-wrong-wrong-wrong')).status).toBe(401);
    expect((await bearer('wrong-wrong-wrong-wrong', { host: 'clockwarden.monitoring.svc' })).status).toBe(
      403,
    );
    expect((await login(server, TOKEN)).status).toBe(200);
    const answers = [
      await ask(server, '/api/v1/session'),
      await ask(server, '/api/v1/cluster', { headers: { authorization: `Bearer ${TOKEN}` } }),
      await bearer(TOKEN),
    ];
    for (const text of [
      ...lines,
      ...answers.map((answer) => answer.body),
      process.title,
      process.argv.join(' '),
    ]) {
      expect(text).not.toContain(TOKEN);
      expect(text).not.toContain(passwordHash);
    }
  });

  test('guessing is slowed down', async () => {
    const server = await serve({ console: { tokenFile } });
    const guess = async (token: string) =>
      (await ask(server, '/metrics', { headers: { authorization: `Bearer ${token}` } })).status;
    for (let attempt = 0; attempt < 5; attempt++) expect(await guess(`wrong-${attempt}`)).toBe(401);
    expect(await guess('wrong-6')).toBe(429);
    expect(await guess(TOKEN)).toBe(200);
  });
});

test('a place is an IPv4 address or an IPv6 /64', () => {
  expect(placeOf('::ffff:192.0.2.7')).toBe('192.0.2.7');
  expect(placeOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2');
  expect(placeOf('2001:db8::1')).toBe('2001:db8:0:0');
  expect(placeOf('fe80::1%eth0')).toBe('fe80:0:0:0');
});
