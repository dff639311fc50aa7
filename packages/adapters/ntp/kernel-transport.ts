/**
 * A UDP socket of our own, for the kernel's receive stamps: Node's sockets do not give them. The stamp is taken when the
 * packet comes in, so it does not matter how busy this process is. Linux, 64 bit.
 */
import { constants } from 'node:os';
import { secondsOf } from '@clockwarden/core/time';
import { type CLibrary, loadCLibrary } from '../system/index.ts';
import { createClockRelation, machineClocks } from '../time-base/index.ts';
import { createMessageBuffer, type Message } from './message.ts';
import { networkProblemOf } from './network-problem.ts';
import { AF_INET, AF_INET6, encodeSocketAddress, socketAddressKey } from './socket-address.ts';
import type { Sent, Transport, TransportEvents } from './transport.ts';

/** <bits/socket_type.h>, <asm-generic/socket.h>, <bits/in.h>: as on x86-64, arm64, riscv64, ppc64le, s390x. */
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const SO_TIMESTAMPNS = 35;
const IPPROTO_IP = 0;
const IP_RECVERR = 11;
const IPPROTO_IPV6 = 41;
const IPV6_V6ONLY = 26;
const IPV6_RECVERR = 25;
const MSG_ERRQUEUE = 0x2000;
const RECEIVE_BUFFER_BYTES = 1 << 20;
/** The pending error of one question is told to whoever calls next; so many calls are made anew for that. */
const ATTEMPTS = 8;
/** Then others get their turn; readiness is level-triggered, so nothing is forgotten. */
const MESSAGES_A_TURN = 256;

const { EAGAIN, ENOBUFS, ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EACCES } = constants.errno;
/** What ICMP can leave pending. */
const PENDING: readonly number[] = [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EACCES];

/** Null where there is no C library to call, or where this family of addresses is switched off. */
export function openKernelTransport(family: 4 | 6, events: TransportEvents): Transport | null {
  const library = loadCLibrary();
  if (library === null || library.koffi.sizeof('void *') !== 8) return null;
  const socket = openSocket(library, family);
  if (socket === null) return null;
  const relation = createClockRelation(machineClocks());
  const targets = new Map<string, Uint8Array>();

  const readErrors = (): void => {
    socket.drain(MSG_ERRQUEUE, ({ from, bytes, error }) => {
      if (error === null) return;
      const icmp = family === 4 ? error : null;
      events.problem(socketAddressKey(from), bytes, networkProblemOf(error.errno, icmp));
    });
  };
  const readable = (): void => {
    readErrors();
    socket.drain(0, ({ from, bytes, realtime }) => {
      const steps = relation.steps();
      const monotonic = realtime === null ? process.hrtime.bigint() : relation.monotonicOf(realtime);
      events.datagram(socketAddressKey(from), bytes, { monotonic, steps });
    });
  };
  // Called with a status first. libuv ends the watch when an error is pending (uv_poll_start(3)): begin it anew.
  const watching = { readable: true };
  const onReady = (status: unknown): void => {
    readable();
    if (status !== 0 && !closed) poll.start(watching, onReady);
  };
  let closed = false;
  const poll = library.koffi.node.poll(socket.fd, watching, onReady);

  return {
    stampedBy: 'kernel',
    precisionSeconds: secondsOf(relation.boundNanoseconds),
    peer: (address, port) => {
      const target = encodeSocketAddress(address, port);
      const key = socketAddressKey(target);
      targets.set(key, target);
      return { key, address, port };
    },
    send: ({ key, address, port }, bytes, told) => {
      // Its number may be another file's by now.
      if (closed) return;
      const target = targets.get(key) ?? encodeSocketAddress(address, port);
      const steps = relation.steps();
      const sent = socket.send(target, bytes);
      told(sent.ok ? { ok: true, at: { monotonic: sent.at, steps } } : sent);
    },
    forget: ({ key }) => void targets.delete(key),
    close: () => {
      closed = true;
      poll.close();
      socket.close();
    },
  };
}

interface Socket {
  readonly fd: number;
  send(to: Uint8Array, bytes: Uint8Array): { ok: true; at: bigint } | Extract<Sent, { ok: false }>;
  /** Gives what waits in a queue of the socket, up to a turn's worth. */
  drain(queue: number, take: (message: Message) => void): void;
  close(): void;
}

/** Bound to any free port; null when it cannot be had. */
function openSocket({ koffi, libc }: CLibrary, family: 4 | 6): Socket | null {
  const domain = family === 4 ? AF_INET : AF_INET6;
  const fd: number = libc.func('int socket(int domain, int type, int protocol)')(
    domain,
    SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
    0,
  );
  if (fd < 0) return null;
  const setsockopt = libc.func('int setsockopt(int fd, int level, int name, void *value, uint32_t size)');
  const set = (level: number, name: number, value: number): void => {
    setsockopt(fd, level, name, new Int32Array([value]), 4);
  };
  set(SOL_SOCKET, SO_TIMESTAMPNS, 1);
  set(SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER_BYTES);
  if (family === 6) set(IPPROTO_IPV6, IPV6_V6ONLY, 1);
  if (family === 4) set(IPPROTO_IP, IP_RECVERR, 1);
  else set(IPPROTO_IPV6, IPV6_RECVERR, 1);
  const sendto = libc.func(
    'intptr_t sendto(int fd, void *bytes, size_t size, int flags, void *to, uint32_t to_size)',
  ) as (fd: number, bytes: Uint8Array, size: number, flags: number, to: Uint8Array, toSize: number) => number;
  const recvmsg = libc.func('intptr_t recvmsg(int fd, void *header, int flags)') as (
    fd: number,
    header: Uint8Array,
    flags: number,
  ) => number;
  const close = libc.func('int close(int fd)') as (fd: number) => number;
  const buffer = createMessageBuffer((memory) => koffi.address(memory));

  return {
    fd,
    send: (to, bytes) => {
      for (let attempt = 1; ; attempt += 1) {
        const at = process.hrtime.bigint();
        if (sendto(fd, bytes, bytes.length, 0, to, to.length) >= 0) return { ok: true, at };
        const errno = koffi.errno();
        // Full buffers: as good as lost on the way.
        if (errno === EAGAIN || errno === ENOBUFS) return { ok: true, at };
        // Another question's error, which the error queue tells in full; or our own, when it stays.
        if (!PENDING.includes(errno) || attempt === ATTEMPTS) {
          return { ok: false, problem: networkProblemOf(errno) };
        }
      }
    },
    drain: (queue, take) => {
      for (let count = 0, failures = 0; count < MESSAGES_A_TURN && failures < ATTEMPTS; count += 1) {
        buffer.reset();
        const size = recvmsg(fd, buffer.header, queue);
        if (size >= 0) take(buffer.read(size));
        else if (koffi.errno() === EAGAIN) return;
        else failures += 1;
      }
    },
    close: () => {
      close(fd);
    },
  };
}
