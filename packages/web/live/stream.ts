import type { StreamEvent } from '@clockwarden/api/console';

const RETRY_MS = [500, 1_000, 2_000, 5_000] as const;

type DataOf<Name> = Extract<StreamEvent, { event: Name }>['data'];

export interface StreamHandlers {
  /** Every event, before it is handed to its own handler. */
  readonly heard: () => void;
  readonly broke: () => void;
  readonly on: { readonly [Name in StreamEvent['event']]: (data: DataOf<Name>) => void };
}

export interface Stream {
  /** Leaves this connection and opens another after a pause, longer each time until the server says hello. */
  again(): void;
  close(): void;
}

/** The server's events, from one connection after another. */
export function openStream({ heard, broke, on }: StreamHandlers): Stream {
  let source: EventSource | null = null;
  let retries = 0;
  let retryTimer = 0;

  const connect = (): void => {
    const stream = new EventSource('/api/v1/stream');
    source = stream;
    const listen = <Name extends StreamEvent['event']>(name: Name): void =>
      stream.addEventListener(name, (message: MessageEvent<string>) => {
        heard();
        if (name === 'hello') retries = 0;
        on[name](JSON.parse(message.data) as DataOf<Name>);
      });
    for (const name of Object.keys(on) as StreamEvent['event'][]) listen(name);
    stream.onerror = () => {
      if (source !== stream) return;
      broke();
      again();
    };
  };

  const again = (): void => {
    source?.close();
    source = null;
    window.clearTimeout(retryTimer);
    const pause = RETRY_MS[Math.min(retries, RETRY_MS.length - 1)] ?? 5_000;
    retries += 1;
    retryTimer = window.setTimeout(connect, pause);
  };

  connect();
  return {
    again,
    close() {
      source?.close();
      window.clearTimeout(retryTimer);
    },
  };
}
