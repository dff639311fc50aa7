import type { AgentJob, ControlPlaneHealth } from '@clockwarden/adapters/configure';
import type { NodeOutcome } from '@clockwarden/core/configure';
import { text } from '@clockwarden/core/text';
import { expect, test } from 'vitest';
import { drive } from './drive.ts';
import type { RunEvent } from './events.ts';
import { FakeNode } from './fake-node.ts';
import { NodeRun } from './node-run.ts';
import { type ApplyWorkOptions, applyWork } from './node-work.ts';

const well: ControlPlaneHealth = {
  ok: true,
  etcd: { state: 'ok', said: '' },
  apiserver: { state: 'unknown', said: '' },
};
const unwell: ControlPlaneHealth = { ...well, etcd: { state: 'bad', said: 'HTTP 503' } };

const good: NodeOutcome = {
  node: 'a',
  outcome: 'synchronized',
  stage: 'synchronized',
  grade: 'good',
  waitsFor: null,
  remainingSeconds: null,
  checks: [],
};
const late: NodeOutcome = {
  ...good,
  outcome: 'timed-out',
  stage: 'running',
  grade: 'waiting',
  waitsFor: text('An answer.', '一个应答。'),
  checks: [
    { code: 'kernel', holds: false, text: text('The kernel flag is set.', '内核标志已置位。') },
    { code: 'outside', holds: false, text: text('An answer.', '一个应答。') },
    { code: 'running', holds: true, text: text('chronyd runs.', 'chronyd 正在运行。') },
  ],
};

function bench(change: Partial<ApplyWorkOptions> = {}, actions: AgentJob['actions'] = []) {
  const node = new FakeNode();
  const said: RunEvent[] = [];
  const stop = new AbortController();
  const say = (event: RunEvent): void => void said.push(event);
  const pause = (): Promise<void> => Promise.resolve();
  const run = new NodeRun({
    node: 'a',
    run: '20261122T120000Z-0001',
    operator: 'ann@desk',
    takeOver: false,
    task: { kind: 'begin', actions },
    open: () => node.open(),
    stop: stop.signal,
    say,
    patienceSeconds: 0.05,
    pause,
  });
  const work = applyWork({
    node: 'a',
    run,
    stop: stop.signal,
    say,
    recheck: async () => null,
    health: null,
    verify: async () => good,
    pause,
    ...change,
  });
  return { node, said, stop, work };
}

test('a node is performed, verified, and its run closed', async () => {
  const { node, work } = bench({ health: async () => well });
  expect(await work.apply()).toEqual({ kind: 'done' });
  expect(await work.verify()).toEqual({ kind: 'done' });
  expect(node.asked).toEqual(['begin', 'applied']);
});

test('a control plane that was unwell before is not touched, and so is a node that changed meanwhile', async () => {
  const sick = bench({ health: async () => unwell });
  expect(await sick.work.apply()).toMatchObject({
    kind: 'refused',
    text: { en: expect.stringContaining('HTTP 503') },
  });
  expect(sick.node.asked).toEqual([]);
  const changed = bench({ recheck: async () => text('changed', '变化') });
  expect(await changed.work.apply()).toMatchObject({ kind: 'refused' });
  expect(changed.node.asked).toEqual([]);
});

test('a control plane may recover for a while; one that does not fails the node', async () => {
  const answers = [well, unwell, unwell, well];
  const recovering = bench({ health: async () => answers.shift() ?? well });
  await recovering.work.apply();
  expect(await recovering.work.verify()).toMatchObject({ kind: 'done' });
  expect(recovering.said.map(({ event }) => event)).toEqual(['waiting', 'waiting']);
});

test.each<[what: string, after: ControlPlaneHealth, named: string]>([
  ['unwell', unwell, 'etcd: HTTP 503'],
  ['silent', { ...well, etcd: { state: 'unknown', said: '' } }, 'etcd: unknown'],
  ['gone', { ...well, etcd: { state: 'absent', said: '' } }, 'etcd: absent'],
  [
    'gone, asked in vain before',
    { ...well, apiserver: { state: 'absent', said: '' } },
    'kube-apiserver: absent',
  ],
])('a control plane that stays %s fails the node', async (_, after, named) => {
  let asked = 0;
  const { work } = bench({
    health: async () => {
      asked += 1;
      return asked === 1 ? well : after;
    },
  });
  await work.apply();
  expect(await work.verify()).toMatchObject({ kind: 'failed', text: { en: expect.stringContaining(named) } });
});

test('a node whose control plane was well before and is not after is put back, and the others stay untouched', async () => {
  const answers = [well];
  const put = { kind: 'put-file', path: '/etc/chrony/chrony.conf', state: { kind: 'absent' } } as const;
  const { node, said, stop, work } = bench({ health: async () => answers.shift() ?? unwell }, [
    { action: put, inverse: put },
  ]);
  const other = bench();
  const works = new Map([
    ['a', work],
    ['b', other.work],
  ]);
  const say = (event: RunEvent): void => void said.push(event);
  const { progress } = await drive([['a'], ['b']], { maxFailures: 0 }, works, stop.signal, say);
  expect(progress).toEqual({ a: 'rolled-back', b: 'untouched' });
  expect(node.asked).toEqual(['begin', 'perform 0', 'undo 0', 'rolled-back']);
  expect(other.node.asked).toEqual([]);
  expect(said).toContainEqual({
    event: 'node',
    node: 'a',
    progress: 'rolling-back',
    text: text(
      'Its control plane was well before, and is not any more: etcd: HTTP 503.',
      '控制平面之前健康，现在不健康：etcd: HTTP 503。',
    ),
  });
});

test('a stop while the control plane is watched is no failure', async () => {
  const answers = [well];
  const { work, stop } = bench({
    health: async () => answers.shift() ?? unwell,
    pause: async () => stop.abort(),
  });
  await work.apply();
  expect(await work.verify()).toEqual({ kind: 'stopped' });
});

test('what is not verified in time fails with what it waited for; a stop is no failure', async () => {
  const slow = bench({ verify: async () => late });
  expect(await slow.work.verify()).toMatchObject({
    kind: 'failed',
    text: { en: 'Not verified in time. It waits for: An answer. The kernel flag is set.' },
  });
  const stopped = bench({ verify: async () => late });
  stopped.stop.abort();
  expect(await stopped.work.verify()).toEqual({ kind: 'stopped' });
  expect(await stopped.work.apply()).toEqual({ kind: 'stopped' });
});
