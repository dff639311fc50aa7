import { encodePacket } from '@clockwarden/core/ntp';
import { describe, expect, it, vi } from 'vitest';
import { type ExchangeJob, type ExchangeResult, Exchanger } from './exchanger.ts';
import type { Peer, Transport } from './transport.ts';

/** A network in memory: what was sent waits until it is answered. */
function network(change: Partial<Transport> = {}) {
  const sent: { peer: Peer; bytes: Uint8Array }[] = [];
  const forgotten: string[] = [];
  const results: ExchangeResult[] = [];
  const transport: Transport = {
    stampedBy: 'process',
    precisionSeconds: 1e-6,
    peer: (address, port) => ({ key: `${address}|${port}`, address, port }),
    send: (peer, bytes, told) => {
      sent.push({ peer, bytes });
      told({ ok: true, at: { monotonic: process.hrtime.bigint(), steps: 0 } });
    },
    ...change,
    forget: (peer) => void forgotten.push(peer.key),
    close: () => {},
  };
  const exchanger: Exchanger = new Exchanger(
    (address) => (address.startsWith('none') ? null : transport),
    (result) => void results.push(result),
  );
  return {
    exchanger,
    sent,
    forgotten,
    results,
    answer: (index: number) => {
      const { peer, bytes } = sent[index] ?? { peer: { key: '' }, bytes: new Uint8Array(48) };
      const origin = new DataView(bytes.buffer).getBigUint64(40);
      const at = process.hrtime.bigint();
      exchanger.datagram(peer.key, reply(origin), { monotonic: at, steps: 0 });
    },
  };
}

function reply(origin: bigint): Uint8Array {
  const time = 0xeead72e500000000n;
  return encodePacket({
    leap: 0,
    version: 4,
    mode: 4,
    stratum: 1,
    poll: 0,
    precision: -20,
    rootDelay: 0,
    rootDispersion: 0,
    referenceId: 0,
    reference: time,
    origin,
    receive: time,
    transmit: time,
  });
}

function job(id: number, address = `10.0.0.${id}`, samples = 1): ExchangeJob {
  const nonces = Array.from({ length: samples + 2 }, (_, index) => BigInt(id * 100 + index));
  return { id, address, port: 123, plan: { nonces, samples, version: 4, timeoutSeconds: 30 } };
}

describe('the exchanger', () => {
  it('asks the next question when the one before was answered, and tells the outcome once', () => {
    const { exchanger, sent, results, answer, forgotten } = network();
    exchanger.add(job(1, '10.0.0.1', 3));
    for (let index = 0; index < 3; index += 1) {
      expect(sent.length).toBe(index + 1);
      answer(index);
    }
    expect(results).toMatchObject([{ id: 1, outcome: { kind: 'measured', samples: 3 } }]);
    expect(forgotten).toEqual(['10.0.0.1|123']);
    answer(0);
    expect(results.length).toBe(1);
  });

  it('asks a server once for all who want it at the same time', () => {
    const { exchanger, sent, results, answer } = network();
    exchanger.add(job(1, '10.0.0.9'));
    exchanger.add(job(2, '10.0.0.9'));
    expect(sent.length).toBe(1);
    answer(0);
    expect(results.map(({ id }) => id)).toEqual([1, 2]);
  });

  it('asks 64 side by side, the others as answers come or the slow make room', async () => {
    const { exchanger, sent, answer } = network();
    for (let id = 1; id <= 200; id += 1) exchanger.add(job(id));
    expect(sent.length).toBe(64);
    answer(0);
    answer(1);
    expect(sent.length).toBe(66);
    await vi.waitFor(() => expect(sent.length).toBe(200), { timeout: 5_000 });
    exchanger.cancel(Array.from({ length: 200 }, (_, index) => index + 1));
  });

  it('forgets what was cancelled, whether it waits or was asked', () => {
    const { exchanger, sent, results, answer, forgotten } = network();
    for (let id = 1; id <= 65; id += 1) exchanger.add(job(id));
    exchanger.cancel([65, 1]);
    expect(forgotten).toEqual(['10.0.0.1|123']);
    answer(0);
    expect([sent.length, results.length]).toEqual([64, 0]);
    exchanger.cancel(Array.from({ length: 64 }, (_, index) => index + 1));
  });

  it('believes the network only about the question under way', () => {
    const { exchanger, sent, results } = network();
    exchanger.add(job(1));
    const other = new Uint8Array(48).fill(7);
    exchanger.problem('10.0.0.1|123', other, 'refused');
    exchanger.problem('10.0.0.2|123', other, 'refused');
    expect(results).toEqual([]);
    exchanger.problem('10.0.0.1|123', sent[0]?.bytes ?? other, 'refused');
    expect(results).toMatchObject([{ outcome: { kind: 'network', problem: 'refused' } }]);
  });

  it('gets through any number of servers that fail as they are asked', () => {
    const { exchanger, results } = network({
      send: ({ address }, _, told) => {
        if (!address.startsWith('slow')) told({ ok: false, problem: 'no-route' });
      },
    });
    const slow = Array.from({ length: 64 }, (_, index) => index + 1);
    for (const id of slow) exchanger.add(job(id, `slow${id}`));
    const many = 8_000;
    for (let id = 101; id <= 100 + many; id += 1) exchanger.add(job(id, `10.${id}`));
    expect(results).toEqual([]);
    exchanger.cancel(slow);
    expect(results.length).toBe(many);
  });

  it('says at once where there is no transport for an address', () => {
    const { exchanger, results } = network();
    exchanger.add(job(1, 'none'));
    expect(results).toMatchObject([{ outcome: { kind: 'network', problem: 'no-route' } }]);
  });
});
