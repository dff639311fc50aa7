import { designCluster, type NodeOutcome } from '@clockwarden/core/configure';
import { defaultTimesync } from '@clockwarden/core/policy';
import { text } from '@clockwarden/core/text';
import { testNode, testPolicy } from '@clockwarden/testkit/policy';
import { expect, test } from 'vitest';
import { FakeScreen } from '../terminal/fake-screen.ts';
import { contextAt, testContext } from '../terminal/test-context.ts';
import type { Verifier } from './verifier.ts';
import { waitFor } from './wait.ts';

const names = Array.from({ length: 50 }, (_, index) => `n${index + 1}`);
const nodes = names.map((name, index) => testNode(name, { address: `10.0.0.${index + 1}` }));
const timesync = { ...defaultTimesync, topology: 'direct' as const, upstreams: ['192.0.2.7'] };
const design = designCluster(testPolicy({ nodes, timesync }), timesync);

const good: Omit<NodeOutcome, 'node'> = {
  outcome: 'synchronized',
  stage: 'synchronized',
  grade: 'good',
  waitsFor: null,
  remainingSeconds: null,
  checks: [],
};
const waiting: Omit<NodeOutcome, 'node'> = {
  ...good,
  outcome: 'running',
  stage: 'running',
  grade: 'waiting',
  waitsFor: text('An answer on UDP 123 from 192.0.2.7.', '等待 192.0.2.7 在 UDP 123 上的应答。'),
};

/** Looks as often as it is told to, and then says what it saw last. */
function looking(
  looks: readonly (readonly NodeOutcome[])[],
  between: (look: number) => void,
): Pick<Verifier, 'watch'> {
  return {
    watch: async (_names, _missing, { onLook }) => {
      for (const [index, outcomes] of looks.entries()) {
        onLook(outcomes);
        between(index);
      }
      return looks.at(-1) ?? [];
    },
  };
}

const first = names.map((node, index) => ({ node, ...(index === 4 ? waiting : good) }));
const last = names.map((node) => ({ node, ...good }));

test('on a terminal the table is renewed; those that wait stand above those that are there', async () => {
  const screen = new FakeScreen(100, 10);
  const seen: (readonly string[])[] = [];
  const verifier = looking([first, last], () => seen.push([...screen.lines]));
  expect(await waitFor(contextAt(screen), verifier, design, names, new Map(), 60)).toBe(last);
  expect(seen[0]).toEqual([
    'waiting for 1 s, at most 60 s',
    expect.stringMatching(/^NODE +PART +OUTCOME/),
    expect.stringMatching(/^n5 +client +◌ running .*An answer on UDP 123 from 192\.0\.2\.7\.$/),
    expect.stringMatching(/^n1 /),
    expect.stringMatching(/^n2 /),
    expect.stringMatching(/^n3 /),
    expect.stringMatching(/^n4 /),
    '… and 45 more lines',
  ]);
  expect(seen[1]?.[2]).toMatch(/^n1 +client +● synchronized/);
  expect(screen.lines).toEqual([]);
});

test('elsewhere a line for each change, and none for what is known', async () => {
  const notes: string[] = [];
  const context = { ...testContext().context, note: (line: string) => void notes.push(line) };
  await waitFor(
    context,
    looking([first, first, last], () => undefined),
    design,
    ['n5'],
    new Map(),
    60,
  );
  expect(notes.filter((line) => line.startsWith('n5:'))).toEqual([
    'n5: running: An answer on UDP 123 from 192.0.2.7.',
    'n5: synchronized',
  ]);
});
