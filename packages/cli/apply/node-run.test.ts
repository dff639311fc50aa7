import type { AgentJob } from '@clockwarden/adapters/configure';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RunEvent } from './events.ts';
import { FakeNode, type FakeTrouble } from './fake-node.ts';
import { NodeRun, type NodeTask } from './node-run.ts';

const RUN = '20261122T120000Z-0001';

const actions: AgentJob['actions'] = ['/etc/a', '/etc/b', '/etc/c'].map((path) => ({
  action: { kind: 'put-file', path, state: { kind: 'link', target: 'x' } },
  inverse: { kind: 'put-file', path, state: { kind: 'absent' } },
}));

interface Bench {
  readonly node: FakeNode;
  readonly said: RunEvent[];
  readonly stop: AbortController;
  run(task?: NodeTask): NodeRun;
}

function bench(...troubles: readonly FakeTrouble[]): Bench {
  const node = new FakeNode();
  node.troubles = [...troubles];
  const said: RunEvent[] = [];
  const stop = new AbortController();
  return {
    node,
    said,
    stop,
    run: (task = { kind: 'begin', actions }) =>
      new NodeRun({
        node: 'node1',
        run: RUN,
        operator: 'ann@desk',
        takeOver: false,
        task,
        open: () => node.open(),
        stop: stop.signal,
        say: (event) => void said.push(event),
        patienceSeconds: 0.05,
        pause: () => new Promise((resolve) => setImmediate(resolve)),
      }),
  };
}

test('every action is performed once, each told before and after, and the run closed', async () => {
  const { node, said, run } = bench();
  const own = run();
  expect(await own.perform()).toEqual({ kind: 'done' });
  expect(await own.finish('applied')).toEqual({ kind: 'done' });
  await own.close();
  expect(node.asked).toEqual(['begin', 'perform 0', 'perform 1', 'perform 2', 'applied']);
  expect(said.map((event) => (event.event === 'action' ? `${event.index} ${event.state}` : ''))).toEqual([
    '0 begun',
    '0 done',
    '1 begun',
    '1 done',
    '2 begun',
    '2 done',
  ]);
});

test('a failed action was put back by the node; those before it are put back last first', async () => {
  const { node, run } = bench({ at: 'perform', index: 2, how: 'failed' });
  const own = run();
  expect(await own.perform()).toMatchObject({ kind: 'failed', text: { en: 'disk full' } });
  expect(await own.rollBack()).toEqual({ kind: 'done' });
  expect(node.asked.slice(3)).toEqual(['perform 2', 'resume', 'undo 1', 'undo 0', 'rolled-back']);
  expect(node.runs[0]?.state).toBe('rolled-back');
});

test.each(['lost before', 'lost after'] as const)(
  'a login that dies is made again, and the action is done exactly once: %s',
  async (how) => {
    const { node, said, run } = bench({ at: 'perform', index: 1, how });
    const own = run();
    expect(await own.perform()).toEqual({ kind: 'done' });
    const again = how === 'lost before' ? ['perform 1'] : [];
    expect(node.asked).toEqual(['begin', 'perform 0', 'perform 1', 'resume', ...again, 'perform 2']);
    expect(said.some((event) => event.event === 'waiting')).toBe(true);
  },
);

test('a node that stays away is lost, and the next run goes on where this one was cut', async () => {
  const { node, run } = bench({ at: 'perform', index: 1, how: 'lost after' });
  const own = run();
  const ended = own.perform();
  node.reachable = true;
  const open = node.open.bind(node);
  node.open = () => {
    node.reachable = false;
    return open();
  };
  expect(await ended).toMatchObject({ kind: 'lost' });
  node.open = open;
  node.reachable = true;
  node.asked.length = 0;
  const next = run({ kind: 'resume', actions: null });
  expect(await next.perform()).toEqual({ kind: 'done' });
  expect(node.asked).toEqual(['resume', 'perform 2']);
});

test('the action under way ends when the operator stops, and nothing further begins', async () => {
  const { node, stop, run, said } = bench();
  const own = run();
  const performing = own.perform();
  stop.abort();
  expect(await performing).toEqual({ kind: 'stopped' });
  await own.close();
  expect(node.runs[0]).toMatchObject({ state: 'unfinished', done: [] });
  expect(said).toEqual([]);
  expect(node.lock).toBe(null);
});

test('a run that was being put back when it was cut goes on being put back', async () => {
  const { node, run } = bench({ at: 'perform', index: 2, how: 'failed' });
  const first = run();
  await first.perform();
  node.troubles = [{ at: 'undo', index: 0, how: 'failed' }];
  expect(await first.rollBack()).toMatchObject({ kind: 'failed' });
  await first.close();
  node.troubles = [];
  const next = run({ kind: 'resume', actions });
  expect(await next.perform()).toMatchObject({ kind: 'failed' });
  node.asked.length = 0;
  expect(await next.rollBack()).toEqual({ kind: 'done' });
  expect(node.asked).toEqual(['undo 0', 'rolled-back']);
});

test('a locked, an unreachable and a forgetful node are refused before anything is written', async () => {
  const locked = bench();
  locked.node.lock = { operator: 'bob@desk', run: 'another', sinceUnixSeconds: 0 };
  expect(await locked.run().perform()).toMatchObject({ kind: 'refused' });
  const away = bench();
  away.node.reachable = false;
  expect(await away.run().perform()).toMatchObject({ kind: 'refused' });
  const forgetful = bench();
  expect(await forgetful.run({ kind: 'resume', actions }).perform()).toMatchObject({ kind: 'refused' });
});

test('our own agent, left behind by a kill, is waited for until it has ended its action', async () => {
  const { node, run, said } = bench();
  const first = run();
  await first.perform();
  const open = node.open.bind(node);
  const left = { operator: 'ann@desk', run: RUN, sinceUnixSeconds: 0 };
  let busy = 2;
  node.open = async () => {
    const opened = await open();
    if (!opened.ok || busy-- <= 0) return opened;
    const locked = { ok: false, code: 'locked', text: { en: '', 'zh-CN': '' }, lock: left } as const;
    return { ok: true, agent: { ...opened.agent, resume: async () => locked } };
  };
  const next = run({ kind: 'resume', actions });
  expect(await next.perform()).toEqual({ kind: 'done' });
  expect(said.filter(({ event }) => event === 'waiting')).toHaveLength(2);
});

test('another operator who takes the node over is left with it', async () => {
  const { node, run } = bench();
  const own = run();
  const open = node.open.bind(node);
  node.open = async () => {
    const opened = await open();
    if (!opened.ok) return opened;
    const gone = { ok: false, code: 'locked', text: { en: 'taken over', 'zh-CN': '' } } as const;
    return { ok: true, agent: { ...opened.agent, perform: async () => gone } };
  };
  expect(await own.perform()).toEqual({ kind: 'lost', text: { en: 'taken over', 'zh-CN': '' } });
});

test('a node that another took while contact was lost is not waited for', async () => {
  const { node, run, said } = bench({ at: 'perform', index: 0, how: 'lost before' });
  const own = run();
  const open = node.open.bind(node);
  let opened = 0;
  node.open = () => {
    if (opened++ > 0) node.lock = { operator: 'bob@desk', run: 'another', sinceUnixSeconds: 0 };
    return open();
  };
  expect(await own.perform()).toMatchObject({ kind: 'lost' });
  expect(said.filter(({ event }) => event === 'waiting')).toHaveLength(1);
});

const trouble: fc.Arbitrary<FakeTrouble> = fc.record({
  at: fc.constantFrom('perform' as const, 'undo' as const),
  index: fc.nat(2),
  how: fc.constantFrom('lost before' as const, 'lost after' as const),
});

test('wherever logins die and however often it is stopped: a rerun completes, a rollback puts everything back', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(trouble, { maxLength: 6, selector: ({ at, index, how }) => `${at} ${index} ${how}` }),
      fc.array(fc.nat(4), { maxLength: 3 }),
      async (troubles, stops) => {
        const { node } = bench(...troubles);
        const attempt = (stopAfter: number | null, first: boolean): NodeRun => {
          const stop = new AbortController();
          let done = 0;
          return new NodeRun({
            node: 'node1',
            run: RUN,
            operator: 'ann@desk',
            takeOver: false,
            task: first ? { kind: 'begin', actions } : { kind: 'resume', actions },
            open: () => node.open(),
            stop: stop.signal,
            say: (event) => {
              if (event.event === 'action' && stopAfter !== null && done++ >= stopAfter) stop.abort();
            },
            patienceSeconds: 0.05,
            pause: () => new Promise((resolve) => setImmediate(resolve)),
          });
        };
        let begun = false;
        for (const stopAfter of [...stops, null]) {
          const run = attempt(stopAfter, !begun);
          const end = await run.perform();
          await run.close();
          begun = node.runs.length > 0;
          if (stopAfter === null) expect(end).toEqual({ kind: 'done' });
          expect(node.lock).toBe(null);
        }
        expect(node.runs[0]?.done.toSorted()).toEqual([0, 1, 2]);
        const back = attempt(null, false);
        expect(await back.rollBack()).toEqual({ kind: 'done' });
        expect(node.runs[0]).toMatchObject({ done: [], state: 'rolled-back' });
      },
    ),
  );
});
