import { z } from 'zod';

/** Who follows whom, as the daemons say. */
export const topologySchema = z.object({
  /** `id` is the node's name, or the address of an upstream that is no node. */
  members: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(['upstream', 'node']),
      stratum: z.number().nullable(),
      verdict: z.enum(['ok', 'warning', 'critical', 'undetermined']).nullable(),
      reachable: z.boolean().nullable(),
    }),
  ),
  edges: z.array(
    z.object({
      from: z.string().meta({ description: 'the follower' }),
      to: z.string().meta({ description: 'whom it follows' }),
      state: z.enum(['selected', 'usable', 'rejected']),
      reach: z.number().nullable(),
    }),
  ),
});

export type Topology = z.infer<typeof topologySchema>;
