import type { HistorySample, HistoryStore, TimeBase } from '@clockwarden/core/ports';
import { estimate, secondsOf } from '@clockwarden/core/time';
import { demoOffset } from './facts.ts';
import type { Condition, DemoNode } from './nodes.ts';

const EVERY_SECONDS = 60;

const statuses: Partial<Record<Condition, HistorySample['status']>> = {
  'over-role-limit': 'warning',
  'over-warning': 'warning',
  'over-critical': 'critical',
  'wide-bound': 'undetermined',
  unreachable: 'unreachable',
  refused: 'undetermined',
  unsynchronized: 'warning',
  'no-rtcsync': 'warning',
  'free-running': 'warning',
  'two-daemons': 'warning',
};

/** Writes a sample a minute of every node for the hours before now, as if the demo had run all the time. */
export async function inventHistory(
  store: HistoryStore,
  nodes: readonly DemoNode[],
  timeBase: TimeBase,
  hours: number,
): Promise<void> {
  const monotonic = timeBase.monotonic();
  const demoNow = secondsOf(monotonic);
  const now = secondsOf(timeBase.instantAt(monotonic));
  for (let ago = hours * 3_600; ago > EVERY_SECONDS; ago -= EVERY_SECONDS) {
    // Half an hour of silence last night, so that a gap can be seen.
    if (ago > 36_000 && ago < 37_800) continue;
    store.write({ samples: nodes.map((node) => sampleOf(node, demoNow - ago, now - ago)) });
    if (ago % 3_600 === 0) await store.flush();
  }
  await store.flush();
}

function sampleOf(node: DemoNode, demoSeconds: number, at: number): HistorySample {
  const blind = node.condition === 'unreachable' || node.condition === 'refused';
  const bound = node.condition === 'wide-bound' ? 0.41 : 0.00025;
  return {
    node: node.spec.name,
    at,
    offset: blind ? null : estimate(demoOffset(node, demoSeconds), bound),
    frequencyPpm: blind ? null : -12 + (node.index % 24) + Math.sin(demoSeconds / 7_000),
    reach: blind ? null : 255,
    status: statuses[node.condition] ?? 'ok',
  };
}
