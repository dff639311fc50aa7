import { z } from 'zod';

const offset = z.object({ seconds: z.number(), lowSeconds: z.number(), highSeconds: z.number() });

const server = z.object({
  server: z.string().meta({ description: 'As it was typed.' }),
  address: z
    .string()
    .nullable()
    .meta({ description: 'The address asked; null when the name did not resolve.' }),
  verdict: z.enum(['fit', 'unfit', 'failed']).meta({ description: 'Whether one should follow it.' }),
  reasons: z.array(z.object({ code: z.string(), severity: z.enum(['unfit', 'note']), text: z.string() })),
  error: z
    .object({
      code: z.enum(['unreachable', 'refused', 'unauthorized', 'no-data', 'unsupported', 'malformed']),
      text: z.string(),
      hint: z.string().nullable(),
    })
    .nullable(),
  offset: offset.nullable().meta({ description: 'Positive = the server is ahead of this machine.' }),
  delaySeconds: z.number().nullable(),
  stampedBy: z.enum(['kernel', 'process']).nullable().meta({ description: 'Who stamped the answers.' }),
  stratum: z.number().nullable(),
  leap: z.enum(['normal', 'insert-second', 'delete-second', 'unsynchronized']).nullable(),
  refId: z.string().nullable(),
  refIdAddress: z.string().nullable().meta({ description: 'refId as a dotted address, strata 2 to 15.' }),
  rootDelaySeconds: z.number().nullable(),
  rootDispersionSeconds: z.number().nullable(),
  rootDistanceSeconds: z.number().nullable(),
  precisionSeconds: z.number().nullable(),
  referenceAgeSeconds: z.number().nullable(),
  version: z.number().nullable(),
  samples: z.number().meta({ description: 'Good answers; the tightest one is shown.' }),
});

const agreement = z.object({
  verdict: z.enum(['majority', 'no-majority', 'single', 'none']),
  offset: offset.nullable().meta({
    description: 'Where the majority places true time against this machine; null without one.',
  }),
  agreeing: z.array(z.string()),
  falsetickers: z.array(z.string()),
});

/** Printed by `query --json`. Seconds; null is "not known", never zero. Adding a field keeps the version. */
export const queryReportSchema = z.object({
  schema: z.literal('clockwarden.query/1'),
  at: z.iso.datetime().meta({ description: 'UTC, by this machine.' }),
  servers: z.array(server),
  agreement,
});

export type QueryReport = z.infer<typeof queryReportSchema>;
export type QueryReportServer = z.infer<typeof server>;
