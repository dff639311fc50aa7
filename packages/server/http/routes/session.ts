import { sessionStateSchema } from '@clockwarden/api/console';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppParts } from '../parts.ts';
import { json, problem } from './responses.ts';

const path = '/api/v1/session';

const state = createRoute({
  method: 'get',
  path,
  summary: 'Whether a login is wanted, and whether there is one',
  responses: { 200: json('State of the session.', sessionStateSchema) },
});

const logIn = createRoute({
  method: 'post',
  path,
  summary: 'Log in with the password or the token',
  request: {
    body: {
      required: true,
      content: { 'application/json': { schema: z.object({ secret: z.string().min(1).max(1_000) }) } },
    },
  },
  responses: {
    200: json('Logged in; the session is in a cookie.', sessionStateSchema),
    401: problem('Wrong password or token.'),
    429: problem('Too many attempts; see Retry-After.'),
  },
});

const logOut = createRoute({
  method: 'delete',
  path,
  summary: 'Log out',
  responses: { 200: json('Logged out.', sessionStateSchema), 403: problem('X-CSRF-Token is missing.') },
});

export function registerSession(app: OpenAPIHono, { guard }: AppParts): void {
  app.openapi(state, (context) => context.json(guard.state(context), 200));
  app.openapi(logIn, async (context) =>
    context.json(await guard.logIn(context, context.req.valid('json').secret), 200),
  );
  app.openapi(logOut, (context) => context.json(guard.logOut(context), 200));
}
