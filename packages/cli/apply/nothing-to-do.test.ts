import { text } from '@clockwarden/core/text';
import { expect, test } from 'vitest';
import { testContext } from '../terminal/test-context.ts';
import { nothingToDo } from './nothing-to-do.ts';

test('a line for a person, an event with its time for a program, and exit code 0', () => {
  const words = text('Nothing.', '无。');
  const person = testContext();
  expect([nothingToDo(person.context, words), person.lines]).toEqual([0, ['Nothing.']]);
  const program = testContext('zh-CN', true);
  expect(nothingToDo(program.context, words)).toBe(0);
  expect(JSON.parse(program.lines[0] ?? '')).toEqual({
    event: 'nothing-to-do',
    at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    text: '无。',
  });
});
