import type { Language } from '@clockwarden/core/text';
import { expect, test } from 'vitest';
import { testContext } from '../terminal/test-context.ts';
import { historyLines } from './report.ts';
import type { HistoryRun } from './runs.ts';

const runs: readonly HistoryRun[] = [
  {
    number: 1,
    id: '20261121T080000Z-0a1b',
    kind: 'apply',
    operator: 'ann@desk',
    nodes: { cp1: 'applied', w1: 'rolled-back', w2: 'untouched' },
    actions: 11,
    state: 'halted',
  },
  {
    number: 2,
    id: '20261122T172204Z-96b0',
    kind: 'resync',
    operator: 'bob@laptop',
    nodes: { w1: 'applied' },
    actions: 1,
    state: 'done',
  },
  {
    number: 3,
    id: '20261123T090000Z-00ff',
    kind: 'rollback',
    operator: 'ann@desk',
    nodes: { cp1: 'done', w1: 'lost', w2: 'mislaid' },
    actions: null,
    state: 'cut',
  },
  {
    number: 4,
    id: '20261124T090000Z-00ff',
    kind: 'apply',
    operator: 'ann@desk',
    nodes: { cp1: 'waiting', w1: 'waiting' },
    actions: 1,
    state: 'stopped',
  },
];

function lines(language: Language, of: readonly HistoryRun[] = runs): string {
  const all = historyLines(testContext(language).context, of);
  return all.map((line) => line.trimEnd()).join('\n');
}

test('who did what when on which nodes, and what came of it, newest first', () => {
  expect(lines('en')).toMatchInlineSnapshot(`
    "#  run                    when (UTC)           who         what               result   nodes
    4  20261124T090000Z-00ff  2026-11-24 09:00:00  ann@desk    apply, 1 action    stopped  cp1, w1
    3  20261123T090000Z-00ff  2026-11-23 09:00:00  ann@desk    rollback           cut      cp1: done, w1: contact lost, w2: mislaid
    2  20261122T172204Z-96b0  2026-11-22 17:22:04  bob@laptop  resync             done     w1
    1  20261121T080000Z-0a1b  2026-11-21 08:00:00  ann@desk    apply, 11 actions  halted   cp1: applied, w1: rolled back, w2: untouched"
  `);
  expect(lines('zh-CN')).toMatchInlineSnapshot(`
    "#  运行                   时间(UTC)            操作者      内容             结果    节点
    4  20261124T090000Z-00ff  2026-11-24 09:00:00  ann@desk    应用，1 个动作   被中止  cp1、w1
    3  20261123T090000Z-00ff  2026-11-23 09:00:00  ann@desk    回退             中断    cp1：完成、w1：失去联系、w2：mislaid
    2  20261122T172204Z-96b0  2026-11-22 17:22:04  bob@laptop  立即校时         完成    w1
    1  20261121T080000Z-0a1b  2026-11-21 08:00:00  ann@desk    应用，11 个动作  已停下  cp1：已应用、w1：已回退、w2：未作改动"
  `);
});

test('nothing was done yet', () => {
  expect(lines('en', [])).toBe('Clockwarden has changed nothing here yet.');
  expect(lines('zh-CN', [])).toBe('Clockwarden 尚未在此作过任何改动。');
});
