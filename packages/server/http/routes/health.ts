import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppParts } from '../parts.ts';
import { json } from './responses.ts';

const metrics = createRoute({
  method: 'get',
  path: '/metrics',
  summary: 'Metrics for Prometheus',
  responses: {
    200: { description: 'The text format.', content: { 'text/plain': { schema: z.string() } } },
  },
});

const healthz = createRoute({
  method: 'get',
  path: '/healthz',
  summary: 'The process answers',
  responses: { 200: json('It does.', z.object({ ok: z.literal(true) })) },
});

const stateOfReadiness = z.object({ ready: z.boolean() });
const readyz = createRoute({
  method: 'get',
  path: '/readyz',
  summary: 'Every source was asked once, so that verdicts mean something',
  responses: { 200: json('Ready.', stateOfReadiness), 503: json('Not yet.', stateOfReadiness) },
});

export function registerHealth(app: OpenAPIHono, parts: AppParts): void {
  app.openapi(metrics, async (context) =>
    context.text(await parts.metrics.text(), 200, { 'content-type': parts.metrics.contentType }),
  );
  app.openapi(healthz, (context) => context.json({ ok: true as const }, 200));
  app.openapi(readyz, (context) => {
    const ready = parts.loop.settled;
    return ready ? context.json({ ready }, 200) : context.json({ ready }, 503);
  });
}
