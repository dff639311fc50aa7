/** The source against nodes with clocks, daemons and a systemd of their own. The truth is the lab's, not ours. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeSpec } from '@clockwarden/core/inventory';
import { clockStep } from '@clockwarden/core/kernel';
import type { NodeFacts } from '@clockwarden/core/observe';
import { defaultSources } from '@clockwarden/core/policy';
import { boundOf } from '@clockwarden/core/time';
import { eventually, TestLab } from '@clockwarden/lab/testing';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { cryptoRandom } from '../round/index.ts';
import { createTimeBase } from '../time-base/index.ts';
import { createSshSource } from './index.ts';

const lab = new TestLab('ssh-source');
const bin = mkdtempSync(join(tmpdir(), 'clockwarden-bin-'));
const path = process.env.PATH;

beforeAll(async () => {
  const clocks = 'node3=+90s,node4=-3d';
  const images = 'chrony,timesyncd,bare,bare,el-like';
  await lab.must(
    'up',
    '--nodes',
    '5',
    '--image',
    images,
    '--clock',
    clocks,
    '--timezone',
    'node2=Asia/Shanghai',
  );
  // The source's ssh, run inside the lab's network.
  writeFileSync(
    join(bin, 'ssh'),
    `#!/bin/sh\nPATH=${path}\nexec nsenter --net=${join(lab.directory, 'net')} -- ssh "$@"\n`,
  );
  chmodSync(join(bin, 'ssh'), 0o755);
  process.env.PATH = `${bin}:${path}`;
});
afterAll(async () => {
  process.env.PATH = path;
  rmSync(bin, { recursive: true, force: true });
  await lab.remove();
});

async function read(names: readonly string[], user?: string): Promise<Record<string, NodeFacts>> {
  const source = createSshSource({
    ...defaultSources.ssh,
    configFile: join(lab.directory, 'ssh_config'),
    timeoutSeconds: 60,
  });
  const nodes: NodeSpec[] = names.map((name) => ({
    name,
    address: name,
    roles: [],
    ssh: user === undefined ? {} : { user },
    origin: 'test',
  }));
  const facts: Record<string, NodeFacts> = {};
  const context = { timeBase: createTimeBase(), random: cryptoRandom, signal: new AbortController().signal };
  await source.collect(nodes, context, (node, { result }) => {
    if (!result.ok) throw new Error(`${node.name}: ${result.failure.text.en}`);
    facts[node.name] = result.facts;
  });
  await source.close();
  return facts;
}

async function one(name: string, user?: string): Promise<NodeFacts> {
  const facts = (await read([name], user))[name];
  if (facts === undefined) throw new Error(`no reading of ${name}`);
  return facts;
}

/** Daemons that are held move no clock, whatever noise they have just measured on a busy machine. */
async function holdDaemons(signal: 'STOP' | 'CONT'): Promise<void> {
  const names = Object.keys(await lab.truth());
  await Promise.all(names.map((name) => lab.on(name, `pkill -${signal} 'chronyd|systemd-timesyn' || true`)));
}

/** Every clock, twice within a second or so, at the same place: no slew is under way. */
async function settled(): Promise<boolean> {
  const [first, second] = [await lab.truth(), await lab.truth()];
  return Object.entries(first).every(([name, one]) => {
    const other = second[name];
    if (one === null || other == null) return false;
    return Math.abs(one.offsetSeconds - other.offsetSeconds) < one.boundSeconds + other.boundSeconds + 0.0002;
  });
}

test('clocks that are ahead, behind and right are measured so', async () => {
  const isHeldStill = async (): Promise<boolean> => {
    await holdDaemons('STOP');
    if (await settled()) return true;
    await holdDaemons('CONT');
    return false;
  };
  onTestFinished(() => holdDaemons('CONT'));
  await eventually(isHeldStill, 'every clock is where it stays', 120_000);
  const before = await lab.truth();
  const facts = await read(Object.keys(before));
  const after = await lab.truth();
  for (const [name, first] of Object.entries(before)) {
    const offset = facts[name]?.clock?.offset;
    const second = after[name];
    if (offset === undefined || first == null || second == null) throw new Error(`${name} was not measured`);
    // A free clock drifts from one truth to the other.
    const truths = [first, second];
    const low = Math.min(...truths.map((truth) => truth.offsetSeconds - truth.boundSeconds)) - 0.001;
    const high = Math.max(...truths.map((truth) => truth.offsetSeconds + truth.boundSeconds)) + 0.001;
    expect(offset.low).toBeLessThanOrEqual(high);
    expect(offset.high).toBeGreaterThanOrEqual(low);
    expect(boundOf(offset)).toBeLessThan(0.25);
  }
  expect(facts.node3?.clock?.offset.seconds).toBeCloseTo(90, 1);
  expect(facts.node4?.clock?.offset.seconds).toBeCloseTo(-3 * 86_400, 1);
});

describe('what a node is', () => {
  test('chrony: its daemon, whom it follows, its files', async () => {
    const { daemons, chrony, sync, configFiles, kernel, timedatectl, host } = await one('node1');
    expect(host?.chronyVersion).toMatch(/^4\.\d$/);
    expect(daemons).toEqual([{ kind: 'chronyd', unit: 'chrony.service', running: true, enabled: true }]);
    expect(chrony?.sources?.length).toBeGreaterThan(0);
    // In the middle of its initial burst chronyd counts a source there instead.
    const { online = 0, burstOnline = 0 } = chrony?.activity ?? {};
    expect(online + burstOnline).toBe(chrony?.sources?.length);
    expect(sync?.daemon).toBe('chronyd');
    expect(configFiles?.map((file) => file.path)).toEqual(['/etc/chrony/chrony.conf']);
    expect(typeof kernel?.unsync).toBe('boolean');
    expect(timedatectl?.ntpService).toBe('active');
  });

  test('timesyncd, in another timezone', async () => {
    const { daemons, timesync, timezone, timedatectl } = await one('node2');
    expect(daemons).toEqual([
      { kind: 'systemd-timesyncd', unit: 'systemd-timesyncd.service', running: true, enabled: true },
    ]);
    expect(timesync?.server).not.toBeNull();
    expect(timezone).toMatchObject({ name: 'Asia/Shanghai', utcOffsetSeconds: 28_800, localtime: 'link' });
    expect(timedatectl?.timezone).toBe('Asia/Shanghai');
  });

  test('nothing that keeps its time', async () => {
    const { daemons, sync, kernel } = await one('node3');
    expect([daemons, sync, kernel?.unsync]).toEqual([[], null, true]);
  });

  test('the layout of Red Hat', async () => {
    const { daemons, configFiles, host } = await one('node5');
    expect(daemons).toEqual([{ kind: 'chronyd', unit: 'chronyd.service', running: true, enabled: true }]);
    expect(configFiles?.map((file) => file.path)).toEqual(['/etc/chrony.conf']);
    expect(host?.os).toContain('rhel');
  });
});

describe('what happens to a node', () => {
  test('a step is seen between two readings, and nothing between two others', async () => {
    const [first, second] = [await one('node3'), await one('node3')];
    if (first.stepClock === null || second.stepClock === null) throw new Error('no step clock');
    expect(clockStep(first.stepClock, second.stepClock)).toBeNull();
    await lab.must('fault', 'step', 'node3', 'by=-7s');
    const { stepClock } = await one('node3');
    expect(stepClock && clockStep(second.stepClock, stepClock)?.seconds).toBeCloseTo(-7, 0);
  });

  test('a daemon that hangs does not hang the reading', async () => {
    await lab.must('fault', 'daemon-wedge', 'node5');
    const { clock, daemons, chrony } = await one('node5');
    expect(clock).not.toBeNull();
    expect(daemons?.[0]).toMatchObject({ kind: 'chronyd', running: true });
    expect(chrony).toBeNull();
  });

  test('a masked daemon neither runs nor starts', async () => {
    await lab.must('fault', 'daemon-mask', 'node2');
    expect((await one('node2')).daemons).toEqual([
      { kind: 'systemd-timesyncd', unit: 'systemd-timesyncd.service', running: false, enabled: false },
    ]);
  });

  test('an ordinary user reads all but what only root may ask', async () => {
    const made = await lab.on(
      'node1',
      'useradd -m -s /bin/sh op && cp -r /root/.ssh /home/op/ && chown -R op /home/op/.ssh',
    );
    expect(made.code).toBe(0);
    const { chrony, clock, kernel, raw } = await one('node1', 'op');
    expect([clock, kernel, chrony?.tracking ?? null]).not.toContain(null);
    expect(Object.keys(raw ?? {}).filter((name) => /ntpdata|serverstats/.test(name))).toEqual([]);
  });
});
