import type { Answer } from '@clockwarden/core/ntp';
import { startNtpd } from '@clockwarden/testkit/daemons';
import { createNamespace, enterNamespace, type Namespace } from '@clockwarden/testkit/namespace';
import { startResponder } from '@clockwarden/testkit/responder';
import { startUdpProxy } from '@clockwarden/testkit/udp-proxy';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cryptoRandom } from '../round/random.ts';
import { NtpClient } from './client.ts';

let namespace: Namespace;
let leave = (): void => {};
let client: NtpClient;
beforeAll(async () => {
  namespace = await createNamespace();
  leave = enterNamespace(namespace.name);
  // Its thread is born in the namespace of this one.
  client = new NtpClient();
});
afterAll(async () => {
  await client?.close();
  leave();
  await namespace?.remove();
});

function ask(address: string, port = 123, timeoutSeconds = 10): Promise<Answer> {
  const question = { address, port, version: 4, samples: 8, timeoutSeconds, random: cryptoRandom } as const;
  return client.ask(question).answer;
}

it('a real ntpd is measured, and left alone once it asks for that', async () => {
  await using ntpd = await startNtpd({
    namespace: namespace.name,
    config: ['refclock local unit 0 stratum 5', 'restrict default limited kod'],
  });
  const first = await ask('127.0.0.1');
  expect(first.outcome).toMatchObject({ kind: 'measured', samples: 8 });
  // ntpsec allows some dozens of questions at once, then answers RATE.
  let kiss: string | null = null;
  for (let burst = 0; burst < 20 && kiss === null; burst += 1) {
    const { outcome } = await ask('127.0.0.1');
    if (outcome.kind === 'measured' || outcome.kind === 'kissed') kiss = outcome.kiss;
    if (outcome.kind === 'unanswered') break;
  }
  expect([kiss, ntpd.log()]).toEqual(['RATE', expect.any(String)]);
  expect((await ask('127.0.0.1')).outcome).toMatchObject({ kind: 'paused' });
});

it('lost questions, lost answers and doubled ones only cost time', async () => {
  await using responder = await startResponder({
    namespace: namespace.name,
    address: '127.0.0.1',
    port: 1123,
  });
  await using proxy = await startUdpProxy({ target: responder, namespace: namespace.name });
  await proxy.change({ loseRequestEvery: 5, replyCopies: 2 });
  expect((await ask('127.0.0.1', proxy.port)).outcome).toMatchObject({ kind: 'measured', samples: 8 });
  await proxy.change({ loseReplyEvery: 4 });
  expect((await ask('127.0.0.1', proxy.port)).outcome).toMatchObject({ kind: 'measured', samples: 8 });
});
