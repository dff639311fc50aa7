import { z } from 'zod';
import { nodeRowSchema, reasonSchema, snapshotSchema, textSchema } from '../snapshot/index.ts';

/** The server's own state: shown in the console's status line, never mixed with the cluster's verdict. */
export const serverStatusSchema = z.object({
  version: z.string(),
  startedAt: z.iso.datetime(),
  /** End of the last round of each source in use, and how long it took. */
  rounds: z.array(
    z.object({
      source: z.string(),
      intervalSeconds: z.number(),
      lastAt: z.iso.datetime().nullable(),
      tookSeconds: z.number().nullable(),
      answered: z.number(),
      failed: z.number(),
    }),
  ),
  history: z.object({
    state: z.enum(['writing', 'stopped', 'off']),
    /** Why it stopped: disk full, read-only, …; null while writing. */
    problem: textSchema.nullable(),
    path: z.string(),
    bytes: z.number(),
    maxBytes: z.number(),
    oldestAt: z.iso.datetime().nullable(),
  }),
  /** The last reload failed and the configuration before it is in force; null: none failed. */
  configProblem: z.object({ at: z.iso.datetime(), text: textSchema }).nullable(),
  memoryBytes: z.number(),
});

/** A snapshot without its nodes. */
export const clusterHeaderSchema = snapshotSchema.omit({ nodes: true }).extend({
  reasons: z.array(reasonSchema),
  timezonePolicy: z.string().nullable(),
  reference: z.string().nullable(),
});

export const clusterPageSchema = z.object({
  cluster: clusterHeaderSchema,
  rows: z.array(nodeRowSchema),
  status: serverStatusSchema,
});

/** A clock that was set: REALTIME − MONOTONIC moved. Positive = forwards. */
export const stepSchema = z.object({
  node: z.string(),
  at: z.iso.datetime(),
  seconds: z.number(),
  boundSeconds: z.number(),
});

/** Something that became different: for "what changed in the last hour". */
export const changeSchema = z.object({
  id: z.number(),
  at: z.iso.datetime(),
  node: z.string().nullable().meta({ description: 'null: the cluster as a whole' }),
  kind: z.enum(['verdict', 'step', 'source', 'reachability', 'config', 'history']),
  from: z.string().nullable(),
  to: z.string().nullable(),
  text: textSchema,
});

export type ServerStatus = z.infer<typeof serverStatusSchema>;
export type ClusterHeader = z.infer<typeof clusterHeaderSchema>;
export type ClusterPage = z.infer<typeof clusterPageSchema>;
export type Step = z.infer<typeof stepSchema>;
export type Change = z.infer<typeof changeSchema>;
