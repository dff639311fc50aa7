import { readdirSync, readFileSync } from 'node:fs';
import type { FuzzTarget } from '@clockwarden/testkit/fuzz';
import { decodeHeader } from './packet.ts';
import { decodeData } from './reply.ts';
import { createSession } from './session.ts';

const fixtures = new URL('../../../fixtures/chrony-4.3/', import.meta.url);

function seeds(): Uint8Array[] {
  return readdirSync(fixtures).flatMap((situation) =>
    ['tracking', 'activity', 'sources', 'sourcestats'].flatMap((report) => {
      const file = new URL(`${situation}/${report}.packets.json`, fixtures);
      const { exchanges } = JSON.parse(readFileSync(file, 'utf8')) as { exchanges: { reply: string }[] };
      return exchanges.map(({ reply }) => new Uint8Array(Buffer.from(reply, 'hex')));
    }),
  );
}

export const fuzz: readonly FuzzTarget[] = [
  {
    name: 'chrony-reply',
    seeds,
    run: (input) => {
      const header = decodeHeader(input);
      if (header !== null) decodeData(input, header.replyType);
    },
  },
  {
    name: 'chrony-session',
    seeds,
    run: (input) => {
      // The liar knows every sequence: the input is the answer to each request, from its command on.
      const session = createSession(() => 1);
      const queue = [...session.start(0n).send];
      for (let turn = 0; turn < 40; turn++) {
        const request = queue.shift();
        if (request === undefined) break;
        const reply = input.slice();
        if (reply.length >= 20) {
          reply.set(request.subarray(4, 6), 4);
          reply.set(request.subarray(8, 12), 16);
        }
        const step = session.receive(reply, 0n);
        if (step.result !== null) break;
        queue.push(...step.send);
      }
      session.giveUp();
    },
  },
];
