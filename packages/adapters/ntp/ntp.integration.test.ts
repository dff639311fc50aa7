import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { NodeSpec } from '@clockwarden/core/inventory';
import { clockOf as clockOfOutcome } from '@clockwarden/core/ntp';
import type { ClockMeasurement, Reading } from '@clockwarden/core/observe';
import { boundOf, contains, widen } from '@clockwarden/core/time';
import { startChronyd } from '@clockwarden/testkit/daemons';
import { type Behaviour, type Responder, startResponder } from '@clockwarden/testkit/responder';
import { waitFor } from '@clockwarden/testkit/wait';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cryptoRandom } from '../round/random.ts';
import { createTimeBase } from '../time-base/index.ts';
import { NtpClient, takeNtpClient } from './client.ts';
import { createNtpSource } from './index.ts';

// One thread for the whole file. A thread started from source strips its types by WebAssembly, and V8 crashes now and
// then in a process in which hundreds of such threads begin and end (docs/adr/0008-ntp-sockets.md).
const held = takeNtpClient();
afterAll(held.release);

const timeBase = createTimeBase();
const years = 31_557_600;

function node(address: string): NodeSpec {
  return { name: address, address, roles: [], ssh: {}, origin: 'test' };
}

interface Asked {
  readonly port: number;
  readonly address?: string;
  readonly samples?: number;
  readonly timeoutSeconds?: number;
}

/** One reading by a source of its own. */
async function read(asked: Asked): Promise<Reading> {
  const source = sourceFor(asked);
  try {
    return await readBy(source, asked.address);
  } finally {
    await source.close();
  }
}

function sourceFor({ port, samples = 8, timeoutSeconds = 10 }: Asked) {
  return createNtpSource({ port, samples, timeoutSeconds, intervalSeconds: 15 });
}

async function readBy(
  source: ReturnType<typeof sourceFor>,
  address = '127.0.0.1',
  signal = new AbortController().signal,
): Promise<Reading> {
  const readings: Reading[] = [];
  await source.collect([node(address)], { timeBase, random: cryptoRandom, signal }, (_, reading) => {
    readings.push(reading);
  });
  const [reading] = readings;
  if (reading === undefined || readings.length !== 1) throw new Error(`${readings.length} readings`);
  return reading;
}

function clockOf(reading: Reading): ClockMeasurement {
  if (!reading.result.ok) throw new Error(reading.result.failure.text.en);
  const { clock } = reading.result.facts;
  if (clock === null) throw new Error('no clock');
  return clock;
}

function failureCode(reading: Reading): string {
  return reading.result.ok ? 'ok' : reading.result.failure.code;
}

/** The interval holds the truth, and is no wider than it must be. */
function expectHonest(clock: ClockMeasurement, truthSeconds: number): void {
  expect(clock.offset.low).toBeLessThanOrEqual(truthSeconds);
  expect(clock.offset.high).toBeGreaterThanOrEqual(truthSeconds);
  expect(boundOf(clock.offset)).toBeLessThanOrEqual((1.5 * (clock.delaySeconds ?? 0)) / 2 + 50e-6);
}

describe('against servers that lie by a known amount', () => {
  let responder: Responder;
  beforeAll(async () => {
    responder = await startResponder();
  });
  afterAll(() => responder.stop());

  it('the interval holds the truth in each of 1,000 readings, and is tight', async () => {
    const lies = [0, 0.0037, -0.0037, 3.2, -3.2, 86_400, -40 * years, 40 * years, 9.3 * years, -67 * years];
    const source = sourceFor(responder);
    try {
      for (const aheadSeconds of lies) {
        await responder.behave({ aheadSeconds });
        for (let count = 0; count < 100; count += 1)
          expectHonest(clockOf(await readBy(source)), aheadSeconds);
      }
    } finally {
      await source.close();
    }
  });

  it('and in 1,000 more while this thread is busy and the path is slow one way', async () => {
    const paths: Behaviour[] = [{}, { requestDelayMs: 2 }, { replyDelayMs: 2 }, { holdMs: 2 }];
    const source = sourceFor({ ...responder, samples: 2 });
    const busy = setInterval(() => {
      const until = performance.now() + 8;
      while (performance.now() < until);
    }, 10);
    try {
      for (const aheadSeconds of [1.5, -1.5]) {
        await responder.behave(
          Array.from({ length: 4096 }, (_, index) => ({ ...paths[(index >> 1) % 4], aheadSeconds })),
        );
        for (let count = 0; count < 500; count += 1)
          expectHonest(clockOf(await readBy(source)), aheadSeconds);
      }
    } finally {
      clearInterval(busy);
      await source.close();
    }
  });

  it('takes the best of a burst whose other answers were slow', async () => {
    await responder.behave([
      ...Array.from({ length: 7 }, () => ({ aheadSeconds: 1, replyDelayMs: 60 })),
      { aheadSeconds: 1 },
    ]);
    const clock = clockOf(await read(responder));
    expectHonest(clock, 1);
    expect(clock.samples).toBe(8);
    expect(clock.delaySeconds).toBeLessThan(0.06);
  });

  it('is not fooled by answers that come twice, are replayed, forged, cut or from elsewhere', async () => {
    const cases: Behaviour[][] = [
      [{ copies: 3 }],
      [{}, { replay: true }, {}],
      [{ wrongOrigin: true }, {}],
      [{ truncateTo: 47 }, {}],
      [{ truncateTo: 0 }, {}],
      [{ fromOtherPort: true }, {}],
      [{ mode: 3 }, {}],
      [{ transmit: 0n }, {}],
      [{ appendHex: '00'.repeat(20) }],
      [{ version: 3 }],
    ];
    for (const behaviours of cases) {
      await responder.behave(behaviours.map((behaviour) => ({ aheadSeconds: -0.25, ...behaviour })));
      expectHonest(clockOf(await read({ ...responder, samples: 3, timeoutSeconds: 3 })), -0.25);
    }
  });

  it('measures servers that are not synchronised, and says so', async () => {
    for (const behaviour of [{ stratum: 16 }, { stratum: 0, refId: 0 }, { leap: 3 as const }]) {
      await responder.behave({ aheadSeconds: 2, ...behaviour });
      const reading = await read(responder);
      expectHonest(clockOf(reading), 2);
      expect(reading.result.ok && reading.result.facts.sync?.synchronized).toBe(false);
    }
  });

  it('says what it is that answers wrongly', async () => {
    const cases: [Behaviour, string][] = [
      [{ copies: 0 }, 'unreachable'],
      [{ replyDelayMs: 700 }, 'unreachable'],
      [{ wrongOrigin: true }, 'malformed'],
      [{ truncateTo: 20 }, 'malformed'],
      [{ version: 7 }, 'malformed'],
      [{ transmit: 0n }, 'no-data'],
      [{ transmit: 1n }, 'no-data'],
    ];
    for (const [behaviour, code] of cases) {
      await responder.behave(behaviour);
      expect([behaviour, failureCode(await read({ ...responder, timeoutSeconds: 1 }))]).toEqual([
        behaviour,
        code,
      ]);
    }
  });

  it('asks with random numbers, never with the time', async () => {
    await responder.behave({});
    await read(responder);
    const requests = await responder.requests();
    expect(requests.length).toBe(8);
    expect(requests.every((request) => /^23(00){39}[0-9a-f]{16}$/.test(request))).toBe(true);
    expect(new Set(requests).size).toBe(8);
  });
});

describe('kisses', () => {
  it.each(['DENY', 'RSTR'] as const)('%s: is never asked again in this process', async (kiss) => {
    await using responder = await startResponder({ behaviour: { kiss } });
    expect(failureCode(await read(responder))).toBe('refused');
    expect((await responder.requests()).length).toBe(1);
    expect(failureCode(await read(responder))).toBe('refused');
    expect((await responder.requests()).length).toBe(1);
  });

  it('RATE: pauses, and shows the last reading with its age meanwhile', async () => {
    await using responder = await startResponder({ behaviour: [{}, {}, { kiss: 'RATE' }, {}] });
    const source = sourceFor(responder);
    try {
      const first = await readBy(source);
      expect(clockOf(first).samples).toBe(2);
      const second = await readBy(source);
      expect(second).toEqual(first);
      expect((await responder.requests()).length).toBe(3);
    } finally {
      await source.close();
    }
  });

  it('RATE at once: no data, and no more questions', async () => {
    await using responder = await startResponder({ behaviour: { kiss: 'RATE' } });
    expect(failureCode(await read(responder))).toBe('no-data');
    const again = await read(responder);
    expect(again.result.ok ? '' : again.result.failure.text.en).toMatch(/in 3[0-2] s/);
    expect((await responder.requests()).length).toBe(1);
  });

  it('others mean only that the server has no time yet', async () => {
    await using responder = await startResponder({ behaviour: { kiss: 'XXXX', aheadSeconds: 1 } });
    const reading = await read(responder);
    expectHonest(clockOf(reading), 1);
    expect(reading.result.ok && reading.result.facts.sync?.synchronized).toBe(false);
  });
});

describe('the network', () => {
  it('IPv6', async () => {
    await using responder = await startResponder({ address: '::1', behaviour: { aheadSeconds: 1.25 } });
    const reading = await read({ ...responder, address: '::1' });
    expectHonest(clockOf(reading), 1.25);
    expect(reading.target).toBe(`[::1]:${responder.port}`);
  });

  it('a port at which nobody listens refuses at once, for both families', async () => {
    const socket = await boundSocket('127.0.0.1');
    const { port } = socket.address();
    socket.close();
    for (const address of ['127.0.0.1', '::1']) {
      const reading = await read({ port, address });
      expect(failureCode(reading)).toBe('refused');
      expect(reading.tookSeconds).toBeLessThan(5);
    }
  });

  it('a name that does not resolve, and one that does', async () => {
    await using responder = await startResponder({ behaviour: { aheadSeconds: -7 } });
    expectHonest(clockOf(await read({ ...responder, address: 'localhost' })), -7);
    const reading = await read({ ...responder, address: 'no-such-host.invalid' });
    expect(failureCode(reading)).toBe('unreachable');
  });

  it('a hundred dead nodes do not delay a living one', async () => {
    await using responder = await startResponder();
    const dead: Socket[] = [];
    const source = sourceFor({ ...responder, timeoutSeconds: 3 });
    try {
      const addresses = Array.from({ length: 100 }, (_, index) => `127.77.0.${index + 1}`);
      for (const address of addresses) dead.push(await boundSocket(address, responder.port));
      await readBy(source);
      const started = performance.now();
      const took = new Map<string, number>();
      const context = { timeBase, random: cryptoRandom, signal: new AbortController().signal };
      await source.collect([...addresses, '127.0.0.1'].map(node), context, ({ name }) => {
        took.set(name, performance.now() - started);
      });
      expect(took.size).toBe(101);
      expect(took.get('127.0.0.1')).toBeLessThan(1_000);
      expect(took.get('127.77.0.1')).toBeGreaterThan(2_900);
    } finally {
      for (const socket of dead) socket.close();
      await source.close();
    }
  });

  it('an abort ends the round soon, and nothing more is told', async () => {
    await using responder = await startResponder({ behaviour: { copies: 0 } });
    const source = sourceFor({ ...responder, timeoutSeconds: 60 });
    try {
      const aborter = new AbortController();
      const readings: Reading[] = [];
      const round = source.collect(
        [node('127.0.0.1')],
        { timeBase, random: cryptoRandom, signal: aborter.signal },
        (_, reading) => readings.push(reading),
      );
      await waitFor(async () => (await responder.requests()).length > 0);
      aborter.abort();
      await round;
      expect(readings).toEqual([]);
    } finally {
      await source.close();
    }
  });
});

describe.each(['kernel', 'process'] as const)('stamps by the %s', (stamps) => {
  let client: NtpClient;
  beforeAll(() => {
    client = new NtpClient(stamps);
  });
  afterAll(() => client.close());

  const ask = async (server: { address: string; port: number }, timeoutSeconds = 10) => {
    const question = { ...server, version: 4, samples: 8, timeoutSeconds, random: cryptoRandom } as const;
    const answer = await client.ask(question).answer;
    expect(answer.stampedBy).toBe(stamps);
    return answer;
  };

  it.each(['127.0.0.1', '::1'])('measure honestly over %s', async (address) => {
    await using responder = await startResponder({ address, behaviour: { aheadSeconds: -0.125 } });
    for (let count = 0; count < 50; count += 1) {
      const { outcome } = await ask(responder);
      if (outcome.kind !== 'measured') throw new Error(outcome.kind);
      expectHonest(clockOfOutcome(outcome, stamps, timeBase), -0.125);
    }
  });

  it.each(['127.0.0.1', '::1'])('notice that nobody listens at %s', async (address) => {
    const socket = await boundSocket('127.0.0.1');
    const { port } = socket.address();
    socket.close();
    for (let count = 0; count < 20; count += 1) {
      expect((await ask({ address, port })).outcome).toEqual({ kind: 'network', problem: 'refused' });
    }
  });

  it('keep a server that answers apart from a hundred that refuse', async () => {
    await using responder = await startResponder({ behaviour: { aheadSeconds: 2 } });
    const dead = Array.from({ length: 100 }, (_, index) => `127.79.0.${index + 1}`);
    const answers = await Promise.all(
      [...dead, '127.0.0.1'].map((address) => ask({ address, port: responder.port })),
    );
    const kinds = answers.map(({ outcome }) => outcome.kind);
    expect(kinds).toEqual([...dead.map(() => 'network'), 'measured']);
  });

  it('wait no longer than they were told', async () => {
    await using responder = await startResponder({ behaviour: { copies: 0 } });
    const started = performance.now();
    expect((await ask(responder, 0.6)).outcome).toMatchObject({ kind: 'unanswered', asked: 3 });
    expect(performance.now() - started).toBeGreaterThanOrEqual(599);
  });
});

describe('real daemons', () => {
  it('chronyd of strata 1, 2 and 3, and one that was never synchronised', async () => {
    // Addresses of their own: chronyd does not follow who seems to follow it.
    const following = ({ address, port }: { address: string; port: number }) => [
      `server ${address} port ${port} iburst minpoll -2 maxpoll 0`,
      'allow',
    ];
    await using first = await startChronyd({ address: '127.78.0.1', config: ['local stratum 1', 'allow'] });
    await using second = await startChronyd({ address: '127.78.0.2', config: following(first) });
    await using third = await startChronyd({ address: '127.78.0.3', config: following(second) });
    await using alone = await startChronyd({ config: ['allow'] });
    const syncOf = async (server: { address: string; port: number }) => {
      const reading = await read(server);
      const sync = reading.result.ok ? reading.result.facts.sync : null;
      // With -x it corrects the time that it serves instead of the clock: as well as it knows, by its root distance.
      const correctness = widen(clockOf(reading).offset, sync?.rootDistanceSeconds ?? 0);
      expect(contains(correctness, 0)).toBe(true);
      return sync;
    };
    await waitFor(async () => (await syncOf(third))?.stratum === 3, {
      deadlineMs: 90_000,
      everyMs: 200,
      evidence: third.log,
    });
    expect(await syncOf(first)).toMatchObject({ synchronized: true, stratum: 1, leap: 'normal' });
    expect(await syncOf(second)).toMatchObject({ synchronized: true, stratum: 2, refId: '7F4E0001' });
    expect(await syncOf(alone)).toMatchObject({ synchronized: false, leap: 'unsynchronized' });
  });

  it('the kernel stamps the answers where there is Linux', async () => {
    await using server = await startChronyd({ config: ['local stratum 1', 'allow'] });
    const clock = clockOf(await read(server));
    expect(clock.stampedBy).toBe('kernel');
    expect(contains(clock.offset, 0)).toBe(true);
  });
});

async function boundSocket(address: string, port = 0): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(port, address);
  await once(socket, 'listening');
  return socket;
}
