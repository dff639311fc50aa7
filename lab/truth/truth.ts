import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { type ClockPair, pairHostClocks } from './clock.ts';

const port = 7001;
const mostProbes = 50;
/** Good enough to stop early; the promise is 2 ms. */
const wantedBoundNs = 200_000n;
/** Two clocks that run free for the length of one exchange: 500 ppm is more than any of them differs. */
const driftPpm = 500n;

/** A node's clock minus the host's, from the lab's own measurement. Positive: the node is ahead. */
export interface Truth {
  readonly offsetSeconds: number;
  /** Half the width of the interval that surely holds the offset. */
  readonly boundSeconds: number;
  /** The same, exact: nanoseconds as decimal text, since 40 years need more digits than a number has. */
  readonly offsetNs: string;
  readonly boundNs: string;
}

/** One exchange: host's monotonic clock when sent and received, and the node's realtime clock in between. */
export interface Exchange {
  readonly sent: bigint;
  readonly received: bigint;
  readonly node: bigint;
}

/** The interval of (node − host's realtime) that an exchange proves. */
export function proveOffset(exchange: Exchange, host: ClockPair): { low: bigint; high: bigint } {
  const spare = ((exchange.received - exchange.sent) * driftPpm) / 1_000_000n + 1n;
  return {
    low: exchange.node - (exchange.received + host.high) - spare,
    high: exchange.node - (exchange.sent + host.low) + spare,
  };
}

/** Asks a node's clock up to 50 times and keeps the narrowest proof. Null: the node gave no answer at all. */
export async function measureTruth(wire: string): Promise<Truth | null> {
  const socket = createSocket('udp4');
  try {
    let best: { low: bigint; high: bigint } | undefined;
    const host = pairHostClocks();
    for (let probe = 0, lost = 0; probe < mostProbes && lost < 5; probe++) {
      const exchange = await ask(socket, wire);
      if (!exchange) {
        lost++;
        continue;
      }
      const proof = proveOffset(exchange, host);
      if (!best || proof.high - proof.low < best.high - best.low) best = proof;
      if (probe >= 7 && best.high - best.low < 2n * wantedBoundNs) break;
    }
    if (!best) return null;
    const offset = (best.low + best.high) / 2n;
    const bound = (best.high - best.low) / 2n + 1n;
    return {
      offsetSeconds: Number(offset) / 1e9,
      boundSeconds: Number(bound) / 1e9,
      offsetNs: String(offset),
      boundNs: String(bound),
    };
  } finally {
    socket.close();
  }
}

function ask(socket: Socket, wire: string): Promise<Exchange | undefined> {
  return new Promise((resolve) => {
    const nonce = randomBytes(8);
    let sent = 0n;
    const done = (answer: Exchange | undefined): void => {
      clearTimeout(timer);
      socket.off('message', hear);
      resolve(answer);
    };
    const hear = (reply: Buffer): void => {
      const received = process.hrtime.bigint();
      if (reply.length < 40 || !reply.subarray(0, 8).equals(nonce)) return;
      done({ sent, received, node: reply.readBigInt64LE(8) * 1_000_000_000n + reply.readBigInt64LE(16) });
    };
    const timer = setTimeout(() => done(undefined), 400);
    socket.on('message', hear);
    const packet = Buffer.concat([Buffer.from('T'), nonce]);
    sent = process.hrtime.bigint();
    socket.send(packet, port, wire, (error) => {
      if (error) done(undefined);
    });
  });
}
