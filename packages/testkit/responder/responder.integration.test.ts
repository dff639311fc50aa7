import { createSocket, type RemoteInfo } from 'node:dgram';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createNamespace, enterNamespace } from '../namespace/index.ts';
import { startUdpProxy } from '../udp-proxy/index.ts';
import { waitFor } from '../wait/index.ts';
import { type Behaviour, ntpTimestamp, type Responder, startResponder } from './index.ts';

interface Reply {
  readonly bytes: Buffer;
  readonly from: RemoteInfo;
}

/** Sends `count` requests to the port at once and gathers what comes back within the patience. */
async function ask(port: number, count = 1, patienceMs = 200, wanted = count): Promise<Reply[]> {
  const socket = createSocket('udp4');
  const replies: Reply[] = [];
  socket.on('message', (bytes, from) => replies.push({ bytes, from }));
  try {
    for (let index = 1; index <= count; index++) {
      const request = Buffer.alloc(48);
      request[0] = 0x23;
      request.writeBigUInt64BE(BigInt(index) << 8n, 40);
      socket.send(request, port, '127.0.0.1');
    }
    await waitFor(() => replies.length >= wanted, { deadlineMs: patienceMs }).catch(() => undefined);
    return replies;
  } finally {
    socket.close();
  }
}

let responder: Responder;
beforeAll(async () => {
  responder = await startResponder();
});
afterAll(() => responder.stop());

async function one(behaviour: Behaviour): Promise<Buffer> {
  await responder.behave(behaviour);
  const [reply] = await ask(responder.port, 1, 5_000);
  if (reply === undefined) throw new Error('no reply');
  return reply.bytes;
}

function millisecondsOff(stamp: bigint): number {
  return (Number(BigInt.asIntN(64, stamp - ntpTimestamp(BigInt(Date.now()) * 1_000_000n))) / 2 ** 32) * 1000;
}

test('an honest answer carries the origin, the version and the time of this machine', async () => {
  const reply = await one({});
  expect(reply.length).toBe(48);
  expect(reply[0]).toBe(0x24);
  expect(reply[1]).toBe(2);
  expect(reply.readBigUInt64BE(24)).toBe(0x100n);
  expect(Math.abs(millisecondsOff(reply.readBigUInt64BE(40)))).toBeLessThan(1_000);
  expect(reply.readBigUInt64BE(40)).toBeGreaterThanOrEqual(reply.readBigUInt64BE(32));
});

test('the lie has the size asked for, in both directions and across the era', async () => {
  expect(millisecondsOff((await one({ aheadSeconds: 3600 })).readBigUInt64BE(40)) / 1000).toBeCloseTo(
    3600,
    0,
  );
  expect(millisecondsOff((await one({ aheadSeconds: -3600 })).readBigUInt64BE(40)) / 1000).toBeCloseTo(
    -3600,
    0,
  );
  const later = (await one({ aheadSeconds: 40 * 365.25 * 86_400 })).readBigUInt64BE(40);
  expect(later >> 32n).toBeLessThan(0x8000_0000n);
});

test('header fields, kisses and mutilation are sent as asked', async () => {
  const kiss = await one({ kiss: 'RATE' });
  expect([kiss[1], kiss.toString('latin1', 12, 16)]).toEqual([0, 'RATE']);
  const odd = await one({ stratum: 16, leap: 3, version: 3, rootDelaySeconds: 1.5, refId: 'GPS' });
  expect([odd[0], odd[1], odd.readUInt32BE(4), odd.toString('latin1', 12, 16)]).toEqual([
    0xdc,
    16,
    98_304,
    'GPS\0',
  ]);
  expect((await one({ wrongOrigin: true })).readBigUInt64BE(24)).toBe(0x101n);
  expect((await one({ truncateTo: 47 })).length).toBe(47);
  expect((await one({ appendHex: '00000001' })).length).toBe(52);
});

test('delays fall where they are asked for', async () => {
  const spans = async (behaviour: Behaviour) => {
    const started = performance.now();
    const reply = await one(behaviour);
    const held = Number(reply.readBigUInt64BE(40) - reply.readBigUInt64BE(32)) / 2 ** 32;
    return { total: performance.now() - started, held: held * 1000 };
  };
  const held = await spans({ holdMs: 50 });
  expect(held.held).toBeGreaterThanOrEqual(49);
  const slow = await spans({ requestDelayMs: 30, replyDelayMs: 30 });
  expect(slow.total).toBeGreaterThanOrEqual(58);
});

test('it can be silent, answer twice, replay, answer from elsewhere, and follow a script', async () => {
  await responder.behave({ copies: 0 });
  expect(await ask(responder.port)).toEqual([]);
  expect((await responder.requests()).length).toBe(1);
  await responder.behave({ copies: 2 });
  expect((await ask(responder.port, 1, 5_000, 2)).length).toBe(2);
  await responder.behave([{}, { replay: true }, { fromOtherPort: true }]);
  const replies = await ask(responder.port, 3, 5_000);
  expect(replies.map(({ bytes }) => bytes.readBigUInt64BE(24))).toEqual([0x100n, 0x100n, 0x300n]);
  expect(replies.map(({ from }) => from.port === responder.port)).toEqual([true, true, false]);
});

test('the proxy delays, loses and doubles, and counts', async () => {
  await responder.behave({});
  await using proxy = await startUdpProxy({
    target: responder,
    path: { requestDelayMs: 20, replyDelayMs: 20 },
  });
  const started = performance.now();
  expect((await ask(proxy.port, 1, 5_000)).length).toBe(1);
  expect(performance.now() - started).toBeGreaterThanOrEqual(38);
  await proxy.change({ loseReplyEvery: 1 });
  expect(await ask(proxy.port)).toEqual([]);
  await proxy.change({ replyCopies: 2 });
  expect((await ask(proxy.port, 1, 5_000, 2)).length).toBe(2);
  expect(await proxy.counts()).toMatchObject({ requests: 3, replies: 3 });
});

test('a thread that enters a namespace speaks to port 123 there, and comes back', async () => {
  await using namespace = await createNamespace();
  await using inside = await startResponder({ namespace: namespace.name });
  expect(inside.port).toBe(123);
  const leave = enterNamespace(namespace.name);
  try {
    expect((await ask(123, 1, 5_000)).length).toBe(1);
  } finally {
    leave();
  }
  await responder.behave({});
  expect((await ask(responder.port, 1, 5_000)).length).toBe(1);
});
