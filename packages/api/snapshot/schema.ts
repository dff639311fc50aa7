import { z } from 'zod';

export const textSchema = z.object({ en: z.string(), 'zh-CN': z.string() });

const verdict = z.enum(['ok', 'warning', 'critical', 'undetermined']);
const sourceKind = z.enum(['local', 'ntp', 'chrony', 'ssh', 'node-exporter', 'prometheus']);
const leap = z.enum(['normal', 'insert-second', 'delete-second', 'unsynchronized']);

/** An offset with the interval that holds the truth. */
const offset = z.object({ seconds: z.number(), lowSeconds: z.number(), highSeconds: z.number() });

function reasonOf<T extends z.ZodType>(words: T) {
  return z.object({
    code: z.string().meta({ description: 'See docs/reference/reasons.md.' }),
    severity: z.enum(['critical', 'warning', 'undetermined', 'info']),
    text: words,
    endangers: words.nullable(),
    evidence: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    source: sourceKind.nullable(),
    ageSeconds: z.number().nullable(),
  });
}

function nodeOf<T extends z.ZodType>(words: T) {
  return z.object({
    name: z.string(),
    address: z.string(),
    role: z.enum(['control-plane', 'etcd', 'worker', 'ntp-server']),
    roles: z.array(z.enum(['control-plane', 'etcd', 'worker', 'ntp-server'])),
    verdict,
    reachable: z
      .boolean()
      .meta({ description: 'false with verdict undetermined: no source reaches the node.' }),
    reasons: z.array(reasonOf(words)),
    offset: offset.extend({ source: sourceKind, ageSeconds: z.number() }).nullable().meta({
      description: 'Against the cluster median; null below three nodes or without a clock reading.',
    }),
    clock: offset
      .extend({
        source: sourceKind,
        ageSeconds: z.number(),
        stampedBy: z.enum(['kernel', 'process', 'node-command', 'scrape', 'same-clock']),
        delaySeconds: z.number().nullable(),
      })
      .nullable()
      .meta({ description: 'Against the clock of the machine that measures.' }),
    sync: z
      .object({
        synchronized: z.boolean().nullable(),
        daemon: z.string().nullable(),
        stratum: z.number().nullable(),
        source: z.string().nullable(),
        refId: z.string().nullable(),
        leap: leap.nullable(),
        rootDistanceSeconds: z.number().nullable(),
        referenceOffset: offset.nullable().meta({ description: 'Against what its own daemon follows.' }),
      })
      .nullable(),
    kernel: z
      .object({
        unsync: z.boolean(),
        offsetSeconds: z.number().nullable(),
        maxErrorSeconds: z.number().nullable(),
        estErrorSeconds: z.number().nullable(),
        frequencyPpm: z.number().nullable(),
      })
      .nullable(),
    timezone: z.string().nullable(),
    sources: z.array(
      z.object({
        source: sourceKind,
        target: z.string(),
        ok: z.boolean(),
        ageSeconds: z.number(),
        tookSeconds: z.number(),
        failure: z.object({ code: z.string(), text: words, hint: words.nullable() }).nullable(),
        offset: offset
          .nullable()
          .meta({ description: 'This source’s own reading against the measuring machine.' }),
      }),
    ),
  });
}

function snapshotOfWords<T extends z.ZodType>(words: T) {
  return z.object({
    schema: z.literal('clockwarden.check/1'),
    cluster: z.string(),
    at: z.iso.datetime().meta({ description: 'UTC, by the measuring machine’s time base.' }),
    verdict,
    headline: words,
    median: z
      .object({
        offsetSeconds: z.number(),
        lowSeconds: z.number(),
        highSeconds: z.number(),
        nodes: z.number(),
      })
      .nullable()
      .meta({ description: 'Against the measuring machine; null below three nodes with a clock.' }),
    controlPlaneSpread: offset.nullable(),
    fromReference: offset.nullable(),
    limits: z.object({
      medianWarningSeconds: z.number(),
      medianCriticalSeconds: z.number(),
      roleSeconds: z.record(z.string(), z.number()),
      controlPlaneSpreadSeconds: z.number(),
    }),
    summary: z.object({
      ok: z.number(),
      warning: z.number(),
      critical: z.number(),
      undetermined: z.number(),
      unreachable: z.number().meta({ description: 'How many of the undetermined ones nothing reaches.' }),
    }),
    reasons: z.array(reasonOf(words)),
    nodes: z.array(nodeOf(words)),
  });
}

export const reasonSchema = reasonOf(textSchema);
export const nodeSchema = nodeOf(textSchema);
/** With every text in both languages: what the server keeps and sends. */
export const snapshotSchema = snapshotOfWords(textSchema);
/** With texts in one language: `check --json`. */
export const localizedSnapshotSchema = snapshotOfWords(z.string());

/** A node as a list needs it: 10,000 of them travel at once. `worst` is the reason to show. */
export const nodeRowSchema = nodeSchema
  .pick({ name: true, address: true, role: true, verdict: true, reachable: true, timezone: true })
  .extend({
    offset: offset.nullable(),
    clock: offset.extend({ source: sourceKind }).nullable(),
    ageSeconds: z.number().nullable(),
    synchronized: z.boolean().nullable(),
    daemon: z.string().nullable(),
    stratum: z.number().nullable(),
    follows: z.string().nullable(),
    unsync: z.boolean().nullable(),
    worst: z.object({ code: z.string(), text: textSchema }).nullable(),
    since: z.iso.datetime().nullable().meta({ description: 'Since when the verdict is what it is.' }),
  });

export type ReasonSnapshot = z.infer<typeof reasonSchema>;
export type NodeSnapshot = z.infer<typeof nodeSchema>;
export type Snapshot = z.infer<typeof snapshotSchema>;
export type NodeRow = z.infer<typeof nodeRowSchema>;
