/**
 * node packages/testkit/demo-cluster/main.ts [--nodes 50] [--port 8323] [--interval 2] [--history-hours 26]
 * The console over a cluster that exists only here, with a past that never was.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openStore } from '@clockwarden/adapters/store';
import { createTimeBase } from '@clockwarden/adapters/time-base';
import { runServer } from '@clockwarden/server/run';
import { inventHistory } from './history.ts';
import { createDemoCluster } from './index.ts';

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '50' },
    port: { type: 'string', default: '8323' },
    interval: { type: 'string', default: '2' },
    'history-hours': { type: 'string', default: '26' },
  },
});

const { policy, sources, nodes } = createDemoCluster({
  nodes: Number(values.nodes),
  intervalSeconds: Number(values.interval),
});
const timeBase = createTimeBase();
const store = await openStore(policy.history);
await inventHistory(store, nodes, timeBase, Number(values['history-hours']));
const server = await runServer({
  policy: { ...policy, console: { ...policy.console, port: Number(values.port) } },
  sources,
  timeBase,
  store,
  version: 'demo',
  staticRoot: fileURLToPath(new URL('../../web/dist', import.meta.url)),
  behindProxy: false,
  log: console.error,
});
console.log(`${server.url}  (Ctrl-C ends)`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close());
