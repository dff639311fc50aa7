import { fileURLToPath } from 'node:url';
import { startChild } from '../process/child.ts';

export interface Target {
  readonly address: string;
  readonly port: number;
}

/** What the way through the proxy does to datagrams. Delays have a resolution of about 1 ms. */
export interface Path {
  readonly requestDelayMs?: number;
  readonly replyDelayMs?: number;
  /** 1 loses all, 2 every second one, ...; none by default. */
  readonly loseRequestEvery?: number;
  readonly loseReplyEvery?: number;
  readonly replyCopies?: number;
}

export interface Command {
  readonly open?: { readonly address: string; readonly port: number; readonly target: Target };
  readonly path?: Path;
}

export interface State {
  readonly port: number;
  /** Datagrams that arrived from clients, lost ones included. */
  readonly requests: number;
  readonly replies: number;
}

export interface UdpProxyOptions {
  readonly target: Target;
  readonly path?: Path;
  readonly address?: string;
  /** By default one that the kernel chooses. */
  readonly port?: number;
  readonly namespace?: string | undefined;
}

export interface UdpProxy extends AsyncDisposable {
  readonly address: string;
  readonly port: number;
  /** From the next datagram on the way is like this. */
  change(path: Path): Promise<void>;
  counts(): Promise<{ readonly requests: number; readonly replies: number }>;
  stop(): Promise<void>;
}

/** Forwards datagrams to `target` and back, in a process of its own: a network path that can be slow or lossy. */
export async function startUdpProxy(options: UdpProxyOptions): Promise<UdpProxy> {
  const { path = {}, address = '127.0.0.1', port = 0, namespace } = options;
  // Just these two of whatever was given: a responder has functions, too, which no message can hold.
  const target: Target = { address: options.target.address, port: options.target.port };
  const file = fileURLToPath(new URL('./child.ts', import.meta.url));
  const { child, state } = await startChild<Command, State>(
    file,
    { open: { address, port, target }, path },
    namespace,
  );
  const stop = () => child.running.stop();
  return {
    address,
    port: state.port,
    change: async (next) => {
      await child.tell({ path: next });
    },
    counts: () => child.tell({}),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
