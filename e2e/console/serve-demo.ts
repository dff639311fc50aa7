/** The real server over the demo cluster: what journeys and screenshots look at. */
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '@clockwarden/adapters/store';
import { createTimeBase } from '@clockwarden/adapters/time-base';
import type { ClusterPolicy } from '@clockwarden/core/policy';
import type { HistoryStore, Source } from '@clockwarden/core/ports';
import { estimate } from '@clockwarden/core/time';
import { runServer } from '@clockwarden/server/run';
import { createDemoCluster, type DemoCluster, demoOffset } from '@clockwarden/testkit/demo-cluster';
import { builtConsole } from './built.ts';

export interface DemoServer {
  readonly url: string;
  readonly demo: DemoCluster;
  readonly store: HistoryStore;
  /** Stops answering; a server started with the same `port` takes its place. */
  close(): Promise<void>;
}

export interface DemoServerOptions {
  readonly nodes?: number;
  readonly intervalSeconds?: number;
  readonly port?: number;
  /** Ask for this token. */
  readonly token?: string;
  /** Other sources than the demo's own, made from them. */
  readonly sources?: (demo: DemoCluster) => readonly Source[];
}

export async function serveDemo(options: DemoServerOptions = {}): Promise<DemoServer> {
  const demo = createDemoCluster({
    nodes: options.nodes ?? 50,
    intervalSeconds: options.intervalSeconds ?? 2,
  });
  const folder = await mkdtemp(join(tmpdir(), 'clockwarden-console-'));
  const tokenFile = join(folder, 'token');
  if (options.token !== undefined) await writeFile(tokenFile, options.token, { mode: 0o600 });
  const policy: ClusterPolicy = {
    ...demo.policy,
    console: {
      ...demo.policy.console,
      port: options.port ?? 0,
      ...(options.token === undefined ? {} : { tokenFile }),
    },
  };
  const store = await openStore(policy.history);
  const server = await runServer({
    policy,
    sources: options.sources?.(demo) ?? demo.sources,
    timeBase: createTimeBase(),
    store,
    version: '0.1.0',
    staticRoot: await builtConsole(),
    behindProxy: false,
    log: () => {},
  });
  return {
    url: server.url.replace(/\/$/, ''),
    demo,
    store,
    async close() {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What the store would hold of two nodes had the server run since yesterday, with a pause in between. */
export function rememberADay({ demo, store }: DemoServer): void {
  // The demo's clocks are functions of the machine's monotonic clock.
  const monotonicSeconds = Number(process.hrtime.bigint()) / 1e9;
  const now = Date.now() / 1_000;
  for (const node of demo.nodes.filter(({ spec }) => ['worker-04', 'cp-3'].includes(spec.name))) {
    const samples = Array.from({ length: 1_440 }, (_, minute) => {
      const ago = (1_440 - minute) * 60;
      return {
        node: node.spec.name,
        at: now - ago,
        offset: estimate(demoOffset(node, monotonicSeconds - ago), 0.0004),
        frequencyPpm: 11.4 + 0.6 * Math.sin(minute / 200),
        reach: minute % 300 === 150 ? 0o377 & ~4 : 0o377,
        status: 'warning' as const,
      };
    });
    // A pause of the observer: a gap in the picture.
    store.write({ samples: samples.filter((_, minute) => minute < 700 || minute > 760) });
  }
}
