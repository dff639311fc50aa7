import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Chronyd, startChronyd } from '@clockwarden/testkit/daemons';
import { createNetwork } from '@clockwarden/testkit/namespace';
import { freePort, run } from '@clockwarden/testkit/process';
import { waitFor } from '@clockwarden/testkit/wait';
import { describe, expect, it } from 'vitest';

const main = join(import.meta.dirname, '..', 'main.ts');
const fixtures = join(import.meta.dirname, '../../../fixtures');

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function clockwarden(args: readonly string[], input?: string): Promise<Ended> {
  const child = spawn(process.execPath, [main, ...args], { env: { ...process.env, LC_ALL: 'C' } });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (bytes) => {
    output.stdout += String(bytes);
  });
  child.stderr.on('data', (bytes) => {
    output.stderr += String(bytes);
  });
  // A flood is refused before all of it is read.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input ?? '');
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, ...output }));
  });
}

function nameOf({ address, cmdPort }: Chronyd): string {
  return `${address}:${cmdPort}`;
}

describe('clockwarden chrony', () => {
  it('explains a real chronyd: 0 when it follows a server, with what its JSON promises', async () => {
    await using server = await startChronyd({ config: ['local stratum 3', 'allow'] });
    await using client = await startChronyd({
      port: 0,
      config: [`server 127.0.0.1 port ${server.port} iburst minpoll -2 maxpoll -1`],
    });
    const { stdout } = await waitFor(
      async () => {
        const run = await clockwarden(['chrony', nameOf(client), '--json']);
        return run.code === 0 ? run : undefined;
      },
      { deadlineMs: 60_000, what: 'a synchronized chronyd', evidence: client.log },
    );
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      schema: 'clockwarden.chrony/1',
      target: nameOf(client),
      verdict: 'ok',
      error: null,
      tracking: { refName: '127.0.0.1', stratum: 4, leap: 'normal' },
    });
    // In the middle of its initial burst chronyd counts the source there instead.
    expect(report.activity.online + report.activity.burstOnline).toBe(1);
    expect(report.sources[0]).toMatchObject({ mode: 'server', state: 'selected', stratum: 3 });
    expect(report.sourceStats.length).toBe(1);
    expect(report.explanation.conclusions.map(({ code }: { code: string }) => code)).toContain(
      'synchronized',
    );
    const chinese = await clockwarden(['chrony', nameOf(client), '--lang', 'zh-CN']);
    expect(chinese.stdout).toContain('已同步到 127.0.0.1');
    expect(chinese.stdout).toMatch(/\^\* {2}127\.0\.0\.1/);
  });

  it('says 2 for one that never synchronized, and null of what was never measured', async () => {
    await using lonely = await startChronyd({ port: 0, config: ['server 127.0.0.9 port 9'] });
    const { code, stdout } = await clockwarden(['chrony', nameOf(lonely), '--json']);
    const report = JSON.parse(stdout);
    expect(code).toBe(2);
    expect(report.verdict).toBe('critical');
    expect(report.sources[0]).toMatchObject({ lastSampleAgeSeconds: null, adjustedOffsetSeconds: null });
  });

  it('says 3 and why when nothing listens', async () => {
    const port = await freePort('udp');
    const { code, stdout } = await clockwarden(['chrony', `127.0.0.1:${port}`]);
    expect(code).toBe(3);
    expect(stdout).toContain('Nothing listens on UDP port');
    expect(stdout).toContain('bindcmdaddress');
    const json = JSON.parse((await clockwarden(['chrony', `127.0.0.1:${port}`, '--json'])).stdout);
    expect(json).toMatchObject({
      verdict: 'unreachable',
      error: { code: 'refused' },
      tracking: null,
      explanation: null,
    });
  });

  it('reads another host that allows it, over IPv4 and IPv6, and says why when that one does not', async () => {
    await using network = await createNetwork(['here', 'there']);
    const { here, there } = network.hosts;
    const ask = async (address: string): Promise<Record<string, unknown>> => {
      const args = [main, 'chrony', address, '--json', '--timeout', '1'];
      const { stdout } = await run(process.execPath, args, { namespace: here.namespace });
      return JSON.parse(stdout);
    };
    const daemon = (address: string, ...config: string[]) =>
      startChronyd({ namespace: there.namespace, address, port: 0, config: ['local stratum 10', ...config] });
    {
      await using closed = await daemon(there.address);
      expect(await ask(there.address)).toMatchObject({ error: { code: 'unreachable' } });
      expect(closed.log()).not.toBe('');
    }
    for (const address of [there.address, there.address6]) {
      await using opened = await daemon(
        address,
        `cmdallow ${address === there.address ? here.address : here.address6}`,
      );
      const report = await waitFor(async () => {
        const answer = await ask(address.includes(':') ? `[${address}]` : address);
        return answer.error === null ? answer : undefined;
      });
      expect(report).toMatchObject({ tracking: { refId: '7F7F0101' }, sources: [] });
      expect(opened.log()).not.toBe('');
    }
    expect(await ask(there.address)).toMatchObject({ error: { code: 'refused' } });
  });

  it('shows commands, and refuses what is no host', async () => {
    expect((await clockwarden(['chrony', 'x', '--show-commands'])).stdout).toContain('chronyc -n sources -v');
    expect((await clockwarden(['chrony', 'a b'])).code).toBe(64);
    expect((await clockwarden(['chrony', 'a:70000'])).code).toBe(64);
  });
});

describe('clockwarden explain', () => {
  const file = join(fixtures, 'chrony-3/sources-v.txt');

  it('reads a file, standard input, and speaks both languages', async () => {
    const english = await clockwarden(['explain', file]);
    expect(english.code).toBe(0);
    expect(english.stdout).toContain('The source that chronyd follows.');
    const piped = await clockwarden(['explain', '-', '--lang', 'zh-CN'], readFileSync(file, 'utf8'));
    expect(piped.stdout).toContain('chronyd 正在跟随的源');
    const json = JSON.parse((await clockwarden(['explain', '--json'], readFileSync(file, 'utf8'))).stdout);
    expect(json).toMatchObject({ schema: 'clockwarden.explain/1', notUnderstood: [] });
    expect(json.sections[0].rows.length).toBe(5);
  });

  it('names the lines that it did not understand, and goes on', async () => {
    const { code, stdout } = await clockwarden(['explain'], `what is this\n${readFileSync(file, 'utf8')}`);
    expect(code).toBe(0);
    expect(stdout).toMatch(/not understood:\n {5}1 {2}what is this/);
  });

  it('refuses unknown text, nothing at all, a missing file and a flood, each with its own code', async () => {
    expect(await clockwarden(['explain'], 'lorem ipsum\n')).toMatchObject({ code: 65 });
    expect((await clockwarden(['explain'], '')).code).toBe(65);
    expect((await clockwarden(['explain', '/nonexistent'])).code).toBe(66);
    expect((await clockwarden(['explain'], 'x'.repeat(1_100_000))).code).toBe(66);
    expect((await clockwarden(['explain', '--show-commands'])).stdout).toContain(
      'timedatectl timesync-status',
    );
  });
});
