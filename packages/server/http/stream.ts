/** Server-sent events: each event is written once as bytes, the same for every console. */
import type { StreamEvent } from '@clockwarden/api/console';
import type { ClusterLoop } from '../loop/index.ts';

/** A lost connection must show within 3 s. */
const BEAT_MS = 1_500;
/** What may wait for a slow console before it is dropped; it reconnects and asks for the whole again. */
const MOST_WAITING_BYTES = 16 * 2 ** 20;

export interface LiveStream {
  /**
   * A response body that lives until the console goes or the server stops. A console that falls behind is cut off by
   * `drop`, which must end its connection at once: closing politely would still deliver all that waits.
   */
  open(hello: StreamEvent, drop: () => void): ReadableStream<Uint8Array>;
  readonly consoles: number;
  readonly dropped: number;
  close(): void;
}

type Controller = ReadableStreamDefaultController<Uint8Array>;

export function createLiveStream(loop: ClusterLoop): LiveStream {
  const consoles = new Map<Controller, () => void>();
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
    const drop = consoles.get(controller);
    consoles.delete(controller);
    drop?.();
  };
  const broadcast = (event: StreamEvent): void => {
    if (consoles.size === 0) return;
    const bytes = encode(event);
    for (const controller of [...consoles.keys()]) send(controller, bytes);
  };
  const unsubscribe = loop.subscribe(broadcast);
  const beat = setInterval(() => {
    broadcast({ event: 'beat', data: { at: new Date(loop.nowSeconds() * 1000).toISOString() } });
  }, BEAT_MS);
  return {
    open(hello, drop) {
      let own: Controller | undefined;
      return new ReadableStream<Uint8Array>(
        {
          start(controller) {
            own = controller;
            consoles.set(controller, drop);
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
      unsubscribe();
      for (const controller of [...consoles.keys()]) end(controller);
    },
  };
}

const encoder = new TextEncoder();

function encode({ event, data }: StreamEvent): Uint8Array {
  // JSON has no raw line breaks, so one data line holds it all.
  return encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
