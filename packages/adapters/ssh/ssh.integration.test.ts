/** The source against a real sshd and a real ssh. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeSpec } from '@clockwarden/core/inventory';
import type { Failure, Reading } from '@clockwarden/core/observe';
import { defaultSources, type SshConfig } from '@clockwarden/core/policy';
import type { TimeBase } from '@clockwarden/core/ports';
import { boundOf, contains } from '@clockwarden/core/time';
import { type Sshd, startSshd } from '@clockwarden/testkit/daemons';
import { launch, run, runOrThrow } from '@clockwarden/testkit/process';
import { waitFor } from '@clockwarden/testkit/wait';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cryptoRandom } from '../round/index.ts';
import { createTimeBase } from '../time-base/index.ts';
import { createSshSource } from './index.ts';

const timeBase = createTimeBase();
let directory: string;
let sshd: Sshd;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'clockwarden-ssh-'));
  sshd = await startSshd({ users: ['nologin:x:65532:65532::/:/usr/sbin/nologin'] });
});
afterAll(async () => {
  await sshd?.stop();
  rmSync(directory, { recursive: true, force: true });
});

const nodeAt = (address: string, more: Partial<NodeSpec> = {}): NodeSpec => ({
  name: address,
  address,
  roles: [],
  ssh: {},
  origin: 'test:1',
  ...more,
});

/** The cheapest key exchange: it is not what is tested here. */
const quick = ['-o', 'KexAlgorithms=curve25519-sha256'];
const config = (more: Partial<SshConfig> = {}): SshConfig => ({
  ...defaultSources.ssh,
  configFile: sshd.sshConfig,
  extraArguments: quick,
  ...more,
});

interface Asked {
  readonly readings: Map<string, Reading>;
  readonly order: string[];
}

async function ask(
  nodes: readonly NodeSpec[],
  settings: SshConfig = config(),
  { base = timeBase, signal = new AbortController().signal }: { base?: TimeBase; signal?: AbortSignal } = {},
): Promise<Asked> {
  const source = createSshSource(settings);
  const asked: Asked = { readings: new Map(), order: [] };
  try {
    await source.collect(nodes, { timeBase: base, random: cryptoRandom, signal }, (node, reading) => {
      expect(asked.readings.has(node.name)).toBe(false);
      asked.readings.set(node.name, reading);
      asked.order.push(node.name);
    });
  } finally {
    await source.close();
  }
  return asked;
}

async function failureOf(node: NodeSpec, settings?: SshConfig): Promise<Failure> {
  const result = (await ask([node], settings)).readings.get(node.name)?.result;
  if (result === undefined || result.ok) throw new Error(`no failure: ${JSON.stringify(result?.facts.raw)}`);
  expect(result.failure.text['zh-CN']).not.toBe(result.failure.text.en);
  expect(JSON.stringify(result.failure)).not.toMatch(/debug1/);
  return result.failure;
}

/** A TCP server that says nothing, or one line. */
async function tcpServer(greeting = ''): Promise<AsyncDisposable & { port: number }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    if (greeting !== '') socket.end(greeting);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

describe('a node that answers', () => {
  test('gives its clock, kernel, host and timezone in one login', async () => {
    const reading = (await ask([nodeAt('node')])).readings.get('node');
    expect(reading).toMatchObject({ source: 'ssh', target: 'ssh node', result: { ok: true } });
    if (!reading?.result.ok) return;
    const { clock, kernel, host, timezone, stepClock } = reading.result.facts;
    expect(clock).toMatchObject({
      stampedBy: 'node-command',
      samples: expect.toSatisfy((count: number) => count >= 3),
    });
    expect(clock && contains(clock.offset, 0)).toBe(true);
    expect(clock && boundOf(clock.offset)).toBeLessThan(0.1);
    expect([kernel, host, timezone, stepClock]).not.toContain(null);
    expect(reading.at).toBeLessThan(timeBase.monotonic());
  });

  test.each([0, 4_200_000_000n, -86_400_000_000_000n])(
    'whose clock is %d ns off is seen to be so in hundreds of readings',
    async (offset) => {
      const socket = join(directory, `master${offset}`);
      await using master = launch('ssh', ['-F', sshd.sshConfig, '-M', '-N', '-S', socket, 'node']);
      const control = ['-o', `ControlPath=${socket}`];
      await waitFor(
        async () => (await run('ssh', ['-F', sshd.sshConfig, '-O', 'check', ...control, 'node'])).code === 0,
        {
          what: 'a master connection',
          evidence: master.log,
        },
      );
      // The same as a node that is ahead: a collector whose time base is behind.
      const base: TimeBase = { ...timeBase, instantAt: (at) => timeBase.instantAt(at) - BigInt(offset) };
      const nodes = Array.from({ length: 334 }, (_, index) => nodeAt('node', { name: `n${index}` }));
      // sshd admits ten sessions a connection.
      const asked = await ask(
        nodes,
        config({ concurrency: 8, extraArguments: control, timeoutSeconds: 60 }),
        { base },
      );
      expect(asked.readings.size).toBe(334);
      for (const { result } of asked.readings.values()) {
        const clock = result.ok ? result.facts.clock : null;
        if (clock === null) throw new Error(JSON.stringify(result));
        expect(contains(clock.offset, Number(offset) / 1e9)).toBe(true);
      }
    },
  );
});

describe('a node that does not', () => {
  test('with an unknown host key is refused, with the key and the command that accepts it', async () => {
    const empty = join(directory, 'empty');
    writeFileSync(empty, '');
    const extra = ['-o', `UserKnownHostsFile=${empty}`, '-o', 'StrictHostKeyChecking=accept-new'];
    const failure = await failureOf(nodeAt('node'), config({ extraArguments: extra }));
    expect(failure.code).toBe('unauthorized');
    expect(failure.text.en).toMatch(/not known \(it showed ssh-ed25519 SHA256:.*\); nobody was trusted/);
    expect(failure.hint?.en).toContain('StrictHostKeyChecking=ask');
    expect(readFileSync(empty, 'utf8')).toBe('');
  });

  test('with a changed host key is refused with a warning', async () => {
    const other = join(directory, 'other');
    await runOrThrow('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', other]);
    const key = readFileSync(`${other}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
    const known = join(directory, 'wrong');
    writeFileSync(known, `[127.0.0.1]:${sshd.port} ${key}\n`);
    const failure = await failureOf(
      nodeAt('node'),
      config({ extraArguments: ['-o', `UserKnownHostsFile=${known}`] }),
    );
    expect(failure.code).toBe('unauthorized');
    expect(failure.text.en).toMatch(/other than the one on record \(it showed ssh-ed25519 SHA256:/);
    expect(failure.hint?.en).toContain(`${known}:1`);
  });

  test('with a key that is not let in is unauthorised', async () => {
    const key = join(directory, 'stranger');
    await runOrThrow('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    const settings = config({ extraArguments: ['-F', sshd.sshConfig, '-o', `IdentityFile=${key}`] });
    const only = join(directory, 'stranger_config');
    writeFileSync(
      only,
      readFileSync(sshd.sshConfig, 'utf8').replace(/IdentityFile .*/, `IdentityFile ${key}`),
    );
    const failure = await failureOf(nodeAt('node'), { ...settings, configFile: only, extraArguments: [] });
    expect(failure).toMatchObject({ code: 'unauthorized' });
    expect(failure.text.en).toContain('Permission denied');
  });

  test('with a closed port is refused', async () => {
    const { port } = await tcpServer().then(async (server) => {
      await server[Symbol.asyncDispose]();
      return server;
    });
    expect(await failureOf(nodeAt('127.0.0.1', { ssh: { port } }))).toMatchObject({ code: 'refused' });
  });

  test('with a port that says nothing is unreachable when its time is up', async () => {
    await using server = await tcpServer();
    const started = performance.now();
    const node = nodeAt('127.0.0.1', { ssh: { port: server.port } });
    expect(await failureOf(node, config({ timeoutSeconds: 1 }))).toMatchObject({ code: 'unreachable' });
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('with another service on the port is told apart', async () => {
    await using server = await tcpServer('HTTP/1.1 400 Bad Request\r\n\r\n');
    const failure = await failureOf(nodeAt('127.0.0.1', { ssh: { port: server.port } }));
    expect(['refused', 'unreachable']).toContain(failure.code);
  });

  test('with an unknown name is unreachable', async () => {
    const failure = await failureOf(nodeAt('nowhere.invalid'));
    expect(failure).toMatchObject({ code: 'unreachable' });
    expect(failure.text.en).toContain('nowhere.invalid');
  });

  test('without a shell is unsupported', async () => {
    const failure = await failureOf(nodeAt('node', { ssh: { user: 'nologin' } }));
    expect(failure).toMatchObject({ code: 'unsupported' });
    expect(failure.text.en).toContain('ran no POSIX shell');
  });

  test('with a bad option in its configuration says which', async () => {
    const failure = await failureOf(nodeAt('node', { ssh: { extraArguments: ['-o', 'NoSuchOption=1'] } }));
    expect(failure).toMatchObject({ code: 'unsupported' });
    expect(failure.text.en).toMatch(/nosuchoption/i);
  });

  test.each(['-oProxyCommand=touch /tmp/x', 'a b', '$(id)', "x'y", ''])(
    'named %j never reaches ssh',
    async (address) => {
      expect(await failureOf(nodeAt(address))).toMatchObject({ code: 'unsupported' });
      const user = { ssh: { user: address } };
      expect(await failureOf(nodeAt('node', user))).toMatchObject({ code: 'unsupported' });
    },
  );
});

describe('a session that breaks', () => {
  const programs = (scripts: Readonly<Record<string, string>>): string => {
    const bin = mkdtempSync(join(directory, 'bin-'));
    chmodSync(bin, 0o755);
    for (const [name, script] of Object.entries(scripts)) {
      writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }
    return `${bin}:${process.env.PATH}`;
  };

  test('after its clock was told keeps what it told', async () => {
    await using broken = await startSshd({ env: { PATH: programs({ chronyc: 'kill -9 $PPID' }) } });
    const settings = { ...config(), configFile: broken.sshConfig };
    const result = (await ask([nodeAt('node')], settings)).readings.get('node')?.result;
    if (!result?.ok) throw new Error(JSON.stringify(result));
    expect(result.facts.clock && contains(result.facts.clock.offset, 0)).toBe(true);
    expect(result.facts.timezone).not.toBeNull();
    expect(result.facts.chrony).toBeNull();
  });

  test('before it told anything is malformed', async () => {
    await using broken = await startSshd({
      config: ['ForceCommand echo "clockwarden 1"; read -r line; exit 3'],
    });
    const failure = await failureOf(nodeAt('node'), { ...config(), configFile: broken.sshConfig });
    expect(failure).toMatchObject({ code: 'malformed' });
  });

  test('prints without end is cut off', async () => {
    await using broken = await startSshd({ config: ['ForceCommand yes'] });
    const failure = await failureOf(nodeAt('node'), { ...config(), configFile: broken.sshConfig });
    expect(failure).toMatchObject({ code: 'malformed' });
  });

  test('wedged after the clock keeps the clock when its time is up', async () => {
    const wedge = programs({ perl: 'exit 127', grep: 'sleep 600' });
    await using broken = await startSshd({ env: { PATH: wedge } });
    const settings = { ...config({ timeoutSeconds: 5 }), configFile: broken.sshConfig };
    const result = (await ask([nodeAt('node')], settings)).readings.get('node')?.result;
    if (!result?.ok) throw new Error(JSON.stringify(result));
    expect(result.facts.clock && contains(result.facts.clock.offset, 0)).toBe(true);
    expect(result.facts.daemons).toBeNull();
  });
});

test('a hundred dead nodes delay no living one, however few logins there may be at once', async () => {
  await using silent = await tcpServer();
  const dead = Array.from({ length: 100 }, (_, index) =>
    nodeAt('127.0.0.1', { name: `dead${index}`, ssh: { port: silent.port } }),
  );
  const living = Array.from({ length: 30 }, (_, index) => nodeAt('node', { name: `n${index}` }));
  const { order, readings } = await ask([...dead, ...living], config({ timeoutSeconds: 20, concurrency: 8 }));
  expect(order.length).toBe(130);
  expect(order.slice(0, 30).every((name) => name.startsWith('n'))).toBe(true);
  for (const { name } of living) expect(readings.get(name)?.result.ok).toBe(true);
  for (const { name } of dead) expect(readings.get(name)?.result.ok).toBe(false);
});

test('an abort ends all logins and emits nothing more', async () => {
  await using silent = await tcpServer();
  const controller = new AbortController();
  const nodes = [1, 2, 3].map((n) => nodeAt('127.0.0.1', { name: `n${n}`, ssh: { port: silent.port } }));
  const asking = ask(nodes, config({ timeoutSeconds: 60 }), { signal: controller.signal });
  const mark = `-p ${silent.port}`;
  const logins = async (): Promise<number> =>
    (await run('ps', ['-eo', 'args'])).stdout
      .split('\n')
      .filter((line) => line.startsWith('ssh ') && line.includes(mark)).length;
  await waitFor(async () => (await logins()) === 3, { what: 'three logins' });
  controller.abort();
  expect((await asking).readings.size).toBe(0);
  await waitFor(async () => (await logins()) === 0, { what: 'no login' });
});
