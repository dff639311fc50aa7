import { parseDuration } from '@clockwarden/core/policy';
import { type Text, text } from '@clockwarden/core/text';
import { InvalidArgumentError } from 'commander';

/** The value of an option that is a length of time above 0, in seconds. */
export function durationOption(t: (words: Text) => string): (written: string) => number {
  return (written) => {
    const length = parseDuration(written);
    if (length !== null && length > 0) return length;
    throw new InvalidArgumentError(
      t(text('A length of time such as 90s or 30m is wanted.', '需要形如 90s 或 30m 的时长。')),
    );
  };
}
