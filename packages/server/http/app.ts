/** The HTTP API, the live stream and the console, on one application without a socket. */
import { OperatorError } from '@clockwarden/core/errors';
import { text } from '@clockwarden/core/text';
import { OpenAPIHono } from '@hono/zod-openapi';
import { safeHeaders } from './headers.ts';
import type { AppParts } from './parts.ts';
import { problemResponse } from './problem.ts';
import { registerCluster } from './routes/cluster.ts';

export function createApp(parts: AppParts): OpenAPIHono {
  const app = new OpenAPIHono({
    defaultHook: (result, context) => {
      if (result.success) return;
      const details = result.error.issues.map((issue) => ({
        where: issue.path.join('.'),
        detail: text(issue.message, issue.message),
      }));
      return problemResponse(context, new OperatorError('bad-request', ...details));
    },
  });
  app.use(safeHeaders);
  app.onError((error, context) => {
    if (error instanceof OperatorError) return problemResponse(context, error);
    parts.onBug(`${context.req.method} ${context.req.path}`, error);
    return context.json(
      { error: { code: 'bug', text: text('An error in Clockwarden.', 'Clockwarden 内部错误。') } },
      500,
    );
  });
  registerCluster(app, parts);
  app.all('/api/*', (context) =>
    problemResponse(context, new OperatorError('not-found', { where: context.req.path })),
  );
  app.get('*', (context) => parts.staticFiles.respond(context));
  app.notFound((context) =>
    problemResponse(context, new OperatorError('not-found', { where: context.req.path })),
  );
  return app;
}
