import type { ServerStatus } from '@clockwarden/api/console';
import type { HistoryStore } from '@clockwarden/core/ports';
import type { Guard } from '../auth/index.ts';
import type { ClusterLoop } from '../loop/index.ts';
import type { Metrics } from '../metrics/index.ts';
import type { StaticFiles } from './static.ts';
import type { LiveStream } from './stream.ts';

/** What the routes stand on. */
export interface AppParts {
  readonly loop: ClusterLoop;
  readonly store: HistoryStore;
  readonly stream: LiveStream;
  readonly guard: Guard;
  readonly metrics: Metrics;
  readonly staticFiles: StaticFiles;
  readonly status: () => ServerStatus;
  readonly version: string;
  readonly onBug: (what: string, error: unknown) => void;
}
