import { decodeTimex, TIMEX_BYTES, type Timex } from '@clockwarden/core/kernel';
import { loadCLibrary } from '../system/index.ts';

type Adjtimex = (timex: Uint8Array) => number;

/** Undefined: not looked up yet. */
let adjtimex: Adjtimex | null | undefined;

/**
 * Asks this machine's kernel by adjtimex(2). The structure that is passed is all zeroes, so `modes` is 0 and nothing is
 * changed. Null where there is no C library to call, and where a container's seccomp filter forbids it.
 */
export function readTimex(): Timex | null {
  adjtimex ??= (loadCLibrary()?.libc.func('int adjtimex(void *timex)') as Adjtimex | undefined) ?? null;
  if (adjtimex === null) return null;
  // Larger than the structure: a future kernel may use its padding, never more than that.
  const timex = new Uint8Array(2 * TIMEX_BYTES);
  return adjtimex(timex) < 0 ? null : decodeTimex(timex);
}
