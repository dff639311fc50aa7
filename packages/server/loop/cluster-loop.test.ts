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
