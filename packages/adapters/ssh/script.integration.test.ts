/** The node's script in the shells that nodes have, with each way of reading the clock. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clockStep } from '@clockwarden/core/kernel';
import { clockOf, factsOfReport, parseReport } from '@clockwarden/core/node-report';
import { boundOf, contains } from '@clockwarden/core/time';
import { unpackDebian } from '@clockwarden/testkit/daemons';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readStepClock, readTimex } from '../kernel/index.ts';
import { createTimeBase } from '../time-base/index.ts';
import { runSession, type SessionOptions } from './session.ts';

const marker = '=c0ffee';
const timeBase = createTimeBase();
const pathBefore = process.env.PATH;

/** Stand-in programs, found before the machine's own. */
let bin: string;
beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'clockwarden-bin-'));
  process.env.PATH = `${bin}:${pathBefore}`;
});
afterEach(() => {
  process.env.PATH = pathBefore;
  rmSync(bin, { recursive: true, force: true });
});

function standIn(name: string, script: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
}

function without(...names: readonly string[]): void {
  for (const name of names) standIn(name, 'exit 127');
}

async function busybox(): Promise<string> {
  const program = (await unpackDebian(['busybox-static'])).path('bin/busybox');
  for (const applet of ['sh', 'grep', 'date', 'readlink', 'timeout', 'adjtimex']) {
    symlinkSync(program, join(bin, applet));
  }
  return program;
}

async function sessionIn(program: string, args: readonly string[], others: Partial<SessionOptions> = {}) {
  const { signal } = new AbortController();
  const options = { program, args, marker, sudo: 'never', timeoutMs: 60_000, timeBase, signal } as const;
  const session = await runSession({ ...options, ...others });
  const report = parseReport(session.end.stdout, marker);
  const measured = clockOf(session.exchanges, timeBase.precisionSeconds);
  return { session, report, measured, facts: factsOfReport(report, measured?.clock ?? null, 1) };
}

const shells: readonly [string, () => Promise<[string, string[]]>][] = [
  ['dash', async () => ['dash', ['-s']]],
  ['bash', async () => ['bash', ['-s']]],
  ['bash as sh', async () => ['bash', ['--posix', '-s']]],
  ['busybox ash', async () => [await busybox(), ['sh', '-s']]],
];

/** How the clock is read when these are missing, and the bound that must be reached on a busy machine. */
const ways: readonly [string, readonly string[], number][] = [
  ['perl', [], 0.1],
  ['python', ['perl'], 0.1],
  ['shell', ['perl', 'python3', 'python'], 0.5],
];

describe.each(shells)('%s', (_, start) => {
  test.each(ways)(
    'with %s tells clock, kernel, step clock, files and timezone',
    async (how, missing, bound) => {
      const [program, args] = await start();
      without(...missing);
      const { session, report, measured, facts } = await sessionIn(program, args);
      expect(session.end).toMatchObject({ kind: 'exited', code: 0 });
      expect(report.get('clock')?.output).toMatch(new RegExp(`^clock ${how}$`, 'm'));
      expect(measured?.stepped).toBe(false);
      expect(measured && contains(measured.clock.offset, 0)).toBe(true);
      expect(measured && boundOf(measured.clock.offset)).toBeLessThan(bound);
      expect(report.get('end')?.status).toBe(0);
      expect(facts.host?.kernel).toMatch(/^\d/);
      expect(facts.timezone?.localtime).not.toBeNull();
      expect(facts.timezone?.utcOffsetSeconds).not.toBeNull();
      expect(facts.daemons).not.toBeNull();
      if (how !== 'shell') {
        const { kernel, stepClock } = facts;
        expect(kernel).toMatchObject({ unsync: ((readTimex()?.status ?? 0) & 0x40) !== 0 });
        const here = readStepClock(stepClock?.bootId ?? '');
        expect(here && stepClock && clockStep(stepClock, here)).toBeNull();
        expect(stepClock?.boundSeconds).toBeLessThan(0.01);
      } else {
        expect(facts.stepClock?.bootId).toMatch(/ since boot$/);
      }
    },
  );
});

test('perl tells without any other program what the shell tells with some', async () => {
  // A daemon of that name, so that a process is told of.
  copyFileSync('/bin/sleep', join(bin, 'ntpd'));
  chmodSync(join(bin, 'ntpd'), 0o755);
  const daemon = spawn(join(bin, 'ntpd'), ['600'], { stdio: 'ignore' });
  try {
    await once(daemon, 'spawn');
    const told = ['processes', 'files', 'readlink /etc/localtime', 'test -e /etc/localtime', 'date +%z'];
    const sections = async () => {
      const { report } = await sessionIn('dash', ['-s']);
      return told.map((name) => {
        const output = report.get(name)?.output.replace(/^\/proc\/uptime:.*$/m, '');
        return [name, report.get(name)?.status, output];
      });
    };
    without('perl');
    const byShell = await sections();
    rmSync(join(bin, 'perl'));
    without('grep', 'readlink', 'date');
    expect(await sections()).toEqual(byShell);
    expect(byShell[0]?.[2]).toContain(`/proc/${daemon.pid}/cmdline:${join(bin, 'ntpd')}\x00600`);
  } finally {
    daemon.kill();
  }
});

test('busybox tells the kernel state by its own adjtimex', async () => {
  const program = await busybox();
  without('perl', 'python3', 'python');
  const { facts } = await sessionIn(program, ['sh', '-s']);
  expect(facts.kernel?.unsync).toBe(((readTimex()?.status ?? 0) & 0x40) !== 0);
  expect(facts.kernel?.taiOffsetSeconds).toBeNull();
});

test('a date without fractions gives a second of bound, not a lie', async () => {
  without('perl', 'python3', 'python');
  standIn('date', 'exec /bin/date +%s');
  const { measured } = await sessionIn('dash', ['-s']);
  expect(measured && contains(measured.clock.offset, 0)).toBe(true);
  expect(measured && boundOf(measured.clock.offset)).toBeGreaterThan(0.3);
  expect(measured && boundOf(measured.clock.offset)).toBeLessThan(0.8);
});

test.each([
  ['ahead', '+3600 seconds', 3600],
  ['behind', '-3600 seconds', -3600],
])('a clock that is an hour %s is seen to be so', async (_, shift, seconds) => {
  without('perl', 'python3', 'python');
  standIn('date', `exec /bin/date -d '${shift}' "$@"`);
  const { measured } = await sessionIn('dash', ['-s']);
  expect(measured && contains(measured.clock.offset, seconds)).toBe(true);
});

test('a login that greets does not disturb', async () => {
  const greeting = 'echo "Welcome to clockwarden 1 million"; printf "%070000d" 0; echo; exec dash -s';
  const { measured, report } = await sessionIn('dash', ['-c', greeting]);
  expect(measured && contains(measured.clock.offset, 0)).toBe(true);
  expect(report.has('end')).toBe(true);
});

test.each([
  ['twice in vain for a shorter round trip', 1n, 3],
  ['eight times where each round trip is shorter', 2n, 8],
])('the clock is asked %s', async (_, shrinks, times) => {
  let now = 0n;
  let gap = 2n ** 60n;
  const monotonic = (): bigint => {
    gap /= shrinks;
    now += gap;
    return now;
  };
  const { session } = await sessionIn('dash', ['-s'], { timeBase: { ...timeBase, monotonic } });
  expect(session.exchanges.length).toBe(times);
});

test('an interpreter that dies in the middle is followed by the next', async () => {
  standIn('perl', 'echo "clock perl"; read -r line; echo "$line 1.0"; exit 9');
  const { report, session } = await sessionIn('dash', ['-s']);
  expect(report.get('clock')?.output).toContain('clock python');
  expect(session.exchanges.length).toBeGreaterThanOrEqual(4);
});

test('a chronyc that hangs costs five seconds and its own part only', async () => {
  standIn(
    'chronyc',
    '[ "$1" = -v ] && { echo "chronyc (chrony) version 3.4 (+READLINE)"; exit; }; sleep 600',
  );
  const { report, facts } = await sessionIn('dash', ['-s']);
  expect(report.get('chronyc -c -n tracking')?.status).toBe(124);
  expect(report.has('chronyc -c -n sources')).toBe(false);
  expect(report.has('end')).toBe(true);
  expect(facts).toMatchObject({ chrony: null, host: { chronyVersion: '3.4' } });
});

test('sudo is tried once and only where it may be', async () => {
  standIn('chronyc', 'echo "$@"');
  standIn('sudo', 'exit 1');
  const asRoot = await sessionIn('dash', ['-s'], { sudo: 'auto' });
  expect([...asRoot.report.keys()].filter((name) => name.startsWith('sudo'))).toEqual([]);
  const asUser = (sudo: 'auto' | 'never') =>
    sessionIn('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', 'dash', '-s'], { sudo });
  chmodSync(bin, 0o755);
  const keysOf = async (sudo: 'auto' | 'never') =>
    [...(await asUser(sudo)).report.keys()].filter((name) => /sudo|serverstats|ntpdata/.test(name));
  expect(await keysOf('auto')).toEqual(['sudo -n chronyc -c -n serverstats']);
  expect(await keysOf('never')).toEqual([]);
});
