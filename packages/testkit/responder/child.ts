import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import koffi from 'koffi';
import { obey } from '../process/child.ts';
import { answer, type Behaviour } from './behaviour.ts';
import type { Command, State } from './index.ts';

const CLOCK_REALTIME = 0;
const timespec = Buffer.alloc(16);
// Date has 1 ms steps and performance.timeOrigin is off by microseconds: ask the kernel.
const clockGettime = koffi.load('libc.so.6').func('int clock_gettime(int clock, _Out_ void *timespec)');

function now(): bigint {
  clockGettime(CLOCK_REALTIME, timespec);
  return timespec.readBigInt64LE(0) * 1_000_000_000n + timespec.readBigInt64LE(8);
}

let socket: Socket | undefined;
let other: Socket | undefined;
let script: readonly Behaviour[] = [{}];
let requests: string[] = [];
let previous: Uint8Array | undefined;

async function open(address: string, port: number): Promise<Socket> {
  const opened = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  opened.bind(port, address);
  await once(opened, 'listening');
  return opened;
}

async function treat(request: Buffer, from: RemoteInfo, arrived: bigint): Promise<void> {
  const behaviour = script[Math.min(requests.length, script.length - 1)] ?? {};
  requests.push(request.toString('hex'));
  if (request.length < 48) return;
  let received = arrived;
  if (behaviour.requestDelayMs) {
    await sleep(behaviour.requestDelayMs);
    received = now();
  }
  if (behaviour.holdMs) await sleep(behaviour.holdMs);
  const last = previous;
  let reply = answer(request, { received, sent: now() }, behaviour);
  previous = reply;
  if (behaviour.replay) {
    if (last === undefined) return;
    reply = last;
  }
  if (behaviour.replyDelayMs) await sleep(behaviour.replyDelayMs);
  const sender = behaviour.fromOtherPort ? other : socket;
  for (let copy = 0; copy < (behaviour.copies ?? 1); copy++) sender?.send(reply, from.port, from.address);
}

obey<Command, State>(async (command) => {
  if (command.open) {
    const { address, port } = command.open;
    socket = await open(address, port);
    other = await open(address, 0);
    socket.on('message', (request, from) => void treat(request, from, now()));
  }
  if (command.script) {
    script = command.script;
    requests = [];
  }
  return { port: socket?.address().port ?? 0, requests };
});
