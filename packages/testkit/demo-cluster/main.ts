/**
 * node packages/testkit/demo-cluster/main.ts [--nodes 50] [--port 8323] [--interval 2] [--history-hours 26]
 * The console over a cluster that exists only here, with a past that never was.
 */
import { parseArgs } from 'node:util';
import { serveDemo } from './serve.ts';

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '50' },
    port: { type: 'string', default: '8323' },
    interval: { type: 'string', default: '2' },
    'history-hours': { type: 'string', default: '26' },
  },
});

const server = await serveDemo({
  nodes: Number(values.nodes),
  intervalSeconds: Number(values.interval),
  historyHours: Number(values['history-hours']),
  console: { port: Number(values.port) },
  log: console.error,
});
console.log(`${server.url}  (Ctrl-C ends)`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close());
