/** One reading of one chronyd over UDP. The socket is connected: the kernel drops what others send, and tells of ICMP errors. */
import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { createSession, type SessionResult, type Step } from '@clockwarden/core/chrony';
import type { ChronyState, Failure } from '@clockwarden/core/observe';
import type { Random } from '@clockwarden/core/ports';
import type { MonotonicInstant } from '@clockwarden/core/time';
import { describeSessionFailure, describeSystemError, describeUnknownName } from './failure.ts';

export interface ChronyTarget {
  readonly host: string;
  readonly port: number;
}

export interface ChronyClientOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly random: Random;
  readonly monotonic: () => MonotonicInstant;
}

export type ChronyAnswer =
  | {
      readonly ok: true;
      readonly state: ChronyState;
      /** Middle of the first exchange: when tracking was true. */
      readonly at: MonotonicInstant;
    }
  | { readonly ok: false; readonly failure: Failure };

/**
 * Asks for tracking, activity, sources, sourcestats and names. Never rejects for what the network or the daemon does;
 * ends at the latest at the timeout or soon after an abort.
 */
export async function readChronyd(target: ChronyTarget, options: ChronyClientOptions): Promise<ChronyAnswer> {
  const deadline = AbortSignal.any([options.signal, AbortSignal.timeout(Math.ceil(options.timeoutMs))]);
  const addresses = await addressesOf(target.host, deadline);
  let answer: ChronyAnswer = { ok: false, failure: describeUnknownName(target.host) };
  // Each address has its share, so that a silent ::1 or AAAA does not use up the time of the next one.
  const shareMs = Math.ceil(options.timeoutMs / Math.max(1, addresses.length));
  for (const { address, family } of addresses) {
    const share = AbortSignal.any([deadline, AbortSignal.timeout(shareMs)]);
    answer = await askOne({ host: address, port: target.port }, family, share, options);
    if (answer.ok || deadline.aborted) break;
  }
  return answer;
}

interface Resolved {
  readonly address: string;
  readonly family: number;
}

async function addressesOf(host: string, deadline: AbortSignal): Promise<readonly Resolved[]> {
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family }];
  const late = new Promise<readonly Resolved[]>((resolve) => {
    if (deadline.aborted) resolve([]);
    deadline.addEventListener('abort', () => resolve([]), { once: true });
  });
  return Promise.race([lookup(host, { all: true }).catch(() => []), late]);
}

function askOne(
  target: ChronyTarget,
  family: number,
  deadline: AbortSignal,
  { random, monotonic }: ChronyClientOptions,
): Promise<ChronyAnswer> {
  const session = createSession(() => new DataView(random.bytes(4).buffer).getUint32(0));
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  const started = monotonic();
  let firstReply: MonotonicInstant | null = null;
  let timer: NodeJS.Timeout | undefined;

  return new Promise<ChronyAnswer>((resolve) => {
    let over = false;
    const end = (answer: ChronyAnswer): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      deadline.removeEventListener('abort', giveUp);
      close(socket);
      resolve(answer);
    };
    const finish = (result: SessionResult): void => {
      const at = started + ((firstReply ?? monotonic()) - started) / 2n;
      end(
        result.ok
          ? { ok: true, state: result.state, at }
          : { ok: false, failure: describeSessionFailure(result.failure, target) },
      );
    };
    const giveUp = (): void => finish(session.giveUp());
    const perform = (step: Step): void => {
      if (over) return;
      if (step.result !== null) {
        finish(step.result);
        return;
      }
      for (const packet of step.send) {
        socket.send(packet, (error) => {
          if (error) fail(error);
        });
      }
      clearTimeout(timer);
      if (step.wakeAt === null) return;
      const pauseMs = Math.max(0, Number((step.wakeAt - monotonic()) / 1_000_000n)) + 1;
      timer = setTimeout(() => perform(session.wake(monotonic())), pauseMs);
    };
    const fail = (error: Error): void => {
      // A daemon that stops halfway has still told the truth before.
      const soFar = session.giveUp();
      if (soFar.ok) finish(soFar);
      else end({ ok: false, failure: describeSystemError(error, target) });
    };
    socket.on('error', fail);
    socket.on('message', (datagram: Buffer) => {
      if (over) return;
      firstReply ??= monotonic();
      perform(session.receive(datagram, monotonic()));
    });
    deadline.addEventListener('abort', giveUp);
    if (deadline.aborted) {
      giveUp();
      return;
    }
    socket.once('connect', () => perform(session.start(monotonic())));
    socket.connect(target.port, target.host);
  });
}

function close(socket: Socket): void {
  try {
    socket.close();
  } catch {
    // Closed already, by an error while connecting.
  }
}
