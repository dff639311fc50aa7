/** With a real chronyd on this machine, as far as this thread can see: both stand in a network namespace. */
import type { NodeSpec } from '@clockwarden/core/inventory';
import type { NodeFacts } from '@clockwarden/core/observe';
import { startChronyd } from '@clockwarden/testkit/daemons';
import { createNamespace, enterNamespace } from '@clockwarden/testkit/namespace';
import { expect, test } from 'vitest';
import { cryptoRandom } from '../round/index.ts';
import { createTimeBase } from '../time-base/index.ts';
import { createLocalSource } from './index.ts';

const node: NodeSpec = { name: 'here', address: 'localhost', roles: [], ssh: {}, origin: 'test' };

async function read(): Promise<NodeFacts> {
  const source = createLocalSource({ intervalSeconds: 5, timeoutSeconds: 5 });
  const context = { timeBase: createTimeBase(), random: cryptoRandom, signal: new AbortController().signal };
  let facts: NodeFacts | null = null;
  await source.collect([node], context, (_, { result }) => {
    if (result.ok) facts = result.facts;
  });
  await source.close();
  if (facts === null) throw new Error('no reading');
  return facts;
}

test.each(['127.0.0.1', '::1'])('chronyd is asked over UDP 323 of %s', async (address) => {
  await using namespace = await createNamespace();
  await using chronyd = await startChronyd({
    namespace: namespace.name,
    address,
    config: ['local stratum 7'],
  });
  const leave = enterNamespace(namespace.name);
  try {
    const { chrony, sync, daemons } = await read();
    expect(chrony?.tracking).toMatchObject({ refId: '7F7F0101', stratum: 7 });
    expect(sync).toMatchObject({ daemon: 'chronyd', source: null });
    // It runs with -x, so it is no writer of this machine's clock.
    expect(daemons?.filter(({ kind, unit }) => kind === 'chronyd' && unit === null)).toEqual([]);
    expect(chronyd.log()).not.toContain('Fatal');
  } finally {
    leave();
  }
});
