/** Errors of the API: a row of the table of operator errors, as JSON. */

import { textSchema } from '@clockwarden/api/snapshot';
import { errorTable, type OperatorError } from '@clockwarden/core/errors';
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

export const problemSchema = z
  .object({
    error: z.object({
      code: z.string().meta({ description: 'See docs/reference/errors.md.' }),
      text: textSchema,
      hint: textSchema,
      details: z.array(z.object({ where: z.string().nullable(), text: textSchema.nullable() })),
    }),
  })
  .openapi('Problem');

export function problemResponse(context: Context, error: OperatorError): Response {
  const row = errorTable[error.code];
  const details = error.details.map(({ where, line, detail }) => ({
    where: where === undefined ? null : line === undefined ? where : `${where}:${line}`,
    text: detail ?? null,
  }));
  return context.json(
    { error: { code: error.code, text: row.summary, hint: row.hint, details } },
    row.httpStatus as ContentfulStatusCode,
  );
}
