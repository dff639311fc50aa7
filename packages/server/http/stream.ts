/** Server-sent events: each event is written once as bytes, the same for every console. */
import type { StreamEvent } from '@clockwarden/api/console';
import { OperatorError } from '@clockwarden/core/errors';
import type { ClusterLoop } from '../loop/index.ts';

/** A lost connection must show within 3 s. */
const BEAT_MS = 1_500;
/** What may wait for a slow console before it is dropped; it reconnects and asks for the whole again. */
const MOST_WAITING_BYTES = 16 * 2 ** 20;
/** A quarter of a MiB: neither this thread nor a browser's is held up by reading or writing one event of so many rows. */
const MOST_ROWS_AN_EVENT = 500;
const MOST_CONSOLES = 100;

export interface LiveStream {
  /**
   * A response body that lives until the console goes or the server stops. A console that falls behind is cut off by
   * `drop`, which must end its connection at once: closing politely would still deliver all that waits. It ends, too,
   * soon after `mayRead` says no. Throws `too-many-consoles`.
   */
  open(hello: StreamEvent, reader: Reader): ReadableStream<Uint8Array>;
  readonly consoles: number;
  readonly dropped: number;
  close(): void;
}

interface Reader {
  readonly drop: () => void;
  /** Asked with each beat: a login can end while its stream goes on. */
  readonly mayRead: () => boolean;
}

type Controller = ReadableStreamDefaultController<Uint8Array>;

export function createLiveStream(loop: ClusterLoop): LiveStream {
  const consoles = new Map<Controller, Reader>();
  /** Parts that wait for the event loop to do other things in between. */
  let queue: StreamEvent[] = [];
  let pumping: ReturnType<typeof setImmediate> | undefined;
  let dropped = 0;
  const end = (controller: Controller): void => {
    if (!consoles.delete(controller)) return;
    try {
      controller.close();
    } catch {
      // The other side was faster.
    }
  };
  const send = (controller: Controller, bytes: Uint8Array): void => {
    controller.enqueue(bytes);
    if ((controller.desiredSize ?? 0) >= 0) return;
    dropped += 1;
    const reader = consoles.get(controller);
    consoles.delete(controller);
    reader?.drop();
  };
  const pump = (): void => {
    pumping = undefined;
    const event = queue.shift();
    if (consoles.size === 0) queue = [];
    else if (event !== undefined) {
      const bytes = encode(event);
      for (const controller of [...consoles.keys()]) send(controller, bytes);
    }
    if (queue.length > 0) pumping = setImmediate(pump);
  };
  const broadcast = (event: StreamEvent): void => {
    if (consoles.size === 0) return;
    queue.push(...inParts(event));
    if (pumping === undefined) pump();
  };
  const unsubscribe = loop.subscribe(broadcast);
  const beat = setInterval(() => {
    for (const [controller, reader] of [...consoles]) if (!reader.mayRead()) end(controller);
    broadcast({ event: 'beat', data: { at: new Date(loop.nowSeconds() * 1000).toISOString() } });
  }, BEAT_MS);
  return {
    open(hello, reader) {
      if (consoles.size >= MOST_CONSOLES) throw new OperatorError('too-many-consoles');
      let own: Controller | undefined;
      return new ReadableStream<Uint8Array>(
        {
          start(controller) {
            own = controller;
            consoles.set(controller, reader);
            send(controller, encode(hello));
          },
          cancel() {
            if (own !== undefined) consoles.delete(own);
          },
        },
        new ByteLengthQueuingStrategy({ highWaterMark: MOST_WAITING_BYTES }),
      );
    },
    get consoles() {
      return consoles.size;
    },
    get dropped() {
      return dropped;
    },
    close() {
      clearInterval(beat);
      clearImmediate(pumping);
      unsubscribe();
      for (const controller of [...consoles.keys()]) end(controller);
    },
  };
}

function inParts(event: StreamEvent): readonly StreamEvent[] {
  if (event.event !== 'rows') return [event];
  const { rows, gone } = event.data;
  const parts: StreamEvent[] = gone.length > 0 ? [{ event: 'rows', data: { rows: [], gone } }] : [];
  for (let from = 0; from < rows.length; from += MOST_ROWS_AN_EVENT) {
    parts.push({ event: 'rows', data: { rows: rows.slice(from, from + MOST_ROWS_AN_EVENT), gone: [] } });
  }
  return parts;
}

const encoder = new TextEncoder();

function encode({ event, data }: StreamEvent): Uint8Array {
  // JSON has no raw line breaks, so one data line holds it all.
  return encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
