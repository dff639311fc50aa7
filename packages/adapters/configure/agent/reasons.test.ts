import { expect, test } from 'vitest';
import { reasonText } from './reasons.ts';
import { agentScript } from './script.ts';

test('each reason that the agent gives is a sentence in both languages', () => {
  const commands = agentScript.replace(/^\s*#.*$/gm, '');
  const codes = new Set([...commands.matchAll(/\bbecause ([a-z][a-z0-9-]+)/g)].map(([, code]) => code));
  expect(codes.size).toBeGreaterThan(20);
  for (const code of codes) {
    const { en, 'zh-CN': zh } = reasonText(`@${code} one two`);
    expect([code, en.startsWith('The node says')]).toEqual([code, false]);
    expect(zh).toMatch(/\p{Script=Han}/u);
  }
});

test("a program's own words are shown, and no more than shown", () => {
  expect(reasonText('E: gone').en).toBe('The node says: E: gone');
  expect(reasonText('\u001b[31mred\u0007').en).toBe('The node says: [31mred');
  expect(reasonText('@constructor x').en).toBe('The node says: @constructor x');
  expect(reasonText('').en).toBe('The node says: ?');
  expect(reasonText('x'.repeat(10_000)).en.length).toBeLessThan(700);
});

test('a refused word is shown as what it says', () => {
  expect(reasonText(`@refused path ${Buffer.from('/etc/../x\n').toString('base64')}`)).toEqual({
    en: 'This is no path, so it was not used: "/etc/../x\\n".',
    'zh-CN': '这不是合法的 path，未予使用："/etc/../x\\n"。',
  });
});
