import { fileURLToPath } from 'node:url';
import { startChild } from '../process/child.ts';

/** How the node behind the proxy differs from this machine. */
export interface Way {
  /** How far its clock is ahead: added to `node_time_seconds`. A request may have its own: `?ahead=SECONDS`. */
  readonly aheadSeconds?: number;
  readonly requestDelayMs?: number;
  readonly replyDelayMs?: number;
}

export interface Command {
  readonly target?: string;
  readonly way?: Way;
}

export interface State {
  readonly port: number;
  readonly requests: number;
}

export interface ExporterProxy extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  change(way: Way): Promise<void>;
  requests(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Stands before a real node_exporter (`target`, without a path) and moves the clock that it shows by a known amount. A
 * process of its own, on loopback.
 */
export async function startExporterProxy(target: string, way: Way = {}): Promise<ExporterProxy> {
  const file = fileURLToPath(new URL('./child.ts', import.meta.url));
  const { child, state } = await startChild<Command, State>(file, { target, way }, undefined);
  const stop = () => child.running.stop();
  return {
    port: state.port,
    url: `http://127.0.0.1:${state.port}`,
    change: async (next) => {
      await child.tell({ way: next });
    },
    requests: async () => (await child.tell({})).requests,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
