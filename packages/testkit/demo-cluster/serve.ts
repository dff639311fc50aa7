import { fileURLToPath } from 'node:url';
import { openStore } from '@clockwarden/adapters/store';
import { createTimeBase } from '@clockwarden/adapters/time-base';
import type { ClusterPolicy, ConsoleConfig } from '@clockwarden/core/policy';
import type { Source, TimeBase } from '@clockwarden/core/ports';
import { type RunningServer, runServer, type ServerOptions } from '@clockwarden/server/run';
import { inventHistory } from './history.ts';
import { createDemoCluster, type DemoOptions } from './index.ts';

export interface ServeDemoOptions extends DemoOptions {
  readonly console?: Partial<ConsoleConfig>;
  readonly behindProxy?: boolean;
  /** Hours of a past that never was. */
  readonly historyHours?: number;
  readonly staticRoot?: string;
  /** In place of the demo's own. */
  readonly sources?: readonly Source[];
  readonly policy?: Partial<ClusterPolicy>;
  readonly configuration?: ServerOptions['configuration'];
  /** The collector's clock, where the test sets it. */
  readonly timeBase?: TimeBase;
  readonly log?: (line: string) => void;
}

/** The whole server over the demo cluster, on a port that the kernel chooses unless one is given. */
export async function serveDemo(options: ServeDemoOptions = {}): Promise<RunningServer> {
  const demo = createDemoCluster(options);
  const policy = {
    ...demo.policy,
    ...options.policy,
    console: { ...demo.policy.console, ...options.console },
  };
  const { timeBase = createTimeBase() } = options;
  const store = await openStore(policy.history);
  await inventHistory(store, demo.nodes, timeBase, options.historyHours ?? 0);
  return runServer({
    policy,
    sources: options.sources ?? demo.sources,
    timeBase,
    store,
    version: 'demo',
    staticRoot: options.staticRoot ?? fileURLToPath(new URL('../../web/dist', import.meta.url)),
    behindProxy: options.behindProxy ?? false,
    ...(options.configuration === undefined ? {} : { configuration: options.configuration }),
    log: options.log ?? (() => undefined),
  });
}
