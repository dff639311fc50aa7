import type { Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, isIPv6 } from 'node:net';
import { cryptoRandom } from '@clockwarden/adapters/round';
import { OperatorError } from '@clockwarden/core/errors';
import type { ClusterPolicy } from '@clockwarden/core/policy';
import type { HistoryStore, Source, TimeBase } from '@clockwarden/core/ports';
import { text } from '@clockwarden/core/text';
import { createAdaptorServer } from '@hono/node-server';
import { assertSafeListen, Guard, readSecrets, readTls } from '../auth/index.ts';
import { createApp, createLiveStream, createStaticFiles, createStatus } from '../http/index.ts';
import { ClusterLoop } from '../loop/index.ts';
import { createMetrics } from '../metrics/index.ts';

export interface ServerOptions {
  readonly policy: ClusterPolicy;
  readonly sources: readonly Source[];
  readonly timeBase: TimeBase;
  readonly store: HistoryStore;
  readonly version: string;
  /** Folder of the built console. */
  readonly staticRoot: string;
  readonly behindProxy: boolean;
  /** One line for the log. */
  readonly log: (line: string) => void;
}

export interface RunningServer {
  /** Where a browser finds the console. */
  readonly url: string;
  readonly loop: ClusterLoop;
  /** Ends requests, rounds and sources, and flushes the history. Quick: nothing is waited for that may hang. */
  close(): Promise<void>;
}

export async function runServer(options: ServerOptions): Promise<RunningServer> {
  const { policy, store, version, log } = options;
  const onBug = (what: string, error: unknown): void => {
    log(`bug: ${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  };
  assertSafeListen(policy.console, options.behindProxy);
  const tls = readTls(policy.console);
  const guard = new Guard({
    ...readSecrets(policy.console),
    host: policy.console.host,
    allowedHosts: policy.console.allowedHosts,
    tls: tls !== null,
    behindProxy: options.behindProxy,
  });
  const { sources, timeBase } = options;
  const loop = new ClusterLoop({ policy, sources, timeBase, random: cryptoRandom, store, onBug });
  const stream = createLiveStream(loop);
  const status = createStatus({ loop, store, version, configProblem: () => null });
  const staticFiles = createStaticFiles(options.staticRoot);
  const consoles = () => ({ connected: stream.consoles, dropped: stream.dropped });
  const metrics = createMetrics({ loop, status, version, consoles });
  const app = createApp({ loop, store, stream, guard, metrics, staticFiles, status, version, onBug });
  const server = createAdaptorServer({
    fetch: app.fetch,
    ...(tls === null ? {} : { createServer: createSecureServer, serverOptions: tls }),
  }) as Server;
  try {
    await listen(server, policy.console.host, policy.console.port);
    await loop.start();
  } catch (error) {
    server.close();
    throw error;
  }
  const { address, port } = server.address() as AddressInfo;
  return {
    url: `${tls === null ? 'http' : 'https'}://${isIPv6(address) ? `[${address}]` : address}:${port}/`,
    loop,
    async close() {
      stream.close();
      server.close();
      server.closeAllConnections();
      await loop.stop();
      await store.close();
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const where = `${host}:${port}`;
      reject(
        error.code === 'EADDRINUSE'
          ? new OperatorError('address-in-use', { where })
          : new OperatorError('unsafe-listen', { where, detail: text(error.message, error.message) }),
      );
    });
    server.listen(port, host, () => resolve());
  });
}
