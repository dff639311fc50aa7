import type { Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, isIPv6 } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { cryptoRandom } from '@clockwarden/adapters/round';
import { OperatorError } from '@clockwarden/core/errors';
import type { ClusterPolicy } from '@clockwarden/core/policy';
import type { HistoryStore, Source, TimeBase } from '@clockwarden/core/ports';
import { text } from '@clockwarden/core/text';
import { createAdaptorServer } from '@hono/node-server';
import { assertSafeListen, Guard, readSecrets, readTls } from '../auth/index.ts';
import {
  type AppParts,
  createApp,
  createLiveStream,
  createStaticFiles,
  createStatus,
} from '../http/index.ts';
import { ClusterLoop } from '../loop/index.ts';
import { createMetrics } from '../metrics/index.ts';
import { type Configuration, type ConfigWatch, watchConfig } from './config-watch.ts';

export interface ServerOptions {
  readonly policy: ClusterPolicy;
  readonly sources: readonly Source[];
  readonly timeBase: TimeBase;
  readonly store: HistoryStore;
  readonly version: string;
  /** Folder of the built console. */
  readonly staticRoot: string;
  readonly behindProxy: boolean;
  /** Where a changed configuration comes from; without it the policy stays. */
  readonly configuration?: Configuration;
  /** One line for the log. */
  readonly log: (line: string) => void;
}

export interface RunningServer {
  /** Where a browser finds the console. */
  readonly url: string;
  readonly loop: ClusterLoop;
  /** Reads the configuration anew, as it does by itself when a file of it changes. */
  reload(): Promise<void>;
  /** Ends requests, rounds and sources, and flushes the history. Quick: nothing is waited for that may hang. */
  close(): Promise<void>;
}

const STATUS_MS = 5_000;
/**
 * Nearly all that a large cluster's judgements leave is garbage. V8 would let the heap grow to four times what is in use
 * before it collects; this lets it grow by a fifth. A flag of V8 (`node --v8-options`) that is read at each collection.
 */
const HEAP_GROWTH = '--heap-growing-percent=20';

/** Sources and store are the server's from here on: it closes them, also when it cannot start. */
export async function runServer(options: ServerOptions): Promise<RunningServer> {
  try {
    return await start(options);
  } catch (error) {
    await Promise.allSettled([...options.sources, options.store].map((part) => part.close()));
    throw error;
  }
}

async function start(options: ServerOptions): Promise<RunningServer> {
  const { policy, store, sources, timeBase, version, log } = options;
  assertSafeListen(policy.console, options.behindProxy);
  setFlagsFromString(HEAP_GROWTH);
  const tls = readTls(policy.console);
  const onBug = (what: string, error: unknown): void => {
    log(`bug: ${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  };
  const loop = new ClusterLoop({ policy, sources, timeBase, random: cryptoRandom, store, onBug });
  let config: ConfigWatch | null = null;
  const status = createStatus({ loop, store, version, configProblem: () => config?.problem ?? null });
  const tellStatus = (): void => loop.emit({ event: 'status', data: status() });
  const { fetch, stream } = createWeb(options, { loop, status, tls: tls !== null, onBug });
  const server = createAdaptorServer({
    fetch,
    ...(tls === null ? {} : { createServer: createSecureServer, serverOptions: tls }),
  }) as Server;
  try {
    await listen(server, policy.console.host, policy.console.port);
  } catch (error) {
    stream.close();
    throw error;
  }
  const ticking = setInterval(tellStatus, STATUS_MS);
  tellHistoryState(options, loop, tellStatus);
  await loop.start();
  if (options.configuration !== undefined) {
    config = watchConfig(options.configuration, loop, (_, words) => {
      log(words.en);
      tellStatus();
    });
  }
  const { address, port } = server.address() as AddressInfo;
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    clearInterval(ticking);
    config?.close();
    stream.close();
    server.close();
    server.closeAllConnections();
    await loop.stop();
    await store.close();
  };
  return {
    url: `${tls === null ? 'http' : 'https'}://${isIPv6(address) ? `[${address}]` : address}:${port}/`,
    loop,
    reload: async () => config?.reload(),
    close() {
      closing ??= close();
      return closing;
    },
  };
}

interface WebParts extends Pick<AppParts, 'loop' | 'status' | 'onBug'> {
  readonly tls: boolean;
}

/** Everything behind the socket. */
function createWeb(options: ServerOptions, { loop, status, tls, onBug }: WebParts) {
  const { policy, store, version, behindProxy } = options;
  const { host, allowedHosts } = policy.console;
  const guard = new Guard({ ...readSecrets(policy.console), host, allowedHosts, tls, behindProxy });
  const stream = createLiveStream(loop);
  const consoles = () => ({ connected: stream.consoles, dropped: stream.dropped });
  const metrics = createMetrics({ loop, status, version, consoles });
  const staticFiles = createStaticFiles(options.staticRoot);
  const app = createApp({ loop, store, stream, guard, metrics, staticFiles, status, version, onBug });
  return { fetch: app.fetch, stream };
}

/** A history that stops is told where people look: the log, the changes, the console's status line. */
function tellHistoryState({ store, log }: ServerOptions, loop: ClusterLoop, tellStatus: () => void): void {
  const { problem: already } = store.status();
  if (already !== null) log(already.en);
  store.onState(({ state, problem }) => {
    const words = problem ?? text('History is written again.', '历史已恢复写入。');
    log(words.en);
    loop.tellNow('history', null, state, words);
    tellStatus();
  });
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
