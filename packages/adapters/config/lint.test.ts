import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lintRules } from '@clockwarden/core/lint';
import { afterAll, describe, expect, it } from 'vitest';
import { lintConfig } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'clockwarden-lint-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function lint(content: string) {
  const file = join(folder, 'clockwarden.yaml');
  writeFileSync(file, content);
  return lintConfig(file);
}

describe('clockwarden.yaml', () => {
  const rules = lintRules.filter(({ subject }) => subject === 'clockwarden.yaml');

  it.each(rules.map((rule) => [rule.code, rule] as const))('%s', (code, { bad, good }) => {
    const found = lint(bad).results.filter(({ rule }) => rule.code === code);
    expect(found).toHaveLength(1);
    expect(found[0]?.line).toBe(bad.trimEnd().split('\n').length);
    expect(lint(good)).toEqual({ problems: [], results: [] });
  });

  it('that is invalid is told so, and nothing more', () => {
    const { problems, results } = lint('nmae: x\n');
    expect(problems).toMatchObject([{ line: 1, column: 1 }]);
    expect(results).toEqual([]);
  });

  it('that cannot be read is an error of its own', () => {
    expect(() => lintConfig(join(folder, 'none.yaml'))).toThrow(
      expect.objectContaining({ code: 'config-not-found' }),
    );
  });
});
