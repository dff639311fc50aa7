import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { obey } from '../process/child.ts';
import type { Command, Path, State, Target } from './index.ts';

let front: Socket | undefined;
let target: Target = { address: '127.0.0.1', port: 0 };
let path: Path = {};
let requests = 0;
let replies = 0;
/** One socket towards the target for each client, so that every answer finds its way back. */
const back = new Map<string, Socket>();

function later(delayMs: number, action: () => void): void {
  if (delayMs > 0) setTimeout(action, delayMs);
  else action();
}

function lost(count: number, every: number | undefined): boolean {
  return every !== undefined && every > 0 && count % every === 0;
}

function socketFor(client: RemoteInfo): Socket {
  const key = `${client.address} ${client.port}`;
  const known = back.get(key);
  if (known) return known;
  const socket = createSocket(isIPv6(target.address) ? 'udp6' : 'udp4');
  socket.on('message', (reply) => {
    if (lost(++replies, path.loseReplyEvery)) return;
    const send = () => front?.send(reply, client.port, client.address);
    for (let copy = 0; copy < (path.replyCopies ?? 1); copy++) later(path.replyDelayMs ?? 0, send);
  });
  // The target may not listen yet; then nothing comes back, as on a network.
  socket.on('error', () => undefined);
  back.set(key, socket);
  return socket;
}

obey<Command, State>(async (command) => {
  if (command.path) path = command.path;
  if (command.open) {
    target = command.open.target;
    const { address, port } = command.open;
    front = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    front.on('message', (request, client) => {
      if (lost(++requests, path.loseRequestEvery)) return;
      later(path.requestDelayMs ?? 0, () => socketFor(client).send(request, target.port, target.address));
    });
    front.bind(port, address);
    await once(front, 'listening');
  }
  return { port: front?.address().port ?? 0, requests, replies };
});
