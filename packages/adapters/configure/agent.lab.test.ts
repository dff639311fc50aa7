/** The agent with real packages and a real systemd: a daemon is swapped and put back to the byte, whatever is cut off meanwhile. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Action, ConfigureFacts } from '@clockwarden/core/configure';
import type { NodeSpec } from '@clockwarden/core/inventory';
import { defaultSources } from '@clockwarden/core/policy';
import { eventually, TestLab } from '@clockwarden/lab/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type AgentJob,
  gatherFacts,
  type NodeAgent,
  type NodeLogins,
  openAgent,
  openLogins,
  type StepResult,
} from './index.ts';

const lab = new TestLab('agent');
const bin = mkdtempSync(join(tmpdir(), 'clockwarden-bin-'));
const path = process.env.PATH;
let logins: NodeLogins;

beforeAll(async () => {
  await lab.must('up', '--nodes', '2', '--image', 'timesyncd');
  writeFileSync(
    join(bin, 'ssh'),
    `#!/bin/sh\nPATH=${path}\nexec nsenter --net=${join(lab.directory, 'net')} -- ssh "$@"\n`,
  );
  chmodSync(join(bin, 'ssh'), 0o755);
  process.env.PATH = `${bin}:${path}`;
  logins = openLogins({
    ...defaultSources.ssh,
    configFile: join(lab.directory, 'ssh_config'),
    timeoutSeconds: 60,
  });
});
afterAll(async () => {
  await logins?.close();
  process.env.PATH = path;
  rmSync(bin, { recursive: true, force: true });
  await lab.remove();
});

const spec = (name: string): NodeSpec => ({ name, address: name, roles: [], ssh: {}, origin: 'test' });

async function open(name: string, signal = new AbortController().signal): Promise<NodeAgent> {
  const opened = await openAgent(spec(name), logins, signal);
  if (!opened.ok) throw new Error(`${name}: ${opened.failure.text.en}`);
  return opened.agent;
}

async function factsOf(name: string): Promise<ConfigureFacts> {
  let found: ConfigureFacts | null = null;
  await gatherFacts([spec(name)], logins, new AbortController().signal, (_, gathered) => {
    if (!gathered.ok) throw new Error(gathered.failure.text.en);
    found = gathered.facts;
  });
  if (found === null) throw new Error(`no facts of ${name}`);
  return found;
}

/** Everything that a rollback must bring back. Debian's own adduser and deluser leave the `-` copies behind. */
async function stateOf(name: string): Promise<string> {
  const seen = await lab.on(
    name,
    `dpkg -l; apt-mark showauto; systemctl is-enabled systemd-timesyncd chrony 2>&1
     systemctl is-active systemd-timesyncd chrony
     find /etc -xdev ! -name '*-' ! -name '*+' \\( -type f -o -type l -o -type d \\) -printf '%M %u %g %p %l\\n' | sort
     find /etc -xdev -type f ! -name '*-' ! -name '*+' -exec sha256sum {} + | sort -k2`,
  );
  return seen.stdout;
}

/** Exactly one daemon runs, and it can read its configuration. */
async function keepsTime(name: string): Promise<string> {
  const { stdout } = await lab.on(
    name,
    `systemctl is-active systemd-timesyncd; systemctl is-active chrony
     if [ -x /usr/sbin/chronyd ]; then chronyd -p -f /etc/chrony/chrony.conf >/dev/null 2>&1 && echo valid; fi`,
  );
  return stdout.trim().split('\n').join(' ');
}

const file = (content: string, mode = 0o644) =>
  ({
    kind: 'file',
    content: Buffer.from(content).toString('base64'),
    mode,
    owner: 'root',
    group: 'root',
  }) as const;

const actions: readonly Action[] = [
  { kind: 'fetch-packages', packages: ['chrony', 'systemd-timesyncd'] },
  { kind: 'install-package', package: 'chrony', removes: ['systemd-timesyncd'], purge: [] },
  {
    kind: 'configure-daemon',
    daemon: 'chronyd',
    unit: 'chrony.service',
    files: [
      {
        path: '/etc/chrony/chrony.conf',
        state: file(
          'server ntp1 iburst\nserver ntp2 iburst\ndriftfile /var/lib/chrony/chrony.drift\nmakestep 1 3\n',
        ),
      },
    ],
  },
  { kind: 'set-units', units: { 'chrony.service': { active: true, enabled: true, masked: false } } },
  {
    kind: 'put-file',
    path: '/etc/localtime',
    state: { kind: 'link', target: '/usr/share/zoneinfo/Asia/Shanghai' },
  },
  { kind: 'put-file', path: '/etc/timezone', state: file('Asia/Shanghai\n') },
];
/** As a plan would compute them before the first write. */
function jobFor({ files }: ConfigureFacts): AgentJob['actions'] {
  const was = (path: string) => {
    const state = files[path];
    return state === undefined || state.kind === 'other' ? ({ kind: 'absent' } as const) : state;
  };
  const inverses: readonly (Action | null)[] = [
    null,
    { kind: 'install-package', package: 'systemd-timesyncd', removes: ['chrony'], purge: ['chrony'] },
    {
      kind: 'configure-daemon',
      daemon: 'chronyd',
      unit: 'chrony.service',
      files: [{ path: '/etc/chrony/chrony.conf', state: { kind: 'absent' } }],
    },
    { kind: 'set-units', units: { 'chrony.service': { active: false, enabled: false, masked: false } } },
    { kind: 'put-file', path: '/etc/localtime', state: was('/etc/localtime') },
    { kind: 'put-file', path: '/etc/timezone', state: was('/etc/timezone') },
  ];
  return actions.map((action, index) => ({ action, inverse: inverses[index] ?? null }));
}

const ok: StepResult = { ok: true };
const UNDO_ORDER = [1, 5, 4, 3, 2, 0];

async function rollBack(agent: NodeAgent): Promise<void> {
  for (const index of UNDO_ORDER) expect([index, await agent.undo(index)]).toEqual([index, ok]);
  expect(await agent.finish('rolled-back')).toEqual(ok);
  await agent.close();
}

test.concurrent('a swap, with the login killed in and after every action, goes on and is put back to the byte', async () => {
  const before = await stateOf('node1');
  const run = '20260101T000000Z-0001';
  const job = { run, operator: 'test', actions: jobFor(await factsOf('node1')), takeOver: false };
  for (const index of actions.keys()) {
    const operator = new AbortController();
    const agent = await open('node1', operator.signal);
    expect(await (index === 0 ? agent.begin(job) : agent.resume(run))).toEqual(ok);
    if (index === 1) {
      // In the middle of it, held there: ssh dies, the node goes on.
      const lost = agent.perform(index);
      await eventually(
        async () => (await lab.on('node1', 'pkill -STOP -x dpkg && ps -C dpkg -o stat= | grep T')).code === 0,
        'dpkg stands in the middle of its work',
      );
      operator.abort();
      expect(await lost).toMatchObject({ ok: false, code: 'lost' });
      const second = await open('node1');
      expect(await second.resume(run)).toMatchObject({
        ok: false,
        code: 'locked',
        lock: { operator: 'test', run },
      });
      await second.close();
      await lab.on('node1', 'pkill -CONT -x dpkg');
      await eventually(
        async () => {
          const { lock } = (await factsOf('node1')).remembered ?? {};
          return lock === null;
        },
        'the lock is given back',
        120_000,
      );
    } else {
      expect([index, await agent.perform(index)]).toEqual([index, ok]);
      operator.abort();
    }
    expect(await keepsTime('node1')).toMatch(index === 0 ? /^active inactive$/ : /^inactive active valid$/);
  }
  const last = await open('node1');
  expect(last.remembered.runs).toMatchObject([
    { id: run, state: 'unfinished', done: [0, 1, 2, 3, 4, 5], begun: null },
  ]);
  await eventually(async () => (await last.resume(run)).ok, 'the last agent has ended');
  await rollBack(last);
  expect(await stateOf('node1')).toBe(before);
});

test.concurrent('a power cut inside an installation is ended by the node itself, and put back to the byte', async () => {
  const before = await stateOf('node2');
  const run = '20260101T000000Z-0002';
  const agent = await open('node2');
  expect(
    await agent.begin({ run, operator: 'test', actions: jobFor(await factsOf('node2')), takeOver: false }),
  ).toEqual(ok);
  await lab.on(
    'node2',
    'cp -p /etc/hosts /root; sed -i /mirror/d /etc/hosts; echo 127.0.0.1 mirror.lab >>/etc/hosts',
  );
  expect(await agent.perform(0)).toMatchObject({
    ok: false,
    code: 'failed',
    text: { en: expect.stringMatching(/mirror does not answer/) },
  });
  await lab.on('node2', 'cp -p /root/hosts /etc/hosts');
  expect(await agent.perform(0)).toEqual(ok);
  const cut = agent.perform(1);
  await eventually(
    async () => (await lab.on('node2', 'test ! -e /usr/lib/systemd/systemd-timesyncd')).code === 0,
    'the old daemon is gone',
  );
  await lab.must('fault', 'power-cut', 'node2');
  await lab.must('fault', '--undo', 'all');
  expect(await cut).toMatchObject({ ok: false, code: 'lost' });
  await agent.close();
  await eventually(
    async () =>
      (await lab.on('node2', `grep -q 'done 1' /var/lib/clockwarden/runs/${run}/journal`)).code === 0,
    'the node has ended what was cut',
    180_000,
  );
  expect(await keepsTime('node2')).toBe('inactive active valid');
  const again = await open('node2');
  await eventually(async () => (await again.resume(run)).ok, 'the node gives the lock back');
  await rollBack(again);
  expect(await stateOf('node2')).toBe(before);
});
