/**
 * Node's own UDP sockets, for platforms without kernel stamps: one connected socket for each server, so that foreign
 * datagrams stay out and ICMP errors find their way back. Stamps are taken in this thread on the monotonic clock alone:
 * steps of the wall clock do not matter, and a busy thread makes the delay longer and with it the bound.
 */
import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { constants } from 'node:os';
import { networkProblemOf } from './network-problem.ts';
import type { Sent, Transport, TransportEvents } from './transport.ts';

/** Of a stamp, apart from what the delay shows anyway. */
const PRECISION_SECONDS = 1e-6;

const noQuestion = new Uint8Array();

export function openDatagramTransport(events: TransportEvents): Transport {
  const sockets = new Map<string, Promise<Socket>>();
  const now = (): bigint => process.hrtime.bigint();

  const connect = (key: string, address: string, port: number): Promise<Socket> => {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    socket.on('message', (bytes) => events.datagram(key, bytes, { monotonic: now(), steps: 0 }));
    return new Promise((resolve, reject) => {
      socket.on('error', (error: NodeJS.ErrnoException) => {
        events.problem(key, noQuestion, networkProblemOf(errnoOf(error)));
        reject(error);
      });
      socket.connect(port, address, () => resolve(socket));
    });
  };

  const forget = (key: string): void => {
    sockets.get(key)?.then(
      (socket) => socket.close(),
      () => {},
    );
    sockets.delete(key);
  };

  return {
    stampedBy: 'process',
    precisionSeconds: PRECISION_SECONDS,
    peer: (address, port) => ({ key: `${address}|${port}`, address, port }),
    send: ({ key, address, port }, bytes, told) => {
      const ready = sockets.get(key) ?? connect(key, address, port);
      sockets.set(key, ready);
      ready.then(
        (socket) => {
          if (sockets.get(key) === ready) sendOn(socket, bytes, now, told);
        },
        (error: NodeJS.ErrnoException) => told({ ok: false, problem: networkProblemOf(errnoOf(error)) }),
      );
    },
    forget: (peer) => forget(peer.key),
    close: () => {
      for (const key of [...sockets.keys()]) forget(key);
    },
  };
}

function sendOn(socket: Socket, bytes: Uint8Array, now: () => bigint, told: (sent: Sent) => void): void {
  const monotonic = now();
  socket.send(bytes, (error) => {
    if (error !== null) told({ ok: false, problem: networkProblemOf(errnoOf(error)) });
  });
  told({ ok: true, at: { monotonic, steps: 0 } });
}

function errnoOf(error: NodeJS.ErrnoException): number {
  return Math.abs(error.errno ?? constants.errno.EIO);
}
