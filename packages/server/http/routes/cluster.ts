import {
  changeSchema,
  clusterPageSchema,
  nodeHistoryQuerySchema,
  nodeHistorySchema,
  nodePageSchema,
  topologySchema,
} from '@clockwarden/api/console';
import { OperatorError } from '@clockwarden/core/errors';
import type { HttpBindings } from '@hono/node-server';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { clusterPage, nodePage, topologyOf } from '../pages.ts';
import type { AppParts } from '../parts.ts';
import { projectionOf } from '../projection.ts';
import { json, problem } from './responses.ts';

const nodeName = z.object({ name: z.string().meta({ description: 'Name of the node.' }) });

const cluster = createRoute({
  method: 'get',
  path: '/api/v1/cluster',
  summary: 'The cluster with a row for each node',
  responses: { 200: json('Verdict, median, reasons, rows and the state of the server.', clusterPageSchema) },
});

const node = createRoute({
  method: 'get',
  path: '/api/v1/nodes/{name}',
  summary: 'All that is known about one node',
  request: { params: nodeName },
  responses: { 200: json('The node.', nodePageSchema), 404: problem('There is no such node.') },
});

const history = createRoute({
  method: 'get',
  path: '/api/v1/nodes/{name}/history',
  summary: 'Offsets of one node over time',
  request: { params: nodeName, query: nodeHistoryQuerySchema },
  responses: {
    200: json('Columns, oldest first.', nodeHistorySchema),
    404: problem('There is no such node.'),
  },
});

const changes = createRoute({
  method: 'get',
  path: '/api/v1/changes',
  summary: 'What became different',
  request: {
    query: z.object({
      since: z.iso
        .datetime({ offset: true })
        .optional()
        .meta({ description: 'UTC; an hour ago where it is missing.' }),
    }),
  },
  responses: { 200: json('Oldest first.', z.object({ changes: z.array(changeSchema) })) },
});

const topology = createRoute({
  method: 'get',
  path: '/api/v1/topology',
  summary: 'Who follows whom',
  responses: { 200: json('Members and the edges between them.', topologySchema) },
});

const stream = createRoute({
  method: 'get',
  path: '/api/v1/stream',
  summary: 'What becomes different, as it happens',
  responses: {
    200: {
      description:
        'Server-sent events: hello, cluster, rows, change, status, beat. A beat comes every 1.5 s; after a reconnect ask for the whole again.',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    503: problem('Too many consoles are connected.'),
  },
});

export function registerCluster(app: OpenAPIHono, parts: AppParts): void {
  const { loop, store } = parts;
  const known = (name: string): string => {
    if (loop.node(name) === null) throw new OperatorError('not-found', { where: name });
    return name;
  };
  app.openapi(cluster, (context) => context.json(clusterPage(loop, parts.status()), 200));
  app.openapi(node, async (context) => {
    const name = known(context.req.valid('param').name);
    // A history that cannot be read takes the projection away, not the node.
    const projection = await projectionOf(loop, store, name).catch(() => null);
    const page = nodePage(loop, name, projection);
    if (page === null) throw new OperatorError('not-found', { where: name });
    return context.json(page, 200);
  });
  app.openapi(history, async (context) => {
    const name = known(context.req.valid('param').name);
    const query = context.req.valid('query');
    const to = query.to ?? loop.nowSeconds();
    const from = query.from ?? to - 3_600;
    const { status, ...columns } = await store.history(name, from, to, query.points);
    const steps = loop.stepsOf(name).filter((step) => within(Date.parse(step.at) / 1000, from, to));
    return context.json({ node: name, from, to, ...mutable(columns), verdict: [...status], steps }, 200);
  });
  app.openapi(changes, (context) => {
    const since = context.req.valid('query').since;
    const from = since === undefined ? loop.nowSeconds() * 1000 - 3_600_000 : Date.parse(since);
    return context.json({ changes: [...loop.changesSince(new Date(from).toISOString())] }, 200);
  });
  app.openapi(topology, (context) => context.json(topologyOf(loop), 200));
  app.openAPIRegistry.registerPath(stream);
  app.get('/api/v1/stream', (context) => {
    context.header('content-type', 'text/event-stream');
    context.header('cache-control', 'no-store');
    // nginx buffers unless told otherwise.
    context.header('x-accel-buffering', 'no');
    const { outgoing } = context.env as HttpBindings;
    const hello = { event: 'hello', data: { version: parts.version } } as const;
    const body = parts.stream.open(hello, {
      drop: () => outgoing.destroy(),
      mayRead: () => parts.guard.state(context).authenticated,
    });
    return context.body(body);
  });
}

function within(at: number, from: number, to: number): boolean {
  return from <= at && at <= to;
}

/** The columns as the contract's mutable arrays, without copying them. */
function mutable<T extends object>(columns: T): { -readonly [K in keyof T]: Mutable<T[K]> } {
  return columns as { -readonly [K in keyof T]: Mutable<T[K]> };
}
type Mutable<T> = T extends readonly (infer U)[] ? U[] : T;
