import { createTimeBase } from '@clockwarden/adapters/time-base';
import type { Source } from '@clockwarden/core/ports';
import { createDemoCluster, serveDemo } from '@clockwarden/testkit/demo-cluster';
import { waitFor } from '@clockwarden/testkit/wait';
import { expect, test } from 'vitest';

/** Says nothing until it is told to end. */
function silent(kind: Source['kind']): Source {
  return {
    kind,
    collect: (_, { signal }) =>
      new Promise((resolve) => {
        (signal as globalThis.AbortSignal).addEventListener('abort', () => resolve(), { once: true });
      }),
    close: async () => {},
  };
}

test('a node that got another address is another machine: nothing is known of it until it is read', async () => {
  const { policy, sources } = createDemoCluster({ nodes: 3 });
  const [moved, ...others] = policy.nodes;
  if (moved === undefined) throw new Error('three nodes were asked for');
  const server = await serveDemo({
    nodes: 3,
    configuration: {
      load: () => ({
        policy: { ...policy, nodes: [{ ...moved, address: '192.0.2.1' }, ...others] },
        sources: sources.map(({ kind }) => silent(kind)),
      }),
      files: () => [],
    },
  });
  try {
    await waitFor(() => server.loop.settled, { what: 'the first rounds', everyMs: 5 });
    await server.reload();
    expect(server.loop.latestReadings(moved.name)).toEqual([]);
    for (const { name } of others) expect(server.loop.latestReadings(name)).not.toEqual([]);
  } finally {
    await server.close();
  }
});

test.each([3_600, -3_600])(
  'the clock of this machine set by %d s moves times of day and no offset',
  async (seconds) => {
    let set = 0n;
    const monotonic = (): bigint => process.hrtime.bigint();
    const start = BigInt(Date.now()) * 1_000_000n - monotonic();
    const timeBase = createTimeBase({
      monotonic,
      realtime: () => monotonic() + start + set,
      realtimeStep: 1n,
    });
    const server = await serveDemo({ nodes: 3, intervalSeconds: 0.05, timeBase });
    const { loop } = server;
    const shownAt = (): number => Date.parse(loop.header.at) / 1_000;
    try {
      await waitFor(() => loop.settled, { what: 'the first rounds', everyMs: 5 });
      const before = shownAt();
      const median = loop.header.median?.offsetSeconds;
      set = BigInt(seconds) * 1_000_000_000n;
      const written = shownAt();
      expect(Math.abs(written - before - seconds)).toBeLessThan(60);
      expect(Math.abs(loop.nowSeconds() - written)).toBeLessThan(60);
      await waitFor(() => shownAt() > written, { what: 'another judgement', everyMs: 5 });
      expect(loop.header.median?.offsetSeconds).toBeCloseTo(median ?? Number.NaN, 1);
      expect(loop.changesSince('1970-01-01T00:00:00Z').filter(({ kind }) => kind === 'step')).toEqual([]);
    } finally {
      await server.close();
    }
  },
);
