import { describe, expect, it } from 'vitest';
import { createKeyReader } from './shortcut-keys.ts';

describe('keys', () => {
  it.each([
    ['/', 'search'],
    ['?', 'help'],
    ['x', null],
  ] as const)('takes %s for %s', (key, command) => {
    expect(createKeyReader()(key, 0)).toBe(command);
  });

  it('takes g and a letter soon after for a place to go', () => {
    const read = createKeyReader();
    expect([read('g', 0), read('n', 500)]).toEqual([null, 'nodes']);
    expect([read('g', 1_000), read('o', 1_100)]).toEqual([null, 'overview']);
    expect([read('g', 2_000), read('e', 2_100)]).toEqual([null, 'explain']);
  });

  it('forgets a g that nothing followed in time', () => {
    const read = createKeyReader();
    expect([read('g', 0), read('n', 5_000), read('n', 5_001)]).toEqual([null, null, null]);
  });
});
