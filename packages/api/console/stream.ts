/**
 * GET /api/v1/stream: server-sent events, JSON data. After `hello` the client holds what GET /api/v1/cluster gave and
 * applies what follows; after a reconnect it asks for the whole again. A `beat` comes every second or two, so that a
 * lost connection shows within 3 s.
 */
import type { NodeRow } from '../snapshot/index.ts';
import type { Change, ClusterHeader, ServerStatus } from './cluster.ts';

export const streamEventNames = ['hello', 'cluster', 'rows', 'change', 'status', 'beat'] as const;

export type StreamEvent =
  | { readonly event: 'hello'; readonly data: { readonly version: string } }
  | { readonly event: 'cluster'; readonly data: ClusterHeader }
  /** Rows that changed, and the names of nodes that are gone. */
  | {
      readonly event: 'rows';
      readonly data: { readonly rows: readonly NodeRow[]; readonly gone: readonly string[] };
    }
  | { readonly event: 'change'; readonly data: Change }
  | { readonly event: 'status'; readonly data: ServerStatus }
  | { readonly event: 'beat'; readonly data: { readonly at: string } };
