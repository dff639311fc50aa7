import { createTimeBase } from '@clockwarden/adapters/time-base';
import { defaultSources } from '@clockwarden/core/policy';
import type { Source } from '@clockwarden/core/ports';
import { testNode, testPolicy } from '@clockwarden/testkit/policy';
import { waitFor } from '@clockwarden/testkit/wait';
import { expect, test } from 'vitest';
import { Rounds } from './rounds.ts';

const nodes = Array.from({ length: 1_200 }, (_, index) => testNode(`n${index}`, { sources: ['ntp'] }));

/** How many nodes each call of `collect` was about. */
async function callsOf(byParts: Pick<Source, 'asksByParts'>, wanted: number): Promise<readonly number[]> {
  const calls: number[] = [];
  const source: Source = {
    kind: 'ntp',
    ...byParts,
    collect: async (asked) => void calls.push(asked.length),
    close: async () => {},
  };
  const policy = testPolicy({ nodes });
  const sources = { ...policy.sources, ntp: { ...defaultSources.ntp, intervalSeconds: 0.05 } };
  const rounds = new Rounds({
    policy: { ...policy, sources },
    sources: [source],
    timeBase: createTimeBase(),
    random: { bytes: (length) => new Uint8Array(length) },
    onReading: () => {},
    onBug: (_, error) => {
      throw error;
    },
  });
  rounds.start();
  await waitFor(() => calls.length >= wanted, { what: `${wanted} calls` });
  await rounds.stop();
  return calls.slice(0, wanted);
}

test('a source that asks by parts asks all at once at first, then in parts over the interval', async () => {
  expect(await callsOf({ asksByParts: true }, 7)).toEqual([1_200, 500, 500, 200, 500, 500, 200]);
});

test('any other source asks all nodes together, always', async () => {
  expect(await callsOf({}, 3)).toEqual([1_200, 1_200, 1_200]);
});
