import { describe, expect, it } from 'vitest';
import {
  createExchange,
  type ExchangeEvent,
  type ExchangeOutcome,
  type ExchangePlan,
  stepExchange,
} from './exchange.ts';
import { goodManners, mannersAfter, questionsAllowed } from './manners.ts';
import { decodePacket, encodePacket, type NtpPacket } from './packet.ts';
import { timestampOf } from './timestamp.ts';

const second = 1_000_000_000n;
const anchor = 1_795_355_200n * second;
const plan: ExchangePlan = {
  nonces: Array.from({ length: 10 }, (_, index) => BigInt(index + 1) * 0x0123456789abcdefn),
  samples: 8,
  version: 4,
  timeoutSeconds: 3,
  precisionSeconds: 1e-7,
};

/** Plays the network against the machine; time passes only when it is told to. */
function play(change: Partial<ExchangePlan> = {}) {
  let now = 100n * second;
  let steps = 0;
  let state = createExchange({ ...plan, ...change }, now);
  let outcome: ExchangeOutcome | null = null;
  let until = 0n;
  const questions: NtpPacket[] = [];
  const feed = (event: ExchangeEvent): void => {
    const step = stepExchange(state, event, now);
    state = step.state;
    for (const action of step.actions) {
      if (action.kind === 'wait') until = action.until;
      if (action.kind === 'done') outcome = action.outcome;
      if (action.kind === 'send') {
        const decoded = decodePacket(action.bytes);
        if (decoded.ok) questions.push(decoded.packet);
        feed({ kind: 'sent', at: { monotonic: now, steps } });
      }
    }
  };
  const reply = (index = questions.length - 1, packet: Partial<NtpPacket> = {}): Uint8Array => {
    const at = timestampOf(anchor + now);
    const origin = questions[index]?.transmit ?? 0n;
    return encodePacket({
      leap: 0,
      version: 4,
      mode: 4,
      stratum: 2,
      poll: 0,
      precision: -24,
      rootDelay: 0,
      rootDispersion: 0,
      referenceId: 0x0a000001,
      reference: at,
      origin,
      receive: at,
      transmit: at,
      ...packet,
    });
  };
  const game = {
    questions,
    pass: (nanoseconds: bigint) => {
      now += nanoseconds;
    },
    expire: () => {
      now = until;
      feed({ kind: 'timer' });
    },
    stepClock: () => {
      steps += 1;
    },
    feed,
    datagram: (bytes: Uint8Array) => feed({ kind: 'datagram', bytes, at: { monotonic: now, steps } }),
    answer: (packet: Partial<NtpPacket> = {}, took = 200_000n) => {
      now += took / 2n;
      const bytes = reply(questions.length - 1, packet);
      now += took / 2n;
      game.datagram(bytes);
    },
    reply,
    outcome: () => outcome as ExchangeOutcome | null,
  };
  feed({ kind: 'start' });
  return game;
}

describe('an exchange', () => {
  it('asks back to back until it has enough, and keeps the tightest', () => {
    const game = play();
    for (let index = 0; index < 8; index += 1) {
      expect(game.questions.length).toBe(index + 1);
      game.answer({}, index === 5 ? 50_000n : 200_000n);
    }
    expect(game.outcome()).toMatchObject({ kind: 'measured', samples: 8, asked: 8, kiss: null });
    const outcome = game.outcome();
    expect(outcome?.kind === 'measured' ? outcome.best.delaySeconds : 0).toBeCloseTo(50e-6, 9);
    game.answer();
    expect(game.questions.length).toBe(8);
  });

  it('asks with different random numbers', () => {
    const game = play();
    for (let index = 0; index < 8; index += 1) game.answer();
    expect(new Set(game.questions.map((question) => question.transmit)).size).toBe(8);
  });

  it('asks a silent server three times and ends at the deadline', () => {
    const game = play();
    for (let index = 0; index < 3; index += 1) game.expire();
    expect(game.questions.length).toBe(3);
    expect(game.outcome()).toMatchObject({ kind: 'unanswered', asked: 3 });
  });

  it('makes up for lost answers, and gives up on a server that falls silent', () => {
    const game = play();
    game.answer();
    game.expire();
    for (let index = 0; index < 7; index += 1) game.answer();
    expect(game.outcome()).toMatchObject({ kind: 'measured', samples: 8, asked: 9 });
    const silent = play();
    silent.answer();
    silent.expire();
    silent.expire();
    expect(silent.outcome()).toMatchObject({ kind: 'measured', samples: 1, asked: 3 });
  });

  it('does not ask again before its time when a timer rings early', () => {
    const game = play();
    game.feed({ kind: 'timer' });
    expect(game.questions.length).toBe(1);
  });

  it('drops repeated, replayed, late, forged and malformed datagrams', () => {
    const game = play({ samples: 2 });
    const first = game.reply(0);
    game.datagram(first);
    game.datagram(first);
    const second = game.reply(1);
    game.expire();
    game.datagram(second);
    game.datagram(game.reply(2, { origin: 1n }));
    game.datagram(game.reply(2, { mode: 3 }));
    game.datagram(game.reply(2, { version: 2 }));
    for (let length = 0; length < 48; length += 1) game.datagram(game.reply(2).subarray(0, length));
    game.answer();
    expect(game.outcome()).toMatchObject({
      kind: 'measured',
      samples: 2,
      dropped: { repeated: 1, late: 1, unmatched: 1, foreign: 2, malformed: 48 },
    });
  });

  it('takes version 3 and what follows the header', () => {
    const game = play({ version: 3, samples: 1 });
    const longer = new Uint8Array(68);
    longer.set(game.reply(0, { version: 3 }));
    game.datagram(longer);
    expect(game.questions[0]?.version).toBe(3);
    expect(game.outcome()).toMatchObject({ kind: 'measured', samples: 1 });
  });

  it('drops what was measured across a step of its own clock', () => {
    const game = play({ samples: 1 });
    game.stepClock();
    game.answer();
    expect(game.outcome()).toBeNull();
    game.answer();
    expect(game.outcome()).toMatchObject({ kind: 'measured', samples: 1, dropped: { stepped: 1 } });
  });

  it('measures servers that are not synchronised', () => {
    for (const packet of [{ stratum: 0, referenceId: 0 }, { stratum: 16 }, { leap: 3 as const }]) {
      const game = play({ samples: 1 });
      game.answer(packet);
      expect(game.outcome()).toMatchObject({ kind: 'measured' });
    }
  });

  it('does not measure with answers that carry no time or contradict themselves', () => {
    const game = play({ nonces: plan.nonces.slice(0, 2) });
    game.answer({ transmit: 0n });
    game.answer({ transmit: timestampOf(anchor) });
    expect(game.outcome()).toMatchObject({ kind: 'unanswered', dropped: { noTime: 1, backwards: 1 } });
  });

  it('obeys a kiss, but only one that answers its own question', () => {
    const kiss = (code: number) => ({ stratum: 0, leap: 3 as const, referenceId: code, transmit: 0n });
    const RATE = 0x52415445;
    const DENY = 0x44454e59;
    const forged = play();
    forged.datagram(forged.reply(0, { ...kiss(DENY), origin: 77n }));
    expect(forged.outcome()).toBeNull();
    const denied = play();
    denied.answer(kiss(DENY));
    expect(denied.outcome()).toEqual({ kind: 'kissed', kiss: 'DENY' });
    const early = play();
    early.answer(kiss(RATE));
    expect(early.outcome()).toEqual({ kind: 'kissed', kiss: 'RATE' });
    const later = play();
    later.answer();
    later.answer(kiss(RATE));
    expect(later.outcome()).toMatchObject({ kind: 'measured', samples: 1, kiss: 'RATE' });
  });

  it('ends at once when the network refuses, with what it has', () => {
    const game = play();
    game.feed({ kind: 'network', problem: 'refused' });
    expect(game.outcome()).toEqual({ kind: 'network', problem: 'refused' });
    const measured = play();
    measured.answer();
    measured.feed({ kind: 'network', problem: 'refused' });
    expect(measured.outcome()).toMatchObject({ kind: 'measured', samples: 1 });
  });
});

describe('manners', () => {
  const now = 1_000n * second;

  it('ask a server that never complained as often as wanted', () => {
    expect(questionsAllowed(goodManners, 8, now)).toBe(8);
    expect(mannersAfter(goodManners, { kind: 'network', problem: 'refused' }, now)).toEqual(goodManners);
  });

  it('never again ask one that refused', () => {
    for (const kiss of ['DENY', 'RSTR'] as const) {
      const manners = mannersAfter(goodManners, { kind: 'kissed', kiss }, now);
      expect(manners.refused).toBe(kiss);
      expect(questionsAllowed(manners, 8, now + 1_000_000n * second)).toBe(0);
    }
  });

  it('pause for longer after every RATE, and then ask one question only', () => {
    let manners = goodManners;
    const pauses = [32n, 64n, 128n, 256n, 512n, 1024n, 1024n];
    for (const pause of pauses) {
      manners = mannersAfter(manners, { kind: 'kissed', kiss: 'RATE' }, now);
      expect(questionsAllowed(manners, 8, now + pause * second - 1n)).toBe(0);
      expect(questionsAllowed(manners, 8, now + pause * second)).toBe(1);
    }
    const later = mannersAfter(manners, { kind: 'network', problem: 'other' }, now + 2_000n * second);
    expect(later.notBefore).toBe(now + 3_024n * second);
  });
});
