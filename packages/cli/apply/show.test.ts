import type { NodeProgress, RolloutState } from '@clockwarden/core/configure';
import { text } from '@clockwarden/core/text';
import { expect, test } from 'vitest';
import { FakeScreen } from '../terminal/fake-screen.ts';
import { contextAt, testContext } from '../terminal/test-context.ts';
import { endApply, endRollback } from './ending.ts';
import type { RunEvent } from './events.ts';
import { refuse } from './refuse.ts';
import { showRun } from './show.ts';

const RUN = '20261122T120000Z-0001';
const secret = {
  kind: 'put-file',
  path: '/etc/chrony/chrony.keys',
  state: { kind: 'file', content: 'c2VjcmV0', mode: 0o640, owner: 'root', group: 'root' },
} as const;

const events: readonly RunEvent[] = [
  { event: 'run-started', run: RUN, kind: 'apply', operator: 'ann@desk', order: [['a']] },
  { event: 'node', node: 'a', progress: 'applying', text: null },
  { event: 'action', node: 'a', run: RUN, index: 0, of: 2, action: secret, state: 'begun', text: null },
  { event: 'waiting', node: 'a', text: text('An answer.', '一个应答。') },
  { event: 'waiting', node: 'a', text: text('An answer.', '一个应答。') },
  { event: 'node', node: 'a', progress: 'rolling-back', text: text('disk full', '磁盘已满') },
];

test('a line an event, what is known already once, in the language of the person', () => {
  const { context, lines } = testContext('zh-CN');
  const show = showRun(context);
  for (const event of events) show.say(event);
  show.end();
  expect(lines).toEqual([
    `运行 ${RUN}，操作者 ann@desk`,
    '· a  正在改动',
    '  a  1/2 写入 /etc/chrony/chrony.keys',
    '  a  一个应答。',
    '▲ a  正在回退：磁盘已满',
  ]);
});

test('as JSON each event is a line, and no content of a file is in it', () => {
  const { context, lines } = testContext('en', true);
  const show = showRun(context);
  for (const event of events) show.say(event);
  expect(lines).toHaveLength(events.length);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ schema: 'clockwarden.run/1', run: RUN, order: [['a']] });
  expect(JSON.parse(lines[2] ?? '')).toMatchObject({
    event: 'action',
    action: 'put-file',
    what: 'write /etc/chrony/chrony.keys',
    index: 0,
    state: 'begun',
  });
  expect(lines.join()).not.toContain('c2VjcmV0');
  expect(JSON.parse(lines[5] ?? '')).toMatchObject({ text: 'disk full' });
});

const node = (name: string, progress: NodeProgress): RunEvent => ({
  event: 'node',
  node: name,
  progress,
  text: null,
});
const begun = (name: string, action: Extract<RunEvent, { event: 'action' }>['action']): RunEvent => ({
  event: 'action',
  node: name,
  run: RUN,
  index: 0,
  of: 2,
  action,
  state: 'begun',
  text: null,
});

test('at a terminal every node of the run is named with what it does or waits for', () => {
  const screen = new FakeScreen(60, 24);
  const show = showRun(contextAt(screen));
  const order = [['s1'], ['canary'], ['w1', 'w2', 'w3'], ['w4', 'w5']];
  show.say({ event: 'run-started', run: RUN, kind: 'apply', operator: 'ann@desk', order });
  show.say(node('s1', 'applying'));
  show.say(begun('s1', secret));
  expect(screen.lines).toEqual([
    `Run ${RUN}, by ann@desk`,
    '… s1  being changed: 1/2 write /etc/chrony/chrony.keys',
    '  then canary',
    '  then w1, w2, w3',
    '  then w4, w5',
  ]);
  for (const name of ['s1', 'canary']) show.say(node(name, 'done'));
  for (const name of ['w1', 'w2', 'w3']) show.say(node(name, 'applying'));
  show.say(node('w2', 'verifying'));
  show.say({ event: 'waiting', node: 'w2', text: text('An answer of s1.', '等待 s1 的应答。') });
  show.say(node('w3', 'rolled-back'));
  expect(screen.lines).toEqual([
    `Run ${RUN}, by ann@desk`,
    '✔ s1  done',
    '✔ canary  done',
    '▲ w3  failed, and is what it was before',
    '… w1  being changed',
    '… w2  being verified: An answer of s1.',
    '  then w4, w5',
  ]);
  show.end();
  expect(screen.lines.at(-1)).toBe('▲ w3  failed, and is what it was before');
});

test('fifty nodes fit on a usual terminal, each by its name', () => {
  const names = Array.from({ length: 50 }, (_, index) => `worker-${String(index + 1).padStart(2, '0')}`);
  const screen = new FakeScreen(80, 24);
  const show = showRun(contextAt(screen));
  // As 25% of them at once.
  const order = [
    names.slice(0, 1),
    ...[1, 13, 25, 37].map((from) => names.slice(from, from + 12)),
    names.slice(49),
  ];
  show.say({ event: 'run-started', run: RUN, kind: 'apply', operator: 'ann@desk', order });
  show.say(node('worker-01', 'done'));
  for (const name of order[1] ?? []) show.say(node(name, 'applying'));
  const shown = screen.lines.join('\n');
  for (const name of names) expect(shown).toContain(name);
  expect(screen.lines).toContain('  then worker-14, worker-15, worker-16, worker-17, worker-18, worker-19,');
  expect(screen.lines).toContain('       worker-20, worker-21, worker-22, worker-23, worker-24, worker-25');
  show.end();
});

test('Ctrl-C is answered at once: what is under way ends first', () => {
  const screen = new FakeScreen(80, 24);
  const stop = new AbortController();
  const plain = testContext();
  const shows = [
    showRun(contextAt(screen, { signal: stop.signal })),
    showRun({ ...plain.context, signal: stop.signal }),
  ];
  for (const event of events.slice(0, 2)) for (const show of shows) show.say(event);
  stop.abort();
  expect(screen.lines.slice(1)).toEqual([
    'Stopping: what is under way ends first. Ctrl-C once more ends at once.',
    '… a  being changed',
  ]);
  expect(plain.lines.at(-1)).toMatch(/^Stopping/);
  for (const show of shows) show.end();
});

function stateWith(...progress: readonly NodeProgress[]): RolloutState {
  return {
    options: { maxFailures: 0 },
    waves: [],
    halted: true,
    progress: Object.fromEntries(progress.map((one, index) => [`n${index}`, one])),
  };
}

test.each<[readonly NodeProgress[], 'done' | 'halted' | 'stopped', number, string]>([
  [['done', 'done'], 'done', 0, 'clockwarden rollback'],
  [['done', 'rolled-back', 'untouched'], 'halted', 1, 'clockwarden plan'],
  [['refused', 'untouched'], 'halted', 1, 'clockwarden plan'],
  [['done', 'stuck'], 'halted', 2, 'clockwarden rollback n1'],
  [['lost', 'untouched'], 'halted', 3, 'clockwarden apply --continue'],
  [['done', 'stopped'], 'stopped', 130, 'clockwarden rollback n1'],
])('%j, %s: exit code %d and what to type', (progress, result, code, words) => {
  const { context, lines } = testContext('en');
  expect(endApply(context, stateWith(...progress), result, RUN)).toBe(code);
  expect(lines.join('\n')).toContain(words);
});

test('that no further node was begun is said only where there was one', () => {
  const halted = testContext('en');
  endApply(halted.context, stateWith('rolled-back', 'untouched'), 'halted', RUN);
  expect(halted.lines).toContain('Halted. No further node was begun.');
  const borne = testContext('en');
  endApply(borne.context, stateWith('rolled-back', 'done'), 'halted', RUN);
  expect(borne.lines).toContain('Ended, and not every node is as it should be.');
});

test('a rollback says so too', () => {
  const { context, lines } = testContext('en');
  expect(endRollback(context, stateWith('done'), 'done')).toBe(0);
  expect(endRollback(context, stateWith('stuck'), 'halted')).toBe(2);
  expect(lines.join('\n')).toContain('is what it was before: n0 (1)');
});

test('a refusal names every node, its reason and the way out', () => {
  const locked = { node: 'a', code: 'locked', text: text('held', '已锁定'), hint: text('ask', '询问') };
  const away = { ...locked, node: 'b', code: 'unreachable' };
  const plain = testContext('en');
  expect(refuse(plain.context, [locked, away])).toBe(1);
  expect(plain.lines.join('\n')).toContain('b: held');
  const json = testContext('zh-CN', true);
  expect(refuse(json.context, [away])).toBe(3);
  expect(JSON.parse(json.lines[0] ?? '')).toMatchObject({
    event: 'refused',
    nodes: [{ node: 'b', code: 'unreachable', text: '已锁定', hint: '询问' }],
  });
});
