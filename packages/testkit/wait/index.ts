import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitOptions {
  /** How long to go on asking; 10,000 by default. */
  readonly deadlineMs?: number;
  /** Pause between two questions; 20 by default. */
  readonly everyMs?: number;
  /** What is awaited, in words, for the error. */
  readonly what?: string;
  /** Added to the error, e.g. the log of the daemon that did not answer. */
  readonly evidence?: () => string;
}

/**
 * Asks `question` until its answer is neither undefined, null nor false, and returns that answer.
 * An exception counts as "not yet"; the last one becomes the cause of the error thrown at the deadline.
 */
export async function waitFor<T>(
  question: () => T | Promise<T>,
  options: WaitOptions = {},
): Promise<Exclude<T, undefined | null | false>> {
  const { deadlineMs = 10_000, everyMs = 20, what = 'the condition', evidence } = options;
  const end = performance.now() + deadlineMs;
  let cause: unknown;
  for (;;) {
    try {
      const answer = await question();
      if (answer !== undefined && answer !== null && answer !== false) {
        return answer as Exclude<T, undefined | null | false>;
      }
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() >= end) {
      const shown = evidence ? `\n${evidence()}` : '';
      throw new Error(`waited ${deadlineMs} ms in vain for ${what}${shown}`, { cause });
    }
    await sleep(everyMs);
  }
}
