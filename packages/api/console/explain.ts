import { z } from 'zod';
import { textSchema } from '../snapshot/index.ts';

export const explainRequestSchema = z.object({
  text: z
    .string()
    .max(1_000_000)
    .meta({ description: 'Output of chronyc, timedatectl, ntpq -p, ntpdate -q or adjtimex, as pasted.' }),
});

const importance = z.enum(['good', 'plain', 'attention', 'problem']);

const value = z.object({
  label: z.string(),
  shown: z.string(),
  meaning: textSchema,
  importance,
  polls: z.array(z.boolean()).optional().meta({ description: 'The last eight polls, oldest first.' }),
});

/** What `clockwarden explain` says, as data. */
export const explanationSchema = z.object({
  sections: z.array(
    z.object({
      kind: z.string(),
      title: textSchema,
      lines: z.object({ first: z.number(), last: z.number() }).nullable(),
      values: z.array(value),
      rows: z.array(
        z.object({
          name: z.string(),
          mark: z.string(),
          importance,
          summary: textSchema,
          values: z.array(value),
        }),
      ),
    }),
  ),
  conclusions: z.array(
    z.object({
      code: z.string(),
      importance,
      text: textSchema,
      next: textSchema.nullable(),
      commands: z.array(z.object({ command: z.string(), meaning: textSchema })),
    }),
  ),
  notUnderstood: z.array(z.object({ line: z.number(), text: z.string() })),
});
