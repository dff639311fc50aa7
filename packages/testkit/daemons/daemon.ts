import { setTimeout as sleep } from 'node:timers/promises';
import type { Running } from '../process/index.ts';

/** A daemon under test. `await using` or `stop()` ends it and removes what it wrote. */
export interface Daemon extends AsyncDisposable {
  readonly pid: number;
  /** The address it listens on, inside its namespace when it has one. */
  readonly address: string;
  readonly port: number;
  readonly namespace: string | undefined;
  /** What it said so far. */
  log(): string;
  stop(): Promise<void>;
}

/** What every launcher needs to tell whether the daemon is up. */
export interface Started<T> {
  readonly running: Running;
  /** Whether it answers; asked again until it does or the process is dead. */
  readonly ready: () => Promise<T | undefined>;
  readonly what: string;
  readonly deadlineMs?: number;
}

export async function untilReady<T>({ running, ready, what, deadlineMs = 30_000 }: Started<T>): Promise<T> {
  const end = performance.now() + deadlineMs;
  let cause: unknown;
  for (;;) {
    if (running.ended()) throw new Error(`${what} ended at once:\n${running.log()}`);
    const answer = await ready().catch((error: unknown) => {
      cause = error;
      return undefined;
    });
    if (answer !== undefined) return answer;
    if (performance.now() > end) {
      await running.stop();
      throw new Error(`${what} did not answer within ${deadlineMs} ms:\n${running.log()}`, { cause });
    }
    await sleep(20);
  }
}

/** A port found free can be taken by someone else a moment later: then another one is tried. */
export async function withRetries<T>(attempts: number, start: () => Promise<T>): Promise<T> {
  for (let left = attempts - 1; ; left--) {
    try {
      return await start();
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}
