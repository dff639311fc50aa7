import { defaultSources } from '@clockwarden/core/policy';
import { boundOf, contains, type Estimate } from '@clockwarden/core/time';
import { expect, test } from 'vitest';
import { cryptoRandom } from '../round/index.ts';
import { createTimeBase } from '../time-base/index.ts';
import { createLocalSource } from './index.ts';

test('a thousand readings of this machine’s own clock hold the truth, which is 0', async () => {
  const source = createLocalSource(defaultSources.local);
  const context = { timeBase: createTimeBase(), random: cryptoRandom, signal: new AbortController().signal };
  const node = { name: 'here', address: 'localhost', roles: [], ssh: {}, origin: 'test' };
  const offsets: Estimate[] = [];
  try {
    while (offsets.length < 1_000) {
      await source.collect([node], context, (_, { result }) => {
        const clock = result.ok ? result.facts.clock : null;
        expect(clock).not.toBeNull();
        if (clock !== null) offsets.push(clock.offset);
      });
    }
  } finally {
    await source.close();
  }
  expect(offsets.filter((offset) => !contains(offset, 0))).toEqual([]);
  const bounds = offsets.map(boundOf).sort((a, b) => a - b);
  expect(bounds[500]).toBeLessThan(50e-6);
}, 300_000);
