import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalizedSnapshot, localizedSnapshotSchema } from '@clockwarden/api/snapshot';
import { type Behaviour, type Responder, startResponder } from '@clockwarden/testkit/responder';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const main = join(import.meta.dirname, '..', 'main.ts');
const folder = mkdtempSync(join(tmpdir(), 'clockwarden-check-'));
const responders = new Map<string, Responder>();
let port = 0;

/** Nodes by name, each with the lie that its clock tells. */
const cluster: Readonly<Record<string, Behaviour>> = {
  calm1: {},
  calm2: {},
  calm3: {},
  fast: { aheadSeconds: 40 },
  slow: { aheadSeconds: -200 },
};
const addressOf = (index: number): string => `127.0.0.${index + 11}`;

beforeAll(async () => {
  for (const [index, [name, behaviour]] of Object.entries(cluster).entries()) {
    const responder = await startResponder({ address: addressOf(index), port, behaviour });
    port = responder.port;
    responders.set(name, responder);
  }
});

afterAll(async () => {
  await Promise.all([...responders.values()].map((responder) => responder.stop()));
  rmSync(folder, { recursive: true, force: true });
});

function configure(names: readonly string[], more = ''): string {
  const nodes = names.map((name) => {
    const index = Object.keys(cluster).indexOf(name);
    return `  - ${name}=${index < 0 ? '127.0.0.99' : addressOf(index)}`;
  });
  const path = join(folder, `${names.join('-')}.yaml`);
  writeFileSync(
    path,
    `name: lab\nsources:\n  ntp: {port: ${port}, timeout: 2s}\nnodes:\n${nodes.join('\n')}\n${more}`,
  );
  return path;
}

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function clockwarden(...args: string[]): Promise<Ran> {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (bytes) => {
    stdout += bytes;
  });
  child.stderr.on('data', (bytes) => {
    stderr += bytes;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, stdout, stderr };
}

async function checked(
  names: readonly string[],
  ...args: string[]
): Promise<Ran & { readonly json: LocalizedSnapshot }> {
  const ran = await clockwarden('check', '--json', '--config', configure(names), ...args);
  return { ...ran, json: localizedSnapshotSchema.parse(JSON.parse(ran.stdout)) };
}

describe('clockwarden check', () => {
  test('a calm cluster is ok, exit 0, and its median holds this machine’s own clock', async () => {
    const { code, json } = await checked(['calm1', 'calm2', 'calm3']);
    expect(code).toBe(0);
    expect(json.summary).toEqual({ ok: 3, warning: 0, critical: 0, undetermined: 0, unreachable: 0 });
    expect(json.median?.nodes).toBe(3);
    expect(json.median?.lowSeconds).toBeLessThanOrEqual(0);
    expect(json.median?.highSeconds).toBeGreaterThanOrEqual(0);
    expect(json.headline).toMatch(/^The cluster is one in time: all 3 nodes within /);
  });

  test('positive is ahead: a clock 40 s fast is a warning at +40 s, one 200 s slow is critical at −200 s', async () => {
    const { code, json } = await checked(Object.keys(cluster));
    expect(code).toBe(2);
    const verdicts = json.nodes.map(({ name, verdict }) => `${name} ${verdict}`);
    expect(verdicts).toEqual(['calm1 ok', 'calm2 ok', 'calm3 ok', 'fast warning', 'slow critical']);
    for (const [name, truth] of [
      ['fast', 40],
      ['slow', -200],
    ] as const) {
      const offset = json.nodes.find((node) => node.name === name)?.offset;
      expect(offset?.lowSeconds).toBeLessThanOrEqual(truth);
      expect(offset?.highSeconds).toBeGreaterThanOrEqual(truth);
    }
  });

  test('a node that nobody reaches is undetermined with exit 3, its offset null', async () => {
    const { code, json } = await checked(['calm1', 'calm2', 'calm3', 'nobody']);
    expect(code).toBe(3);
    const nobody = json.nodes.find(({ name }) => name === 'nobody');
    expect(nobody).toMatchObject({
      verdict: 'undetermined',
      reachable: false,
      offset: null,
      sync: null,
      kernel: null,
    });
    expect(nobody?.sources[0]?.failure?.code).toMatch(/unreachable|refused/);
    expect(json.median?.nodes).toBe(3);
  });

  test('--fail-on sets what counts', async () => {
    const config = configure(Object.keys(cluster));
    expect((await clockwarden('check', '--config', config, '--fail-on', 'never')).code).toBe(0);
    const unreachable = configure(['calm1', 'calm2', 'calm3', 'nobody']);
    expect((await clockwarden('check', '--config', unreachable, '--fail-on', 'warning')).code).toBe(0);
  });

  test('a person reads the sentence first, then the worst node first, in both languages', async () => {
    const config = configure(Object.keys(cluster));
    const english = (await clockwarden('check', '--config', config, '--lang', 'en')).stdout.split('\n');
    expect(english[0]).toMatch(/^2 of 5 nodes need attention\. slow: Offset from the cluster median −200\./);
    expect(english[3]).toMatch(/^slow +worker +✖ critical +synchronized/);
    expect(english[4]).toMatch(/^fast +worker +▲ warning/);
    const chinese = (await clockwarden('check', '--config', config, '--lang', 'zh-CN')).stdout;
    expect(chinese).toMatch(/^5 个节点中有 2 个需要处理。slow：相对集群中位数的偏移 −200\./);
  });

  test('a reference judges the whole cluster', async () => {
    const config = configure(['calm1', 'calm2', 'calm3'], `reference: ${addressOf(3)}:${port}\n`);
    const { code, stdout } = await clockwarden('check', '--json', '--config', config);
    const json = localizedSnapshotSchema.parse(JSON.parse(stdout));
    expect(code).toBe(1);
    expect(json.reasons.map(({ code: reason }) => reason)).toContain('reference-cluster');
    expect(json.fromReference?.seconds).toBeCloseTo(-40, 1);
  });

  test('--watch prints a line a round and ends by SIGINT with the last exit code', async () => {
    const child = spawn(
      process.execPath,
      [main, 'check', '--json', '--watch', '0.5', '--config', configure(['calm1', 'calm2', 'calm3'])],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let stdout = '';
    const code = await new Promise<number | null>((resolve) => {
      child.stdout.on('data', (bytes) => {
        stdout += bytes;
        if (stdout.split('\n').length > 2) child.kill('SIGINT');
      });
      child.on('close', resolve);
    });
    expect([0, 130]).toContain(code);
    const [first = '', second = ''] = stdout.split('\n');
    for (const line of [first, second])
      expect(localizedSnapshotSchema.parse(JSON.parse(line)).verdict).toBe('ok');
  });

  test('--show-commands names what an expert would type', async () => {
    const { stdout, code } = await clockwarden('check', '--show-commands', '--config', configure(['calm1']));
    expect(code).toBe(0);
    expect(stdout).toContain('# calm1 (127.0.0.11)');
    expect(stdout).toContain('timedatectl');
  });
});

describe('mistakes', () => {
  test.each([
    [['check', '--config', '/nonexistent/clockwarden.yaml'], 66, 'does not exist'],
    [['chekc'], 64, 'check'],
    [['check', '--timeout', '-1'], 64, '--timeout'],
    [['check', '--watch', '0'], 64, '0.5'],
  ])('%j says what is wrong and exits with %d', async (args, code, words) => {
    const ran = await clockwarden(...args);
    expect(ran.stderr).toContain(words);
    expect(ran.stdout).toBe('');
    expect(ran.code).toBe(code);
  });

  test('a mistake in the configuration is told with file, line and column, in JSON too', async () => {
    const path = join(folder, 'wrong.yaml');
    writeFileSync(path, 'name: lab\nnodess:\n  - a=10.0.0.1\n');
    const ran = await clockwarden('check', '--config', path);
    expect(ran.code).toBe(78);
    expect(ran.stderr).toContain(`${path}:2:1`);
    expect(ran.stderr).toContain('nodes');
    const json = await clockwarden('check', '--json', '--config', path);
    expect(JSON.parse(json.stderr)).toMatchObject({ error: { code: 'config-invalid' } });
  });
});
