import type {
  ChronyState,
  DaemonState,
  HostState,
  Timedatectl,
  TimesyncState,
  TimezoneState,
} from '@clockwarden/core/observe';
import { z } from 'zod';
import { nodeSchema, textSchema } from '../snapshot/index.ts';
import { stepSchema } from './cluster.ts';

/** A fact of core/observe as it is, with its source and age when the page was made. */
function sourced<T>() {
  const value = z.custom<T>().meta({ type: 'object', description: 'See packages/core/observe.' });
  return z.object({ value, source: z.string(), ageSeconds: z.number() }).nullable();
}

export const nodePageSchema = z.object({
  node: nodeSchema,
  since: z.iso.datetime().nullable(),
  chrony: sourced<ChronyState>(),
  timesync: sourced<TimesyncState>(),
  timedatectl: sourced<Timedatectl>(),
  timezone: sourced<TimezoneState>(),
  daemons: sourced<readonly DaemonState[]>(),
  host: sourced<HostState>(),
  kernelBits: sourced<readonly string[]>(),
  configFiles: sourced<readonly { path: string; content: string; truncated: boolean }[]>(),
  /** Raw outputs by command. */
  raw: sourced<Readonly<Record<string, string>>>(),
  steps: z.array(stepSchema),
  /** Free-running only: when the clock crosses a limit if nothing changes (A8); null where it follows a source or nothing is known. */
  projection: z
    .object({
      frequencyPpm: z.number(),
      frequencyBoundPpm: z.number(),
      crossings: z.array(
        z.object({
          limitSeconds: z.number(),
          earliestAt: z.iso.datetime().nullable(),
          latestAt: z.iso.datetime().nullable(),
        }),
      ),
    })
    .nullable(),
  /** What an expert would type on this node, with the meaning of each. */
  commands: z.array(z.object({ command: z.string(), meaning: textSchema })),
});

export type NodePage = z.infer<typeof nodePageSchema>;
