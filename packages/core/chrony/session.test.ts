import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ChronyState } from '../observe/index.ts';
import { createSession, type SessionResult } from './session.ts';

interface Exchange {
  readonly request: string;
  readonly reply: string;
}

const fixtures = new URL('../../../fixtures/chrony-4.3/', import.meta.url);
const situations = readdirSync(fixtures);

function captured(situation: string, report: string): readonly Exchange[] {
  const file = new URL(`${situation}/${report}.packets.json`, fixtures);
  return (JSON.parse(readFileSync(file, 'utf8')) as { exchanges: Exchange[] }).exchanges;
}

/** A daemon made of a real one's replies: matched by everything but the sequence, which is put into the answer. */
function recordedDaemon(situation: string): (request: Uint8Array) => Uint8Array {
  const replies = new Map<string, string>();
  for (const report of ['tracking', 'activity', 'sources', 'sourcestats']) {
    for (const { request, reply } of captured(situation, report))
      replies.set(withoutSequence(request), reply);
  }
  return (request) => {
    const hex = toHex(request);
    const reply = replies.get(withoutSequence(hex)) ?? nameOfUnresolved(request) ?? noSuchSource(request);
    return fromHex(reply.slice(0, 32) + hex.slice(16, 24) + reply.slice(40));
  };
}

/** chronyc asks for no name of an unresolved source; chronyd would give it (seen with 4.3). */
function nameOfUnresolved(request: Uint8Array): string | undefined {
  if (request[5] !== 65 || request[37] !== 3) return undefined;
  return `0602000000410013${'0'.repeat(40)}${toHex(Buffer.from('ntp.invalid')).padEnd(512, '0')}`;
}

function noSuchSource(request: Uint8Array): string {
  return `06020000${toHex(request.subarray(4, 6))}00010004${'0'.repeat(36)}`;
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function fromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

function withoutSequence(request: string): string {
  return request.slice(0, 12) + request.slice(24);
}

function counter(): () => number {
  let next = 0xfffffff0;
  return () => next++;
}

/** Plays a session against a daemon that answers at once; `spoil` may change, drop (null) or add datagrams. */
function play(
  daemon: (request: Uint8Array) => Uint8Array,
  spoil: (reply: Uint8Array, index: number) => readonly Uint8Array[] = (reply) => [reply],
): { result: SessionResult; requests: number; now: bigint } {
  const session = createSession(counter());
  let now = 0n;
  let requests = 0;
  let step = session.start(now);
  const queue: Uint8Array[] = [];
  for (let turn = 0; turn < 100_000; turn++) {
    for (const request of step.send) queue.push(...spoil(daemon(request), requests++));
    if (step.result !== null) return { result: step.result, requests, now };
    const datagram = queue.shift();
    if (datagram !== undefined) step = session.receive(datagram, now);
    else {
      now = step.wakeAt ?? now;
      step = session.wake(now);
    }
  }
  throw new Error('the session never ended');
}

function stateOf(result: SessionResult): ChronyState {
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.state;
}

describe('a session with a recorded chronyd 4.3', () => {
  it.each(situations)('reads %s completely', (situation) => {
    const state = stateOf(play(recordedDaemon(situation)).result);
    expect(state.tracking).not.toBeNull();
    expect(state.activity).not.toBeNull();
    expect(state.sources).not.toBeNull();
    expect(state.sourceStats?.length).toBe(state.sources?.length);
  });

  it('gives names, refids of reference clocks and unresolved names', () => {
    const { sources } = stateOf(play(recordedDaemon('mixed')).result);
    expect(sources?.map(({ name, address, mode }) => [name, address.replace(/#\d+$/, ''), mode])).toEqual([
      ['FAKE', 'FAKE', 'refclock'],
      ['10.9.0.11', '10.9.0.11', 'server'],
      ['localhost', '127.0.0.1', 'server'],
      ['fd09::13', 'fd09::13', 'server'],
      ['10.9.0.14', '10.9.0.14', 'server'],
      ['10.9.0.15', '10.9.0.15', 'server'],
      ['10.9.0.16', '10.9.0.16', 'server'],
      ['ntp.invalid', 'ID', 'server'],
      ['10.9.0.12', '10.9.0.12', 'peer'],
    ]);
    const silent = sources?.find(({ address }) => address === '10.9.0.15');
    expect(silent).toMatchObject({ state: 'unusable', reach: 0, lastSampleAgeSeconds: null });
    expect(sources?.find(({ address }) => address === '10.9.0.14')?.state).toBe('falseticker');
  });

  it('shows an ahead clock as positive and one behind as negative', () => {
    const ahead = stateOf(play(recordedDaemon('ahead')).result).tracking;
    const behind = stateOf(play(recordedDaemon('behind')).result).tracking;
    expect(ahead?.systemOffsetSeconds).toBeGreaterThan(0.001);
    expect(behind?.systemOffsetSeconds).toBeLessThan(-0.001);
  });

  it('shows a server 5 s ahead as the node being behind it', () => {
    const { sources, sourceStats } = stateOf(play(recordedDaemon('mixed')).result);
    const liar = sources?.find(({ address }) => address === '10.9.0.14');
    expect(liar?.measuredOffsetSeconds).toBeCloseTo(-5, 2);
    expect(liar?.adjustedOffsetSeconds).toBeCloseTo(-5, 2);
    expect(sourceStats?.find(({ address }) => address === '10.9.0.14')?.offsetSeconds).toBeCloseTo(-5, 2);
  });
});

describe('a session on a bad path', () => {
  const daemon = recordedDaemon('mixed');
  const good = stateOf(play(daemon).result);

  it('repeats what was lost, with the same sequence and a higher attempt', () => {
    let dropped = 0;
    const played = play(daemon, (reply, index) => {
      const lose = index % 2 === 0 && dropped < 8;
      if (lose) dropped++;
      return lose ? [] : [reply];
    });
    expect(stateOf(played.result)).toEqual(good);
    const session = createSession(() => 7);
    const [first] = session.start(0n).send;
    const [again] = session.wake(400_000_000n).send;
    expect(new DataView(first?.buffer ?? new ArrayBuffer(0)).getUint16(6)).toBe(0);
    expect(new DataView(again?.buffer ?? new ArrayBuffer(0)).getUint16(6)).toBe(1);
    expect(first?.slice(8, 12)).toEqual(again?.slice(8, 12));
  });

  it('takes no reply twice, of another sequence, of another command, or that is none', () => {
    const rubbish = (reply: Uint8Array): Uint8Array[] => {
      const foreign = reply.slice();
      foreign[17] = (foreign[17] ?? 0) ^ 0x55;
      const otherCommand = reply.slice();
      otherCommand[5] = (otherCommand[5] ?? 0) ^ 1;
      const request = reply.slice();
      request[1] = 1;
      const otherVersion = reply.slice();
      otherVersion[0] = 5;
      return [foreign, otherCommand, request, otherVersion, new Uint8Array(), reply.slice(0, 27)];
    };
    expect(stateOf(play(daemon, (reply) => [...rubbish(reply), reply, reply]).result)).toEqual(good);
  });

  it('ends when nothing answers', () => {
    const played = play(daemon, () => []);
    expect(played.result).toEqual({ ok: false, failure: { kind: 'no-reply' } });
    expect(played.requests).toBe(9);
    expect(played.now).toBe(2_800_000_000n);
  });

  it('keeps what it has when only a part answers, and never shows a list with a hole', () => {
    const withoutSource3 = play(daemon, (reply) => {
      const view = new DataView(reply.buffer);
      return view.getUint16(4) === 15 && reply[28] === 0xfd ? [] : [reply];
    });
    expect(stateOf(withoutSource3.result)).toMatchObject({ sources: null, tracking: good.tracking });
  });

  it('says so at the deadline', () => {
    const session = createSession(counter());
    for (const request of session.start(0n).send) session.receive(daemon(request), 0n);
    expect(session.giveUp()).toMatchObject({ ok: true, state: { sources: null, activity: good.activity } });
    expect(createSession(counter()).giveUp()).toEqual({ ok: false, failure: { kind: 'no-reply' } });
  });
});

describe('a daemon that is different', () => {
  const daemon = recordedDaemon('mixed');
  const good = stateOf(play(daemon).result);
  const edited = (edit: (view: DataView) => void) =>
    play(daemon, (reply) => {
      edit(new DataView(reply.buffer));
      return [reply];
    }).result;

  it('of protocol version 5 is named', () => {
    const failure = edited((view) => {
      view.setUint8(0, 5);
      view.setUint16(8, 18);
    });
    expect(failure).toEqual({ ok: false, failure: { kind: 'version', version: 5 } });
  });

  it('that authorises nothing is named', () => {
    const failure = edited((view) => view.setUint16(8, 2));
    expect(failure).toEqual({ ok: false, failure: { kind: 'status', status: 2 } });
  });

  it('with reply types of the future is tolerated', () => {
    expect(edited((view) => view.setUint16(6, 300))).toEqual({
      ok: false,
      failure: { kind: 'unknown-reply', replyType: 300 },
    });
    const onlyActivity = edited((view) => {
      if (view.getUint16(4) !== 44) view.setUint16(6, 300);
    });
    expect(stateOf(onlyActivity)).toMatchObject({ tracking: null, sources: null });
    expect(stateOf(onlyActivity).activity).not.toBeNull();
  });

  it('whose replies are cut at any length is malformed or silent, never wrong', () => {
    for (let length = 0; length < 104; length++) {
      const { result } = play(daemon, (reply) => [reply.slice(0, Math.min(length, reply.length))]);
      if (result.ok) expect(result.state.tracking).toBeNull();
      else expect(['no-reply', 'short-reply']).toContain(result.failure.kind);
    }
  });

  it('that claims four thousand million sources is not asked for all of them', () => {
    const played = play(daemon, (reply) => {
      const view = new DataView(reply.buffer);
      if (view.getUint16(4) === 14) view.setUint32(28, 0xffffffff);
      return [reply];
    });
    expect(played.requests).toBeLessThan(600);
    expect(stateOf(played.result).sources?.length).toBe(good.sources?.length);
  });

  it('that lost a source meanwhile is read without it', () => {
    const { result } = play(daemon, (reply) => {
      const view = new DataView(reply.buffer);
      if ([15, 34].includes(view.getUint16(4)) && reply.includes(0xfd)) view.setUint16(8, 4);
      return [reply];
    });
    expect(stateOf(result).sources?.some(({ address }) => address === 'fd09::13')).toBe(false);
    expect(stateOf(result).sources?.length).toBeGreaterThan(0);
  });
});
