import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { defaultSources } from '@clockwarden/core/policy';
import { sourceContract } from '@clockwarden/testkit/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { cryptoRandom } from '../round/index.ts';
import { type ChronyAnswer, createChronySource, readChronyd } from './index.ts';

type Respond = (request: Buffer, answer: (reply: Uint8Array, delayMs?: number) => void, from: number) => void;

const open: Socket[] = [];

afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
});

async function daemon(respond: Respond): Promise<number> {
  const socket = createSocket('udp4');
  open.push(socket);
  socket.on('message', (request, { port }) => {
    const answer = (reply: Uint8Array, delayMs = 0): void => {
      const send = (): void => {
        if (open.includes(socket)) socket.send(reply, port, '127.0.0.1');
      };
      if (delayMs === 0) send();
      else setTimeout(send, delayMs);
    };
    respond(request, answer, port);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return (socket.address() as AddressInfo).port;
}

const fixtures = new URL('../../../fixtures/chrony-4.3/ahead/', import.meta.url);
const replies = new Map<string, string>(
  ['tracking', 'activity', 'sources', 'sourcestats'].flatMap((report) => {
    const text = readFileSync(new URL(`${report}.packets.json`, fixtures), 'utf8');
    const { exchanges } = JSON.parse(text) as { exchanges: { request: string; reply: string }[] };
    return exchanges.map(({ request, reply }): [string, string] => [withoutSequence(request), reply]);
  }),
);

/** The attempt counter and the sequence belong to the one who asks. */
function withoutSequence(request: string): string {
  return request.slice(0, 12) + request.slice(24);
}

function truth(request: Buffer): Buffer {
  const reply = replies.get(withoutSequence(request.toString('hex')));
  if (reply === undefined) throw new Error(`not captured: ${request.toString('hex')}`);
  const packet = Buffer.from(reply, 'hex');
  request.copy(packet, 16, 8, 12);
  return packet;
}

function read(port: number, timeoutMs = 5_000, signal = new AbortController().signal): Promise<ChronyAnswer> {
  return readChronyd(
    { host: '127.0.0.1', port },
    { timeoutMs, signal, random: cryptoRandom, monotonic: () => process.hrtime.bigint() },
  );
}

describe('reading a chronyd', () => {
  it('gives its state', async () => {
    const answer = await read(await daemon((request, reply) => reply(truth(request))));
    expect(answer.ok && answer.state.sources?.[0]).toMatchObject({ name: '10.9.0.18', state: 'selected' });
    expect(answer.ok && answer.state.tracking?.systemOffsetSeconds).toBeGreaterThan(0.001);
  });

  it('is not fooled by replays, strangers and cut replies', async () => {
    const spoofer = createSocket('udp4');
    open.push(spoofer);
    let before: Buffer | undefined;
    const port = await daemon((request, reply, from) => {
      const honest = truth(request);
      const lie = Buffer.from(honest);
      lie.fill(0x11, 28);
      spoofer.send(lie, from, '127.0.0.1');
      if (before !== undefined) reply(before);
      const foreign = Buffer.from(lie);
      foreign.writeUInt32BE((foreign.readUInt32BE(16) ^ 0xffff) >>> 0, 16);
      reply(foreign);
      reply(honest.subarray(0, 20));
      setTimeout(() => {
        reply(honest);
        reply(lie);
      }, 20);
      before = honest;
    });
    const answer = await read(port);
    expect(answer.ok && answer.state.sources?.map(({ name }) => name)).toEqual(['10.9.0.18']);
    expect(answer.ok && answer.state.tracking?.refId).toBe('0A090012');
  });

  it('asks again when a datagram is lost, and takes a late reply', async () => {
    const seen = new Set<string>();
    const port = await daemon((request, reply) => {
      const key = withoutSequence(request.toString('hex'));
      if (seen.has(key)) reply(truth(request));
      else if (request.readUInt16BE(4) === 33) reply(truth(request), 450);
      seen.add(key);
    });
    const answer = await read(port);
    expect(answer.ok && answer.state.tracking?.refId).toBe('0A090012');
    expect(answer.ok && answer.state.activity).not.toBeNull();
  });

  it('tells refused, silent, too old, unauthorised and cut apart', async () => {
    const closed = createSocket('udp4');
    closed.bind(0, '127.0.0.1');
    await once(closed, 'listening');
    const nobody = (closed.address() as AddressInfo).port;
    closed.close();
    await once(closed, 'close');
    const edited = (edit: (reply: Buffer) => Buffer): Promise<number> =>
      daemon((request, reply) => reply(edit(truth(request))));
    const status = (code: number, version: number) => (reply: Buffer) => {
      reply[0] = version;
      reply.writeUInt16BE(code, 8);
      return reply.subarray(0, 28);
    };
    const answers = await Promise.all([
      read(nobody),
      read(await daemon(() => {}), 300),
      read(await edited(status(18, 5))),
      read(await edited(status(2, 6))),
      read(await edited((reply) => reply.subarray(0, 30))),
    ]);
    expect(answers.map((answer) => (answer.ok ? 'ok' : answer.failure.code))).toEqual([
      'refused',
      'unreachable',
      'unsupported',
      'unauthorized',
      'malformed',
    ]);
  });

  it('ends at its deadline with what it has, and soon after an abort', async () => {
    const port = await daemon((request, reply) => {
      if (request.readUInt16BE(4) === 33) reply(truth(request));
    });
    const answer = await read(port, 1_000);
    expect(answer).toMatchObject({ ok: true, state: { sources: null, activity: null } });
    expect((await read(await daemon(() => {}), 50.5)).ok).toBe(false);
    const aborted = await read(port, 60_000, AbortSignal.abort());
    expect(aborted.ok).toBe(false);
  });

  it('says that a name is unknown', async () => {
    const answer = await readChronyd(
      { host: 'no-such-host.invalid', port: 323 },
      {
        timeoutMs: 2_000,
        signal: new AbortController().signal,
        random: cryptoRandom,
        monotonic: () => process.hrtime.bigint(),
      },
    );
    expect(!answer.ok && answer.failure.code).toBe('unreachable');
  });
});

sourceContract('chrony', async () => {
  const answering = createSocket('udp4');
  answering.on('message', (request, { port, address }) => answering.send(truth(request), port, address));
  answering.bind(0, '127.0.0.1');
  await once(answering, 'listening');
  const { port } = answering.address() as AddressInfo;
  // Takes every request and says nothing: the same port of another loopback address.
  const silent = createSocket('udp4').bind(port, '127.0.0.2');
  await once(silent, 'listening');
  const node = (name: string, address: string) => ({ name, address, roles: [], ssh: {}, origin: 'test' });
  return {
    source: createChronySource({ ...defaultSources.chrony, port, timeoutSeconds: 0.5 }),
    living: node('living', '127.0.0.1'),
    dead: (index: number) => node(`dead-${index}`, '127.0.0.2'),
    timeoutSeconds: 0.5,
    stop: async () => {
      answering.close();
      silent.close();
    },
  };
});
