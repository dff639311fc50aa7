/** What the thread that owns the sockets and the thread that wants readings say to each other. */
import type { ExchangeJob, ExchangeResult } from './exchanger.ts';

/** `kernel` fails where it cannot be had; `auto` takes the best there is. */
export type StampChoice = 'auto' | 'kernel' | 'process';

export interface WorkerSetup {
  readonly stamps: StampChoice;
}

export type ToWorker =
  | { readonly kind: 'jobs'; readonly jobs: readonly ExchangeJob[] }
  | { readonly kind: 'cancel'; readonly ids: readonly number[] }
  | { readonly kind: 'close' };

export type FromWorker = readonly ExchangeResult[];
