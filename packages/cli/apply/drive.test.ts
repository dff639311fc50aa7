import { expect, test } from 'vitest';
import { drive, type NodeWork } from './drive.ts';
import type { RunEvent } from './events.ts';
import type { NodeRunEnd } from './node-run.ts';

const done: NodeRunEnd = { kind: 'done' };
const failed: NodeRunEnd = { kind: 'failed', text: { en: 'no reply', 'zh-CN': '无应答' } };

function work(
  log: string[],
  name: string,
  ends: Partial<Record<'apply' | 'verify' | 'rollBack', NodeRunEnd>> = {},
): [string, NodeWork] {
  const step = (kind: 'apply' | 'verify' | 'rollBack') => async (): Promise<NodeRunEnd> => {
    log.push(`${kind} ${name}`);
    return ends[kind] ?? done;
  };
  return [
    name,
    {
      apply: step('apply'),
      verify: step('verify'),
      rollBack: step('rollBack'),
      close: async () => void log.push(`close ${name}`),
    },
  ];
}

test('the work of each node happens in the order of the waves', async () => {
  const log: string[] = [];
  const said: RunEvent[] = [];
  const state = await drive(
    [['a'], ['b']],
    { maxFailures: 0 },
    new Map([work(log, 'a'), work(log, 'b')]),
    new AbortController().signal,
    (event) => void said.push(event),
  );
  expect(state.progress).toEqual({ a: 'done', b: 'done' });
  expect(log).toEqual(['apply a', 'verify a', 'close a', 'apply b', 'verify b', 'close b']);
  expect(said.map((event) => (event.event === 'node' ? `${event.node} ${event.progress}` : ''))).toEqual([
    'a applying',
    'a verifying',
    'a done',
    'b applying',
    'b verifying',
    'b done',
  ]);
});

test('a failed verification is told with its reason, undone, and ends the run', async () => {
  const log: string[] = [];
  const said: RunEvent[] = [];
  const state = await drive(
    [['a'], ['b']],
    { maxFailures: 0 },
    new Map([work(log, 'a', { verify: failed }), work(log, 'b')]),
    new AbortController().signal,
    (event) => void said.push(event),
  );
  expect(state.progress).toEqual({ a: 'rolled-back', b: 'untouched' });
  expect(log).toEqual(['apply a', 'verify a', 'rollBack a', 'close a']);
  expect(said).toContainEqual({
    event: 'node',
    node: 'a',
    progress: 'rolling-back',
    text: { en: 'no reply', 'zh-CN': '无应答' },
  });
});

test('a stop before the start touches nothing but what was begun, and a bug ends the run loudly', async () => {
  const log: string[] = [];
  const stopped = await drive(
    [['a'], ['b']],
    { maxFailures: 0 },
    new Map([work(log, 'a', { apply: { kind: 'stopped' } }), work(log, 'b')]),
    AbortSignal.abort(),
    () => undefined,
  );
  expect(stopped.progress).toEqual({ a: 'stopped', b: 'untouched' });
  const empty = await drive([], { maxFailures: 0 }, new Map(), new AbortController().signal, () => undefined);
  expect(empty.progress).toEqual({});
  const none = drive([['x']], { maxFailures: 0 }, new Map(), new AbortController().signal, () => undefined);
  await expect(none).rejects.toThrow('no work for x');
});
