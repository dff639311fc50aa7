import type { z } from '@hono/zod-openapi';
import { problemSchema } from '../problem.ts';

export function json<T extends z.ZodType>(description: string, schema: T) {
  return { description, content: { 'application/json': { schema } } };
}

export function problem(description: string) {
  return json(description, problemSchema);
}
