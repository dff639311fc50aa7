import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generatedPages } from './docs.ts';

test.each([...generatedPages()])('%s says what the code says (npm run docs writes it)', (path, content) => {
  expect(readFileSync(path, 'utf8')).toBe(content);
});
