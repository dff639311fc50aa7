/** Writes history as fast as it can until it is killed; tells its parent how far it surely came. Used by the tests. */
import { openStore } from './index.ts';

const [path = '', start = '0'] = process.argv.slice(2);
const store = await openStore({ path, rawHours: 1, rollupDays: 90, maxBytes: 4_000_000 });
for (let at = Number(start); ; at += 60) {
  const samples = Array.from({ length: 50 }, (_, node) => ({
    node: `n${node}`,
    at: at + (node % 60),
    offset: { seconds: node * 1e-3, low: 0, high: 1 },
    frequencyPpm: null,
    reach: null,
    status: 'ok' as const,
  }));
  store.write({ samples, steps: [{ node: 'n1', at, seconds: 1, boundSeconds: 0 }] });
  await store.flush();
  process.send?.({ at, state: store.status().state });
}
