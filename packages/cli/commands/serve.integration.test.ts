import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ClusterPage } from '@clockwarden/api/console';
import { launch, type Running } from '@clockwarden/testkit/process';
import { waitFor } from '@clockwarden/testkit/wait';
import { afterEach, beforeEach, expect, test } from 'vitest';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
let folder: string;
const started: Running[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clockwarden-serve-'));
});
afterEach(async () => {
  for (const one of started.splice(0)) await one.stop();
  rmSync(folder, { recursive: true, force: true });
});

function clockwarden(...args: readonly string[]): Running {
  const env = { NODE_OPTIONS: '', XDG_STATE_HOME: folder };
  const running = launch(process.execPath, [main, ...args], { cwd: folder, env });
  started.push(running);
  return running;
}

function listening(running: Running): Promise<string> {
  return waitFor(() => /https?:\/\/\S+/.exec(running.log())?.[0], {
    deadlineMs: 60_000,
    what: 'the address',
    evidence: running.log,
  });
}

async function page(url: string): Promise<ClusterPage> {
  return (await (await fetch(new URL('/api/v1/cluster', url))).json()) as ClusterPage;
}

test('without a configuration this machine is observed, the verdict is said, and SIGTERM ends it at once', async () => {
  const server = clockwarden('serve', '--listen', '127.0.0.1:0');
  const url = await listening(server);
  await waitFor(() => server.log().split('\n').length > 2, {
    deadlineMs: 60_000,
    what: 'the first verdict',
    evidence: server.log,
  });
  const { rows, status } = await page(url);
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ reachable: true, unsync: expect.any(Boolean) });
  expect(status.history).toMatchObject({
    state: 'writing',
    path: join(folder, 'clockwarden', 'history.sqlite'),
  });
  const startedAt = performance.now();
  server.child.kill('SIGTERM');
  expect(await server.exited).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  expect(server.log()).not.toMatch(/Warning|Error|bug:/);
});

test('a configuration that changes is taken up, and one that is broken is not', async () => {
  const file = join(folder, 'clockwarden.yaml');
  const write = (names: readonly string[], more = ''): void => {
    const nodes = names.map((name) => `  - { name: ${name}, address: 127.0.0.1, sources: [local] }\n`);
    writeFileSync(file, `name: lab\nnodes:\n${nodes.join('')}${more}`);
  };
  write(['a']);
  const server = clockwarden('serve', '--listen', '127.0.0.1:0');
  const url = await listening(server);
  const names = async () => (await page(url)).rows.map((row) => row.name);
  expect(await names()).toEqual(['a']);
  write(['a', 'b']);
  await waitFor(async () => (await names()).length === 2, { deadlineMs: 20_000, what: 'the second node' });
  write(['c'], 'nonsense: true\n');
  const problem = await waitFor(async () => (await page(url)).status.configProblem, { deadlineMs: 20_000 });
  expect(problem.text.en).toMatch(/clockwarden\.yaml:4/);
  expect(await names()).toEqual(['a', 'b']);
  write(['c']);
  server.child.kill('SIGHUP');
  await waitFor(async () => (await names()).join() === 'c', { deadlineMs: 20_000, what: 'the mended one' });
  expect((await page(url)).status.configProblem).toBeNull();
});

test('an address in use, an unsafe address and an unknown history end with their own codes and words', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as { port: number };
  try {
    const inUse = clockwarden('serve', '--lang', 'en', '--listen', `127.0.0.1:${port}`);
    expect(await inUse.exited).toBe(69);
    expect(inUse.log()).toMatch(/Another program listens/);
  } finally {
    other.close();
  }
  const unsafe = clockwarden('serve', '--lang', 'en', '--listen', '0.0.0.0:0');
  expect(await unsafe.exited).toBe(78);
  expect(unsafe.log()).toMatch(/without authentication and TLS/);
  writeFileSync(join(folder, 'clockwarden.yaml'), 'history: { path: diary.txt }\n');
  writeFileSync(join(folder, 'diary.txt'), 'dear diary '.repeat(50));
  const foreign = clockwarden('serve', '--lang', 'en', '--listen', '127.0.0.1:0');
  expect(await foreign.exited).toBe(65);
  expect(foreign.log()).toMatch(/not a Clockwarden history/);
  const nonsense = clockwarden('serve', '--listen', 'nowhere');
  expect(await nonsense.exited).toBe(64);
});

test('--hash-password reads a line and prints a hash, and refuses a short one', async () => {
  const hash = async (password: string): Promise<{ code: number | null; printed: string }> => {
    const child = spawn(process.execPath, [main, 'serve', '--hash-password'], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    let printed = '';
    child.stdout.on('data', (chunk) => {
      printed += String(chunk);
    });
    child.stdin.end(`${password}\n`);
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, printed };
  };
  const good = await hash('a long password');
  expect(good).toEqual({ code: 0, printed: expect.stringMatching(/^scrypt:16384:8:1:[\w-]+:[\w-]{43}\n$/) });
  expect(await hash('short')).toEqual({ code: 64, printed: '' });
});
