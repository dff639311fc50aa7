import type { Change, ClusterHeader, ClusterPage, ServerStatus, StreamEvent } from '@clockwarden/api/console';
import { ApiError, getChanges, getCluster, getSession } from './api.ts';
import { applyChanges, applyPage, applyRows } from './apply.ts';
import { initialState, type LiveState, type LoadProblem } from './model.ts';

/** A server beats every second or two; without any word for so long the connection counts as lost (shown within 3 s). */
const SILENCE_MS = 2_700;
/** A broken stream that is back by then was a hiccup, not worth a word. */
const HICCUP_MS = 1_200;
const WATCH_MS = 200;
const SETTLE_MS = 50;
const SETTLE_LARGE_MS = 500;
const RETRY_MS = [500, 1_000, 2_000, 5_000] as const;

export interface LiveStore {
  subscribe(listener: () => void): () => void;
  state(): LiveState;
  /** Opens the stream; the returned function closes it. */
  open(): () => void;
}

type RowsDelta = Extract<StreamEvent, { event: 'rows' }>['data'];

export function createLiveStore(): LiveStore {
  let state = initialState;
  const listeners = new Set<() => void>();
  const set = (next: LiveState): void => {
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener();
  };

  const open = (): (() => void) => {
    let source: EventSource | null = null;
    let retries = 0;
    let retryTimer = 0;
    let closed = false;
    let brokenAt: number | null = null;
    let flushTimer = 0;
    const pending: { readonly delta: RowsDelta; readonly at: number }[] = [];
    /** Deltas that come while the whole is on its way are applied after it. */
    let waiting: RowsDelta[] | null = null;

    const heard = (): void => {
      brokenAt = null;
      if (state.connection === 'live') state = { ...state, heardAt: performance.now() };
      else set({ ...state, connection: 'live', heardAt: performance.now() });
    };

    const loadWhole = async (): Promise<void> => {
      waiting = [];
      pending.length = 0;
      try {
        const page: ClusterPage = await getCluster();
        if (closed) return;
        const now = performance.now();
        const deltas = waiting ?? [];
        waiting = null;
        set(deltas.reduce((next, delta) => applyRows(next, delta, now), applyPage(state, page, now)));
        void loadChanges();
      } catch (error) {
        waiting = null;
        if (closed) return;
        set({ ...state, problem: problemOf(error) });
        again();
      }
    };

    /** A large cluster's round arrives in many parts; the page is drawn anew for some of them at a time. */
    const later = (delta: RowsDelta): void => {
      pending.push({ delta, at: performance.now() });
      if (flushTimer !== 0) return;
      flushTimer = window.setTimeout(flush, state.rows.length > 1_000 ? SETTLE_LARGE_MS : SETTLE_MS);
    };

    const flush = (): void => {
      flushTimer = 0;
      const parts = pending.splice(0);
      set(parts.reduce((next, { delta, at }) => applyRows(next, delta, at), state));
    };

    const loadChanges = async (): Promise<void> => {
      try {
        const { changes } = await getChanges();
        // A server that was started anew counts its changes from one again.
        if (!closed) set(applyChanges({ ...state, changes: [] }, changes));
      } catch {
        // The list stays as it is; the stream brings what is new, and the next reconnect asks again.
      }
    };

    const again = (): void => {
      source?.close();
      source = null;
      window.clearTimeout(retryTimer);
      const pause = RETRY_MS[Math.min(retries, RETRY_MS.length - 1)] ?? 5_000;
      retries += 1;
      retryTimer = window.setTimeout(connect, pause);
    };

    const connect = (): void => {
      if (closed) return;
      const stream = new EventSource('/api/v1/stream');
      source = stream;
      const on = <T>(event: StreamEvent['event'], act: (data: T) => void): void =>
        stream.addEventListener(event, (message: MessageEvent<string>) => {
          heard();
          act(JSON.parse(message.data) as T);
        });
      on('hello', () => {
        retries = 0;
        void loadWhole();
      });
      on<ClusterHeader>('cluster', (cluster) =>
        set({ ...state, cluster, clusterReceivedAt: performance.now() }),
      );
      on<RowsDelta>('rows', (delta) => {
        if (waiting !== null) waiting.push(delta);
        else later(delta);
      });
      on<Change>('change', (change) => set(applyChanges(state, [change])));
      on<ServerStatus>('status', (status) => set({ ...state, status }));
      on('beat', () => {});
      stream.onerror = () => {
        if (source !== stream) return;
        brokenAt ??= performance.now();
        void askWhy();
        again();
      };
    };

    /** A stream that fails tells no status: ask, so that a login is offered where that is what it wants. */
    const askWhy = async (): Promise<void> => {
      try {
        const session = await getSession();
        if (closed) return;
        if (session.required && !session.authenticated) set({ ...state, problem: 'unauthenticated' });
        else if (state.cluster === null) set({ ...state, problem: 'failed' });
      } catch (error) {
        if (!closed && state.cluster === null) set({ ...state, problem: problemOf(error) });
      }
    };

    const watch = window.setInterval(() => {
      if (state.connection !== 'live') return;
      const now = performance.now();
      const silent = state.heardAt !== null && now - state.heardAt > SILENCE_MS;
      const broken = brokenAt !== null && now - brokenAt > HICCUP_MS;
      if (!silent && !broken) return;
      set({ ...state, connection: 'lost' });
      if (!broken) again();
    }, WATCH_MS);

    connect();
    return () => {
      closed = true;
      source?.close();
      window.clearTimeout(retryTimer);
      window.clearInterval(watch);
      window.clearTimeout(flushTimer);
    };
  };

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    state: () => state,
    open,
  };
}

function problemOf(error: unknown): LoadProblem {
  if (!(error instanceof ApiError)) return 'failed';
  if (error.status === 401) return 'unauthenticated';
  return error.status === 0 ? 'unreachable' : 'failed';
}
