import { expect, test } from 'vitest';
import { faults, readSettings } from './index.ts';

function fault(name: string): (typeof faults)[number] {
  const found = faults.find((one) => one.name === name);
  if (!found) throw new Error(name);
  return found;
}

test('names are unique and can be typed', () => {
  const names = faults.map((one) => one.name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9-]+$/);
});

test('settings that are not given have their standard, and what is unknown is refused', () => {
  expect(readSettings(fault('containers'), ['count=7'])).toEqual({
    count: '7',
    'sys-time': 'yes',
    every: '30',
    server: 'ntp1',
  });
  expect(() => readSettings(fault('containers'), ['number=7'])).toThrow(/count=…/);
  expect(() => readSettings(fault('step'), [])).toThrow(/step wants by=/);
  expect(() => readSettings(fault('partition'), ['x'])).toThrow(/no settings/);
  expect(() => readSettings(fault('step'), ['__proto__=x'])).toThrow(/does not understand/);
});
