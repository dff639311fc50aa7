/** `verify`, `resync` and `adopt` against real nodes. Who is right is said by the lab. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestLab } from '@clockwarden/lab/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const lab = new TestLab('verify');
const folder = mkdtempSync(join(tmpdir(), 'clockwarden-verify-'));
const config = join(folder, 'clockwarden.yaml');
const main = join(import.meta.dirname, '../main.ts');
const nodes = ['node1', 'node2', 'node3'];
const upstreams = ['10.99.0.201', '10.99.0.202', '10.99.0.203'];

beforeAll(async () => {
  await lab.must('up', '--nodes', '3', '--control-plane', '1', '--image', 'chrony');
});
afterAll(async () => {
  await lab.remove();
  rmSync(folder, { recursive: true, force: true });
});

const direct = `{mode: chrony, topology: direct, upstreams: [${upstreams.join(', ')}]}`;
const island = '{mode: chrony, topology: island, servers: [node1], allow: [10.99.0.0/16]}';

function describeCluster(timesync: string): void {
  const entries = nodes.map(
    (name, index) => `  - {name: ${name}, address: 10.99.0.${11 + index}}   # rack ${index}`,
  );
  const ssh = `{configFile: ${join(lab.directory, 'ssh_config')}, timeout: 60s}`;
  writeFileSync(
    config,
    [
      '# The lab.',
      'name: lab',
      'nodes:',
      ...entries,
      `sources: {ssh: ${ssh}}`,
      `timesync: ${timesync}`,
      '',
    ].join('\n'),
  );
}

/** As a person would without `apply`: what `render` writes is put there. */
async function install(timesync: string, on: readonly string[] = nodes): Promise<void> {
  describeCluster(timesync);
  const files = join(folder, 'files');
  await clockwarden('render', '--out', files, '--force');
  await Promise.all(on.map((name) => configure(name, readFileSync(join(files, name, chronyConf), 'utf8'))));
}

const chronyConf = 'etc/chrony/chrony.conf';

/** Each start has its steps anew, and nothing that it remembers. */
async function configure(name: string, content: string): Promise<void> {
  const encoded = Buffer.from(content).toString('base64');
  await must(
    name,
    `echo ${encoded} | base64 -d >/${chronyConf} && chmod 644 /${chronyConf} && systemctl restart chrony`,
  );
}

async function must(name: string, script: string): Promise<void> {
  const { code, stdout, stderr } = await lab.on(name, script);
  if (code !== 0) throw new Error(`${name}: ${script} → ${code}\n${stdout}${stderr}`);
}

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function clockwarden(...args: string[]): Promise<Ran> {
  return lab.inside([process.execPath, main, '--lang', 'en', '--config', config, ...args]);
}

interface Verified {
  readonly code: number | null;
  readonly outcomes: Readonly<Record<string, string>>;
  /** Texts of the checks that do not hold. */
  readonly failing: string;
  /** What was found out about whom each server serves. */
  readonly access: Readonly<Record<string, boolean | null>>;
  readonly stages: Readonly<Record<string, string>>;
}

interface Check {
  readonly code: string;
  readonly holds: boolean | null;
  readonly text: string;
}

async function verify(...args: string[]): Promise<Verified> {
  const ran = await clockwarden('verify', '--json', ...args);
  const report: {
    readonly nodes: readonly {
      readonly name: string;
      readonly outcome: string;
      readonly stage: string;
      readonly checks: readonly Check[];
    }[];
  } = ran.stdout === '' ? { nodes: [] } : JSON.parse(ran.stdout);
  if (report.nodes.length === 0) throw new Error(`${ran.code}: ${ran.stderr}`);
  return {
    code: ran.code,
    outcomes: Object.fromEntries(report.nodes.map(({ name, outcome }) => [name, outcome])),
    stages: Object.fromEntries(report.nodes.map(({ name, stage }) => [name, stage])),
    failing: report.nodes
      .flatMap(({ checks }) => checks.filter(({ holds }) => holds === false))
      .map((check) => check.text)
      .join('\n'),
    access: Object.fromEntries(
      report.nodes.flatMap(({ name, checks }) =>
        checks.flatMap(({ code, holds }) => (code === 'access' ? [[name, holds]] : [])),
      ),
    ),
  };
}

/** Offsets from the host, by the lab. */
async function offsets(): Promise<Readonly<Record<string, number>>> {
  const truth = await lab.truth();
  return Object.fromEntries(nodes.map((name) => [name, truth[name]?.offsetSeconds ?? Number.NaN]));
}

const all = (outcome: string): Readonly<Record<string, string>> =>
  Object.fromEntries(nodes.map((name) => [name, outcome]));

describe('nodes that follow upstreams', () => {
  beforeAll(async () => {
    await install(direct);
    expect((await verify('--wait', '3m')).outcomes).toEqual(all('synchronized'));
  });

  test('are synchronized where the lab says so, also when one upstream lies', async () => {
    for (const offset of Object.values(await offsets())) expect(Math.abs(offset)).toBeLessThan(0.2);
    await lab.must('fault', 'upstream-lie', 'ntp3', 'by=+10s');
    try {
      await must('node2', 'systemctl restart chrony');
      const { code, outcomes, failing } = await verify('--wait', '3m');
      expect([code, outcomes]).toEqual([0, all('synchronized')]);
      expect(failing).toContain('10.99.0.203 contradicts');
      expect(Math.abs((await offsets()).node2 ?? 10)).toBeLessThan(0.2);
    } finally {
      await lab.must('fault', '--undo', 'all');
    }
  });

  test('follow nobody else', async () => {
    const kept = `/${chronyConf}`;
    await must('node3', `cp ${kept} /root/kept && echo 'server 10.99.0.11 iburst' >${kept}`);
    await must('node1', 'chronyc allow all');
    await must('node3', `systemctl restart chrony && cp /root/kept ${kept}`);
    // A server that has just started itself is as uncertain as seconds, and nobody follows it then.
    await must('node3', 'chronyc waitsync 180 0 0 1');
    const { code, outcomes } = await verify('node3', '--wait', '1m');
    expect([code, outcomes]).toEqual([2, { node3: 'foreign-source' }]);
    await must('node3', 'systemctl restart chrony');
  });

  test.each([
    { what: 'a blocked port 123', fault: ['ntp-drop', 'node3'] },
    { what: 'upstreams that answer nobody', fault: ['upstream-silent'] },
  ])('time out behind $what, and say how far they came', async ({ fault }) => {
    const faults = fault.length === 2 ? [fault] : ['ntp1', 'ntp2', 'ntp3'].map((name) => [...fault, name]);
    for (const words of faults) await lab.must('fault', ...words);
    try {
      await must('node3', 'systemctl restart chrony');
      const { code, outcomes, stages } = await verify('node3', '--wait', '5s');
      expect([code, outcomes, stages]).toEqual([1, { node3: 'timed-out' }, { node3: 'running' }]);
    } finally {
      await lab.must('fault', '--undo', 'all');
    }
  });

  test('that nobody reaches are not called anything', async () => {
    await lab.must('fault', 'partition', 'node3');
    try {
      const { code, outcomes } = await verify('node2', 'node3', '--timeout', '30');
      expect([code, outcomes]).toEqual([3, { node2: 'synchronized', node3: 'unreached' }]);
    } finally {
      await lab.must('fault', '--undo', 'all');
    }
  });
});

describe('a clock that is off', () => {
  beforeEach(async () => {
    await must('node2', 'systemctl restart chrony');
    expect((await verify('node2', '--wait', '3m')).code).toBe(0);
  });

  test('is stepped by resync, once, where that may be', async () => {
    // Its budget of steps is spent: by itself it would slew for six minutes.
    await must('node2', 'chronyc makestep 1 0');
    await lab.must('fault', 'step', 'node2', 'by=-30s');
    // Whether its daemon has noticed or not, an independent look has.
    expect(['contradicted', 'reachable']).toContain((await verify('node2')).outcomes.node2);
    await must('node2', 'cp /bin/sleep /tmp/etcd && (setsid /tmp/etcd 600 >/dev/null 2>&1 &)');
    const refused = await clockwarden('resync', 'node2', '--yes');
    expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining('etcd')]);
    expect((await offsets()).node2).toBeLessThan(-5);
    const done = await clockwarden('resync', 'node2', '--yes', '--allow-step');
    expect([done.code, done.stdout]).toEqual([0, expect.stringContaining('synchronized')]);
    expect((await offsets()).node2).toBeCloseTo(0, 0);
    await must('node2', 'grep -q applied /var/lib/clockwarden/runs/*/journal');
  });
});

describe('a setup made by hand', () => {
  test('is adopted when it is healthy, and told why when it is not', async () => {
    const before = readFileSync(config, 'utf8');
    await must('node3', 'systemctl stop chrony');
    const refused = await clockwarden('adopt', 'node3', '--yes');
    expect([refused.code, refused.stdout]).toEqual([2, expect.stringContaining('No time daemon runs.')]);
    expect(readFileSync(config, 'utf8')).toBe(before);
    await configure('node3', `server ${upstreams[0]} iburst\nmakestep 1 3\nrtcsync\n`);
    expect((await verify('node3')).outcomes).toEqual({ node3: 'not-written' });
    await must('node3', 'chronyc waitsync 60 0.1 0 1');
    const adopted = await clockwarden('adopt', 'node3', '--yes');
    expect([adopted.code, adopted.stderr]).toEqual([0, '']);
    expect(readFileSync(config, 'utf8')).toBe(
      before.replace('10.99.0.13}   # rack 2', '10.99.0.13, timesync: {adopt: true}} # rack 2'),
    );
    expect((await verify('node3', '--wait', '1m')).outcomes).toEqual({ node3: 'synchronized' });
  });
});

test('an island keeps one time, whatever that is, and is called no more than local', async () => {
  await Promise.all(nodes.map((name) => must(name, 'systemctl stop chrony')));
  for (const [name, by] of [
    ['node1', '+500s'],
    ['node2', '-40s'],
  ] as const)
    await lab.must('fault', 'step', name, `by=${by}`);
  await install(island);
  const { code, outcomes, access } = await verify('--wait', '4m');
  expect([code, outcomes, access]).toEqual([0, all('local-only'), { node1: true }]);
  const found = Object.values(await offsets());
  expect(Math.max(...found) - Math.min(...found)).toBeLessThan(0.2);
  expect(Math.min(...found)).toBeGreaterThan(490);
});

test('a server that a hand changed serves strangers, or refuses whom it should serve, by its own word', async () => {
  await must('node1', 'chronyc allow all');
  const open = await verify();
  expect([open.code, open.outcomes.node1, open.access]).toEqual([2, 'misserving', { node1: false }]);
  expect(open.failing).toContain('It serves strangers: 192.0.2.1 is outside');
  await must('node1', `sed -i '/^allow/d' /${chronyConf} && systemctl restart chrony`);
  const closed = await verify();
  expect([closed.code, closed.outcomes.node1, closed.access]).toEqual([2, 'not-written', { node1: false }]);
  expect(closed.failing).toContain('It refuses node2, node3, which should follow it.');
});
