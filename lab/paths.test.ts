import { expect, test } from 'vitest';
import { cacheRoot, checkLabName, stateRoot } from './paths.ts';

test.each(['a', 'default', 'ci-42', 'x'.repeat(20)])('"%s" may name a lab', (name) => {
  expect(checkLabName(name)).toBe(name);
});

test.each(['', '..', 'a/b', 'A', '-a', 'a-', 'a b', 'x'.repeat(21), 'a\n'])('"%s" may not', (name) => {
  expect(() => checkLabName(name)).toThrow(/not a name/);
});

test('directories follow XDG, which says that a relative path is to be ignored', () => {
  expect(cacheRoot({ XDG_CACHE_HOME: '/c' })).toBe('/c/clockwarden/lab');
  expect(stateRoot({ XDG_STATE_HOME: '/s' })).toBe('/s/clockwarden/lab');
  expect(stateRoot({ XDG_STATE_HOME: 'relative' })).toMatch(/^\/.*\/\.local\/state\/clockwarden\/lab$/);
});
