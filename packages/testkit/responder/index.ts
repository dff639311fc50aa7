import { fileURLToPath } from 'node:url';
import { startChild } from '../process/child.ts';
import type { Behaviour } from './behaviour.ts';

export { type Behaviour, ntpTimestamp } from './behaviour.ts';

export interface Command {
  readonly open?: { readonly address: string; readonly port: number };
  readonly script?: readonly Behaviour[];
}

export interface State {
  readonly port: number;
  readonly requests: readonly string[];
}

export interface ResponderOptions {
  /** Loopback by default; an IPv6 address makes it an IPv6 responder. */
  readonly address?: string;
  /** By default 123 in a namespace, otherwise one that the kernel chooses. */
  readonly port?: number;
  readonly namespace?: string | undefined;
  readonly behaviour?: Behaviour | readonly Behaviour[];
}

export interface Responder extends AsyncDisposable {
  readonly address: string;
  readonly port: number;
  /**
   * From the next request on it behaves so. Of a list each request takes the next one, and the last one stays. Forgets
   * the requests seen so far.
   */
  behave(behaviour: Behaviour | readonly Behaviour[]): Promise<void>;
  /** The requests since the last `behave`, in hexadecimal. */
  requests(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/**
 * An NTP server whose lies are known exactly: its stamps come from the machine's clock, read to the nanosecond in a
 * process of its own, plus `aheadSeconds`.
 */
export async function startResponder(options: ResponderOptions = {}): Promise<Responder> {
  const { address = '127.0.0.1', namespace, behaviour = {} } = options;
  const file = fileURLToPath(new URL('./child.ts', import.meta.url));
  const port = options.port ?? (namespace === undefined ? 0 : 123);
  const first: Command = { open: { address, port }, script: listOf(behaviour) };
  const { child, state } = await startChild<Command, State>(file, first, namespace);
  const stop = () => child.running.stop();
  return {
    address,
    port: state.port,
    behave: async (next) => {
      await child.tell({ script: listOf(next) });
    },
    requests: async () => (await child.tell({})).requests,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function listOf(behaviour: Behaviour | readonly Behaviour[]): readonly Behaviour[] {
  return Array.isArray(behaviour) ? behaviour : [behaviour as Behaviour];
}
