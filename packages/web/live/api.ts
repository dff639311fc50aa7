/** The requests of the console. Same origin; the session's cookie travels by itself. */
import type {
  Change,
  ClusterPage,
  NodeHistory,
  NodePage,
  SessionState,
  Topology,
} from '@clockwarden/api/console';
import type { Text } from '@clockwarden/core/text';

/** A reply that is not 2xx, or none at all (`status` 0). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** What the server says about it, in both languages; null when it said nothing readable. */
  readonly words: Text | null;

  constructor(status: number, words: Text | null) {
    super(words?.en ?? `HTTP ${status}`);
    this.status = status;
    this.words = words;
  }
}

/** A server that accepts and then says nothing must not hold a page for ever. */
const TIMEOUT_MS = 15_000;

async function ask<T>(path: string, init: RequestInit = {}): Promise<T> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, { ...init, signal });
  } catch {
    throw new ApiError(0, null);
  }
  if (!response.ok) throw new ApiError(response.status, await wordsOf(response));
  return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
}

async function wordsOf(response: Response): Promise<Text | null> {
  try {
    const body = (await response.json()) as { error?: { text?: unknown } };
    const message = body.error?.text;
    if (typeof message === 'object' && message !== null && 'en' in message && 'zh-CN' in message) {
      return { en: String(message.en), 'zh-CN': String(message['zh-CN']) };
    }
  } catch {
    // Not JSON: a proxy's own page. Its status is all there is to tell.
  }
  return null;
}

export const getCluster = (signal?: AbortSignal): Promise<ClusterPage> =>
  ask('/cluster', signal === undefined ? {} : { signal });

export const getChanges = (): Promise<{ changes: readonly Change[] }> => ask('/changes');

export const getTopology = (): Promise<Topology> => ask('/topology');

export const getNode = (name: string): Promise<NodePage> => ask(`/nodes/${encodeURIComponent(name)}`);

export function getHistory(
  name: string,
  range: { readonly from: number; readonly to: number },
  points: number,
): Promise<NodeHistory> {
  const query = new URLSearchParams({
    from: String(Math.round(range.from)),
    to: String(Math.round(range.to)),
    points: String(points),
  });
  return ask(`/nodes/${encodeURIComponent(name)}/history?${query}`);
}

export const getSession = (): Promise<SessionState> => ask('/session');

export const logIn = (secret: string): Promise<SessionState> =>
  ask('/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ secret }),
  });

export const logOut = (csrfToken: string | null): Promise<void> =>
  ask('/session', { method: 'DELETE', headers: csrfToken === null ? {} : { 'x-csrf-token': csrfToken } });
