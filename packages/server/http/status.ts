import type { ServerStatus } from '@clockwarden/api/console';
import type { HistoryStore } from '@clockwarden/core/ports';
import type { ClusterLoop } from '../loop/index.ts';
import { isoOrNull } from './pages.ts';

/** What a reload of the configuration left behind; null: the last one succeeded. */
export type ConfigProblem = ServerStatus['configProblem'];

export interface StatusOptions {
  readonly loop: ClusterLoop;
  readonly store: HistoryStore;
  readonly version: string;
  readonly configProblem: () => ConfigProblem;
}

export function createStatus({ loop, store, version, configProblem }: StatusOptions): () => ServerStatus {
  const startedAt = new Date().toISOString();
  return () => {
    const { oldestAt, ...history } = store.status();
    return {
      version,
      startedAt,
      rounds: loop.rounds.map(({ lastAt, ...round }) => ({ ...round, lastAt: isoOrNull(lastAt) })),
      history: { ...history, oldestAt: oldestAt === null ? null : new Date(oldestAt * 1000).toISOString() },
      configProblem: configProblem(),
      memoryBytes: process.memoryUsage.rss(),
    };
  };
}
