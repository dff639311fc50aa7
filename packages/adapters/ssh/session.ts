/** One login: the script goes in, the clock is asked back and forth, the report comes out. */
import { type ClockExchange, parseNodeTime } from '@clockwarden/core/node-report';
import type { TimeBase } from '@clockwarden/core/ports';
import type { MonotonicInstant } from '@clockwarden/core/time';
import { type ProgramEnd, startProgram } from '../child-process/index.ts';
import { nodeScript } from './script.ts';

export interface SessionOptions {
  /** Program and arguments that give the standard input of a shell on the node. */
  readonly program: string;
  readonly args: readonly string[];
  /** Frame marker: unpredictable, one word. */
  readonly marker: string;
  readonly sudo: 'auto' | 'never';
  readonly timeoutMs: number;
  readonly timeBase: TimeBase;
  readonly signal: AbortSignal;
  /** Called when ssh says that it knocks at an address: until somebody answers, the login costs nothing. */
  readonly onKnock?: () => void;
  /** Called once, when ssh says that a server has introduced itself: from now on the login costs CPU. */
  readonly onServer?: () => void;
  /** Waits until this node may be asked for its clock; `asking` ends when it was, or when the session did. */
  readonly turn?: (asking: Promise<void>) => Promise<void>;
}

export interface SessionResult {
  readonly end: ProgramEnd;
  /** The script began to run. */
  readonly ready: boolean;
  readonly exchanges: readonly ClockExchange[];
  /** Middle of the last exchange; null without one. */
  readonly at: MonotonicInstant | null;
}

/** More do not make the interval much narrower; each costs a round trip, and CPU on both sides. */
const MOST_EXCHANGES = 8;

/** Half of the shortest round trip is the bound: so many in a row that did not shorten it by a tenth are enough. */
const IDLE_EXCHANGES = 2;

/** What a node prints in all: configuration files of 64 KiB each, sources by the hundred. */
const MAX_OUTPUT_BYTES = 8 * 1024 * 1024;

/** A login may greet before the script begins; a line that grows beyond this is none of ours. */
const MAX_LINE_LENGTH = 65_536;

export async function runSession(options: SessionOptions): Promise<SessionResult> {
  let heardServer = false;
  const asked = deferred();
  const talk = new Conversation(options);
  const say = (words: string): void => {
    if (words !== '') session.write(words);
    if (!talk.isOver) return;
    session.endInput();
    asked.resolve();
  };
  const session = startProgram(options.program, options.args, {
    timeoutMs: options.timeoutMs,
    signal: options.signal,
    maxOutputBytes: MAX_OUTPUT_BYTES,
    // ssh asks by a window where it finds no terminal; nobody sits there.
    env: { ...process.env, SSH_ASKPASS_REQUIRE: 'never', DISPLAY: undefined },
    onStdout: (bytes) => {
      const received = options.timeBase.monotonic();
      if (!talk.isOver) say(talk.hear(bytes, received));
    },
    onStderr: (bytes) => {
      if (heardServer) return;
      const told = Buffer.from(bytes);
      heardServer = told.includes('Remote protocol version');
      if (heardServer) options.onServer?.();
      else if (told.includes('Connecting to ')) options.onKnock?.();
    },
  });
  void talk.canBeAsked.then(async () => {
    await options.turn?.(asked.promise);
    say(talk.ask());
  });
  session.write(nodeScript);
  const end = await session.ended;
  asked.resolve();
  return { end, ready: talk.isReady, exchanges: talk.exchanges, at: talk.at };
}

/** Our side of the conversation that script.ts describes. */
class Conversation {
  readonly exchanges: ClockExchange[] = [];
  at: MonotonicInstant | null = null;
  isReady = false;
  isOver = false;
  /** The node waits for its first question. */
  readonly canBeAsked: Promise<void>;
  readonly #startAsking: () => void;
  readonly #timeBase: TimeBase;
  readonly #greeting: string;
  #line = '';
  #asked = 0;
  #sent: MonotonicInstant | null = null;
  #shortest: bigint | null = null;
  /** Exchanges since the round trip became shorter. */
  #idle = 0;

  constructor({ timeBase, marker, sudo }: Pick<SessionOptions, 'timeBase' | 'marker' | 'sudo'>) {
    this.#timeBase = timeBase;
    this.#greeting = `${marker} ${sudo}\n`;
    const { promise, resolve } = deferred();
    this.canBeAsked = promise;
    this.#startAsking = resolve;
  }

  /** Takes what came and returns what to say now; empty: nothing. */
  hear(bytes: Uint8Array, received: MonotonicInstant): string {
    const lines = (this.#line + Buffer.from(bytes).toString('latin1')).split('\n');
    this.#line = (lines.pop() ?? '').slice(-MAX_LINE_LENGTH);
    let say = '';
    for (const line of lines) {
      const answer = this.#hearLine(line, received);
      if (answer !== '') say = answer;
    }
    return say;
  }

  /** The next question, or the end of them. */
  ask(): string {
    if (this.isOver) return '';
    if (this.#idle >= IDLE_EXCHANGES || this.exchanges.length >= MOST_EXCHANGES) {
      this.isOver = true;
      return 'end\n';
    }
    this.#asked++;
    // Before the write: the node cannot have read its clock earlier than this.
    this.#sent = this.#timeBase.monotonic();
    return `${this.#asked}\n`;
  }

  #hearLine(line: string, received: MonotonicInstant): string {
    if (!this.isReady) {
      if (line !== 'clockwarden 1') return '';
      this.isReady = true;
      return this.#greeting;
    }
    if (/^clock [a-z]+$/.test(line)) {
      this.#shortest = null;
      this.#startAsking();
      // A program that dies in the middle is followed by another, which does not know what was asked.
      return this.#asked === 0 ? '' : this.ask();
    }
    const [number, time = ''] = line.split(' ', 2);
    if (this.#sent === null || number !== String(this.#asked)) return '';
    const node = parseNodeTime(time);
    if (node === null) return '';
    this.exchanges.push({
      sent: this.#timeBase.instantAt(this.#sent),
      received: this.#timeBase.instantAt(received),
      node,
    });
    this.at = (this.#sent + received) / 2n;
    this.#judge(received - this.#sent);
    return this.ask();
  }

  #judge(took: bigint): void {
    const isShorter = this.#shortest === null || 10n * took < 9n * this.#shortest;
    if (isShorter) this.#shortest = took;
    this.#idle = isShorter ? 0 : this.#idle + 1;
  }
}

/** A promise that is kept by a call. */
function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((keep) => {
    resolve = keep;
  });
  return { promise, resolve };
}
