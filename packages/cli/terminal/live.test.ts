import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeScreen } from './fake-screen.ts';
import { liveLines } from './live.ts';
import { contextAt, testContext } from './test-context.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a block stands below what is printed, is renewed, and leaves nothing behind', () => {
  const screen = new FakeScreen(40, 10);
  let seconds = 0;
  const live = liveLines(contextAt(screen), () => ['a works', `for ${seconds} s`]);
  live?.refresh();
  live?.print('b is done');
  expect(screen.lines).toEqual(['b is done', 'a works', 'for 0 s']);
  seconds = 7;
  vi.advanceTimersByTime(500);
  expect(screen.lines).toEqual(['b is done', 'a works', 'for 7 s']);
  live?.end();
  vi.advanceTimersByTime(5_000);
  expect(screen.lines).toEqual(['b is done']);
});

test('what the terminal has no room for is counted, and nothing of it is left above', () => {
  const screen = new FakeScreen(40, 6);
  const live = liveLines(contextAt(screen), () => Array.from({ length: 50 }, (_, index) => `node${index}`));
  for (let time = 0; time < 3; time += 1) live?.refresh();
  expect(screen.lines).toEqual(['node0', 'node1', 'node2', '… and 47 more lines']);
  live?.end();
  expect(screen.lines).toEqual([]);
});

test('a line that is too long loses its end, wide characters counted as two', () => {
  const screen = new FakeScreen(24, 10);
  const words = ['0123456789012345678901234', '等待时间源的更多应答，最近八次轮询', 'short'];
  const live = liveLines(contextAt(screen), () => words);
  for (let time = 0; time < 3; time += 1) live?.refresh();
  expect(screen.lines).toEqual(['0123456789012345678901…', '等待时间源的更多应答，…', 'short']);
  live?.end();
});

test('a terminal that does not know its size is taken for a usual one', () => {
  const screen = new FakeScreen(80, 24);
  const unknown = { columns: 0, rows: 0, write: (words: string) => screen.write(words) };
  const live = liveLines(contextAt(screen, { screen: unknown }), (columns) => [`${columns} columns`]);
  live?.refresh();
  expect(screen.lines).toEqual(['79 columns']);
  live?.end();
});

test('where no person looks there is no block', () => {
  expect(liveLines(testContext().context, () => [])).toBeNull();
  expect(liveLines(contextAt(new FakeScreen(80, 24), { json: true }), () => [])).toBeNull();
});
