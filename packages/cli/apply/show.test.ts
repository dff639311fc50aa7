import type { NodeProgress, RolloutState } from '@clockwarden/core/configure';
import { text } from '@clockwarden/core/text';
import { expect, test } from 'vitest';
import { testContext } from '../terminal/test-context.ts';
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
