import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { NodeSpec } from '@clockwarden/core/inventory';
import type { NodeFacts, Reading } from '@clockwarden/core/observe';
import type { TimeBase } from '@clockwarden/core/ports';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cryptoRandom } from '../round/index.ts';
import { createTimeBase, machineClocks } from '../time-base/index.ts';
import { createLocalSource } from './index.ts';

const node: NodeSpec = { name: hostname(), address: 'localhost', roles: [], ssh: {}, origin: 'test' };
const config = { intervalSeconds: 5, timeoutSeconds: 5 };

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'clockwarden-local-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

async function readAt(where: string, timeBase: TimeBase = createTimeBase()): Promise<Reading> {
  const source = createLocalSource(config, where);
  const readings: Reading[] = [];
  const signal = new AbortController().signal;
  await source.collect([node], { timeBase, random: cryptoRandom, signal }, (_, reading) =>
    readings.push(reading),
  );
  await source.close();
  expect(readings.length).toBe(1);
  return readings[0] as Reading;
}

async function factsAt(where: string, timeBase?: TimeBase): Promise<NodeFacts> {
  const { result } = await readAt(where, timeBase);
  if (!result.ok) throw new Error(result.failure.text.en);
  return result.facts;
}

describe('this machine', () => {
  test('stands where its time base was anchored, within microseconds', async () => {
    const { clock, kernel, stepClock, host } = await factsAt('/');
    expect(clock?.stampedBy).toBe('same-clock');
    expect(clock?.offset.low).toBeLessThanOrEqual(0);
    expect(clock?.offset.high).toBeGreaterThanOrEqual(0);
    expect((clock?.offset.high ?? 1) - (clock?.offset.low ?? 0)).toBeLessThan(1e-3);
    expect(typeof kernel?.unsync).toBe('boolean');
    expect(stepClock?.bootId).toMatch(/^[0-9a-f-]{36}$/);
    expect(host?.kernel).not.toBeNull();
  });

  test.each([7.25, -3600])('shows a step of its own clock by %f s', async (seconds) => {
    const clocks = machineClocks();
    const step = BigInt(seconds * 1e9);
    // A time base that was anchored before the step: it still counts as if the clock had not been set.
    const timeBase = createTimeBase({ ...clocks, realtime: () => clocks.realtime() - step });
    const { clock } = await factsAt('/', timeBase);
    expect(clock?.offset.low).toBeLessThanOrEqual(seconds);
    expect(clock?.offset.high).toBeGreaterThanOrEqual(seconds);
    expect(clock?.offset.seconds).toBeCloseTo(seconds, 3);
  });
});

describe('a machine made of files', () => {
  test('empty, it leaves null what it cannot know', async () => {
    const facts = await factsAt(root);
    expect(facts).toMatchObject({
      daemons: null,
      chrony: null,
      timedatectl: null,
      stepClock: null,
      configFiles: [],
      timezone: { name: 'UTC', localtime: 'absent', conflictingName: null },
      host: { os: null, osName: null, kernel: null, bootTimeSeconds: null, chronyVersion: null },
    });
    expect(facts.clock).not.toBeNull();
  });

  test('tells its daemons, files and clocksource', async () => {
    put('/proc/1/comm', 'systemd\n');
    put('/proc/77/comm', 'chronyd\n');
    put('/proc/77/cmdline', '/usr/sbin/chronyd\0-F\x001\0');
    put('/proc/77/cgroup', '0::/system.slice/chrony.service\n');
    put('/proc/sys/kernel/osrelease', '6.1.0-18-amd64\n');
    put('/sys/devices/system/clocksource/clocksource0/current_clocksource', 'kvm-clock\n');
    put('/etc/os-release', 'ID=ubuntu\nID_LIKE=debian\nPRETTY_NAME="Ubuntu 24.04"\n');
    put('/etc/chrony/chrony.conf', 'pool ntp.ubuntu.com iburst\n');
    put('/etc/chrony/sources.d/b.sources', `server b\n${'#'.repeat(70_000)}`);
    put('/etc/chrony/sources.d/ignored.txt', 'no');
    const facts = await factsAt(root);
    expect(facts.daemons).toEqual([
      { kind: 'chronyd', unit: 'chrony.service', running: true, enabled: null },
    ]);
    expect(facts.kernel?.clocksource).toBe('kvm-clock');
    expect(facts.host).toMatchObject({
      os: 'ubuntu debian',
      osName: 'Ubuntu 24.04',
      kernel: '6.1.0-18-amd64',
    });
    expect(facts.configFiles?.map(({ path, truncated }) => [path, truncated])).toEqual([
      ['/etc/chrony/chrony.conf', false],
      ['/etc/chrony/sources.d/b.sources', true],
    ]);
  });

  test('a link into zoneinfo names the zone, below the root as well', async () => {
    put('/usr/share/zoneinfo/Asia/Shanghai', 'TZif');
    put('/etc/timezone', 'Etc/UTC\n');
    symlinkSync('/usr/share/zoneinfo/Asia/Shanghai', join(root, 'etc/localtime'));
    expect((await factsAt(root)).timezone).toEqual({
      name: 'Asia/Shanghai',
      utcOffsetSeconds: null,
      localtime: 'link',
      conflictingName: 'Etc/UTC',
    });
  });

  test('a link to nowhere means UTC, a copy names nothing', async () => {
    mkdirSync(join(root, 'etc'));
    symlinkSync('../usr/share/zoneinfo/Mars/Olympus', join(root, 'etc/localtime'));
    expect((await factsAt(root)).timezone).toMatchObject({ name: 'UTC', localtime: 'broken' });
    rmSync(join(root, 'etc/localtime'));
    put('/etc/localtime', 'TZif');
    expect((await factsAt(root)).timezone).toMatchObject({ name: null, localtime: 'copy' });
  });
});

test('after an abort nothing is emitted', async () => {
  const source = createLocalSource(config);
  const readings: Reading[] = [];
  await source.collect(
    [node],
    { timeBase: createTimeBase(), random: cryptoRandom, signal: AbortSignal.abort() },
    (_, reading) => readings.push(reading),
  );
  await source.close();
  expect(readings).toEqual([]);
});
