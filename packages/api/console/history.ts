import { z } from 'zod';
import { stepSchema } from './cluster.ts';

export const nodeHistoryQuerySchema = z.object({
  /** Unix seconds; `to` defaults to now, `from` to an hour before. */
  from: z.coerce.number().optional(),
  to: z.coerce.number().optional(),
  /** At most so many points; coarser rollups are chosen to fit. */
  points: z.coerce.number().int().min(10).max(20_000).default(1_500),
});

/**
 * Columns of equal length, oldest first. A gap in time is a gap in `at`, to be drawn as one. `min..max` is the range of
 * offsets in the step of a rollup; `low..high` the widest interval in it.
 */
export const nodeHistorySchema = z.object({
  node: z.string(),
  from: z.number(),
  to: z.number(),
  /** 0: raw readings; 60 and 900: rollups. */
  resolutionSeconds: z.number(),
  at: z.array(z.number()).meta({ description: 'Unix seconds' }),
  mean: z.array(z.number().nullable()),
  min: z.array(z.number().nullable()),
  max: z.array(z.number().nullable()),
  low: z.array(z.number().nullable()),
  high: z.array(z.number().nullable()),
  frequencyPpm: z.array(z.number().nullable()),
  /** Reach of the selected source, 0..255. */
  reach: z.array(z.number().nullable()),
  verdict: z.array(z.enum(['ok', 'warning', 'critical', 'undetermined', 'unreachable'])),
  steps: z.array(stepSchema),
});

export type NodeHistory = z.infer<typeof nodeHistorySchema>;
