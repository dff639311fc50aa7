/** The HTTP API, the live stream and the console, on one application without a socket. */
import { OperatorError } from '@clockwarden/core/errors';
import { text } from '@clockwarden/core/text';
import { OpenAPIHono } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { registerDocs } from './docs.ts';
import { safeHeaders } from './headers.ts';
import type { AppParts } from './parts.ts';
import { problemResponse } from './problem.ts';
import { registerCluster } from './routes/cluster.ts';
import { registerExplain } from './routes/explain.ts';
import { registerHealth } from './routes/health.ts';
import { registerSession } from './routes/session.ts';

const MOST_BODY_BYTES = 2 * 2 ** 20;

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
  app.use(parts.guard.middleware());
  app.onError((error, context) => {
    if (error instanceof OperatorError) return problemResponse(context, error);
    // What hono itself refuses: a body that is no JSON, for one.
    if (error instanceof HTTPException && error.status < 500) {
      const detail = text(error.message, error.message);
      return problemResponse(context, new OperatorError('bad-request', { detail }));
    }
    parts.onBug(`${context.req.method} ${context.req.path}`, error);
    return context.json(
      { error: { code: 'bug', text: text('An error in Clockwarden.', 'Clockwarden 内部错误。') } },
      500,
    );
  });
  app.use(
    bodyLimit({
      maxSize: MOST_BODY_BYTES,
      onError: (context) => {
        const detail = text('The body is larger than 2 MiB.', '请求体大于 2 MiB。');
        return problemResponse(context, new OperatorError('bad-request', { detail }));
      },
    }),
  );
  registerSession(app, parts);
  registerCluster(app, parts);
  registerExplain(app);
  registerHealth(app, parts);
  registerDocs(app, parts.version);
  app.all('/api/*', (context) =>
    problemResponse(context, new OperatorError('not-found', { where: context.req.path })),
  );
  app.get('*', (context) => parts.staticFiles.respond(context));
  app.notFound((context) =>
    problemResponse(context, new OperatorError('not-found', { where: context.req.path })),
  );
  return app;
}
