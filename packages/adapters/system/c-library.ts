import { createRequire } from 'node:module';
import type { LibraryHandle } from 'koffi';

type Koffi = typeof import('koffi');

export interface CLibrary {
  readonly koffi: Koffi;
  readonly libc: LibraryHandle;
}

/** Reads one clock, in nanoseconds. */
export type SystemClock = () => bigint;

/** clock_gettime(2), <bits/time.h>. */
const CLOCK_REALTIME = 0;
const CLOCK_MONOTONIC = 1;

let loaded: CLibrary | null | undefined;

/**
 * glibc or musl through koffi, loaded once a thread. Null where the platform is not Linux, where koffi ships no binary
 * for it, or where addons are forbidden (`node --no-addons`): callers then take their portable way.
 */
export function loadCLibrary(): CLibrary | null {
  if (loaded === undefined) loaded = load();
  return loaded;
}

function load(): CLibrary | null {
  if (process.platform !== 'linux') return null;
  try {
    const koffi = createRequire(import.meta.url)('koffi') as Koffi;
    for (const name of ['libc.so.6', `libc.musl-${process.arch === 'x64' ? 'x86_64' : 'aarch64'}.so.1`]) {
      try {
        return { koffi, libc: koffi.load(name) };
      } catch {
        // The next name: glibc and musl call the same library differently.
      }
    }
  } catch {
    // No binary for this platform, or addons are switched off.
  }
  return null;
}

/** CLOCK_REALTIME or CLOCK_MONOTONIC by clock_gettime(2), about 60 ns a call; null without the C library. */
export function systemClock(clock: 'realtime' | 'monotonic'): SystemClock | null {
  const library = loadCLibrary();
  if (library === null) return null;
  const clockGettime = library.libc.func('int clock_gettime(int clock, void *timespec)') as (
    clock: number,
    timespec: BigInt64Array,
  ) => number;
  const id = clock === 'realtime' ? CLOCK_REALTIME : CLOCK_MONOTONIC;
  // struct timespec of every 64-bit Linux: two 64-bit words. 32-bit platforms have no Node.js 24.
  const timespec = new BigInt64Array(2);
  return () => {
    if (clockGettime(id, timespec) !== 0) throw new Error(`clock_gettime(${id}) failed`);
    return (timespec[0] ?? 0n) * 1_000_000_000n + (timespec[1] ?? 0n);
  };
}
