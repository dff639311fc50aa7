import type { NodePage } from '@clockwarden/api/console';
import type { HistoryStore } from '@clockwarden/core/ports';
import { isFreeRunning, type OffsetSample, project } from '@clockwarden/core/trend';
import type { ClusterLoop } from '../loop/index.ts';

const LOOK_BACK_SECONDS = 86_400;
const POINTS = 1_500;

/** Null where the clock follows a source, or too little is known of its past. */
export async function projectionOf(
  loop: ClusterLoop,
  store: HistoryStore,
  name: string,
): Promise<NodePage['projection']> {
  const assessed = loop.node(name)?.assessed;
  if (assessed === undefined || !isFreeRunning(assessed.observation)) return null;
  const now = loop.nowSeconds();
  const lastStep = loop.stepsOf(name).at(-1);
  const from = Math.max(
    now - LOOK_BACK_SECONDS,
    lastStep === undefined ? 0 : Date.parse(lastStep.at) / 1000 + 1,
  );
  const { at, mean, low, high } = await store.history(name, from, now, POINTS);
  const samples = at.flatMap((moment, index): OffsetSample[] => {
    const [seconds, least, most] = [mean[index], low[index], high[index]];
    if (seconds == null || least == null || most == null) return [];
    return [{ at: moment, offset: { seconds, low: least, high: most } }];
  });
  const { limits } = loop.policy;
  const wanted = [
    limits.roleSeconds[assessed.role],
    limits.medianWarningSeconds,
    limits.medianCriticalSeconds,
  ];
  const projection = project(samples, wanted);
  if (projection === null) return null;
  const iso = (seconds: number | null): string | null =>
    seconds === null ? null : new Date(seconds * 1000).toISOString();
  return {
    ...projection,
    crossings: projection.crossings.map(({ limitSeconds, earliestAt, latestAt }) => ({
      limitSeconds,
      earliestAt: iso(earliestAt),
      latestAt: iso(latestAt),
    })),
  };
}
