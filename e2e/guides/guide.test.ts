import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { clusters } from './clusters.ts';
import { stepsOf } from './guide.ts';

const folder = join(import.meta.dirname, '../../docs/guides');
const names = readdirSync(folder).filter((name) => name.endsWith('.md') && !name.endsWith('.zh-CN.md'));

test('files, commands, their exit codes and where they are typed', () => {
  const guide = `Text.

\`\`\`yaml clockwarden.yaml
name: a
\`\`\`

<!-- exit 1 -->
\`\`\`console
$ clockwarden plan
1 of 1 nodes would change.
$ clockwarden check
\`\`\`

<!-- on node1 -->
\`\`\`console
$ date
\`\`\`

\`\`\`text
$ not a command
\`\`\`
`;
  expect(stepsOf(guide)).toEqual([
    { kind: 'file', name: 'clockwarden.yaml', content: 'name: a\n' },
    { kind: 'commands', commands: ['clockwarden plan', 'clockwarden check'], exitCode: 1, node: null },
    { kind: 'commands', commands: ['date'], exitCode: 0, node: 'node1' },
  ]);
});

describe('the guides', () => {
  test('each has a cluster on which it is carried out', () => {
    expect(names.map((name) => name.replace(/\.md$/, ''))).toEqual(Object.keys(clusters).sort());
  });

  test.each(names)('%s says and does the same in both languages', (name) => {
    const english = readFileSync(join(folder, name), 'utf8');
    const chinese = readFileSync(join(folder, name.replace(/\.md$/, '.zh-CN.md')), 'utf8');
    const steps = stepsOf(english);
    expect(steps.some((step) => step.kind === 'commands')).toBe(true);
    expect(stepsOf(chinese).filter((step) => step.kind === 'commands')).toEqual(
      steps.filter((step) => step.kind === 'commands'),
    );
    const withoutComments = (content: string): string => content.replace(/\s*#.*$/gm, '');
    const files = (all: ReturnType<typeof stepsOf>): readonly string[] =>
      all.flatMap((step) => (step.kind === 'file' ? [step.name, withoutComments(step.content)] : []));
    expect(files(stepsOf(chinese))).toEqual(files(steps));
  });
});
