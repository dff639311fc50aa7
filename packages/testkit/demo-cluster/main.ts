/**
 * node packages/testkit/demo-cluster/main.ts [--nodes 50] [--port 8323] [--interval 2]
 * The console over a cluster that exists only here.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createOffStore } from '@clockwarden/adapters/store';
import { createTimeBase } from '@clockwarden/adapters/time-base';
import { runServer } from '@clockwarden/server/run';
import { createDemoCluster } from './index.ts';

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '50' },
    port: { type: 'string', default: '8323' },
    interval: { type: 'string', default: '2' },
  },
});

const { policy, sources } = createDemoCluster({
  nodes: Number(values.nodes),
  intervalSeconds: Number(values.interval),
});
const server = await runServer({
  policy: { ...policy, console: { ...policy.console, port: Number(values.port) } },
  sources,
  timeBase: createTimeBase(),
  store: createOffStore(),
  version: 'demo',
  staticRoot: fileURLToPath(new URL('../../web/dist', import.meta.url)),
  log: console.error,
});
console.log(`${server.url}  (Ctrl-C ends)`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close());
