/** History in SQLite, in a worker thread. */
import type { HistoryStore } from '@clockwarden/core/ports';

export function createOffStore(): HistoryStore {
  return {
    write: () => {},
    history: async () => ({
      resolutionSeconds: 0,
      at: [],
      mean: [],
      min: [],
      max: [],
      low: [],
      high: [],
      frequencyPpm: [],
      reach: [],
      status: [],
    }),
    latest: async () => [],
    changes: async () => [],
    steps: async () => [],
    status: () => ({ state: 'off', problem: null, path: '', bytes: 0, maxBytes: 0, oldestAt: null }),
    onState: () => {},
    close: async () => {},
  };
}
