import { ApiError, getChanges, getCluster, getSession } from './api.ts';
import { applyChanges, applyPage, applyRows } from './apply.ts';
import { createCell, type StateCell } from './cell.ts';
import { createDeltas, type Deltas } from './deltas.ts';
import { watchLiveness } from './liveness.ts';
import type { LiveState, LoadProblem } from './model.ts';
import { openStream } from './stream.ts';

export interface LiveStore {
  subscribe(listener: () => void): () => void;
  state(): LiveState;
  /** Opens the stream; the returned function closes it. */
  open(): () => void;
}

export function createLiveStore(): LiveStore {
  const cell = createCell();
  return { subscribe: cell.subscribe, state: cell.state, open: () => open(cell) };
}

function open(cell: StateCell): () => void {
  const closing = new AbortController();
  const { signal: closed } = closing;
  const deltas = createDeltas(cell);
  const liveness = watchLiveness(cell, () => stream.again());
  const stream = openStream({
    heard: liveness.heard,
    broke() {
      liveness.broke();
      void askWhy(cell, closed);
    },
    on: {
      hello: () => void loadWhole(cell, deltas, closed, () => stream.again()),
      cluster: (cluster) => cell.set({ ...cell.state(), cluster, clusterReceivedAt: performance.now() }),
      rows: deltas.take,
      change: (change) => cell.set(applyChanges(cell.state(), [change])),
      status: (status) => cell.set({ ...cell.state(), status }),
      beat: () => {},
    },
  });
  return () => {
    closing.abort();
    stream.close();
    liveness.close();
    deltas.close();
  };
}

async function loadWhole(
  cell: StateCell,
  deltas: Deltas,
  closed: AbortSignal,
  onFailure: () => void,
): Promise<void> {
  deltas.hold();
  try {
    const page = await getCluster();
    if (closed.aborted) return;
    const now = performance.now();
    const since = deltas.release();
    cell.set(since.reduce((next, delta) => applyRows(next, delta, now), applyPage(cell.state(), page, now)));
    void loadChanges(cell, closed);
  } catch (error) {
    deltas.release();
    if (closed.aborted) return;
    cell.set({ ...cell.state(), problem: problemOf(error) });
    onFailure();
  }
}

async function loadChanges(cell: StateCell, closed: AbortSignal): Promise<void> {
  try {
    const { changes } = await getChanges();
    // A server that was started anew counts its changes from one again.
    if (!closed.aborted) cell.set(applyChanges({ ...cell.state(), changes: [] }, changes));
  } catch {
    // The list stays as it is; the stream brings what is new, and the next reconnect asks again.
  }
}

/** A stream that fails tells no status: ask, so that a login is offered where that is what it wants. */
async function askWhy(cell: StateCell, closed: AbortSignal): Promise<void> {
  const say = (problem: LoadProblem): void => cell.set({ ...cell.state(), problem });
  try {
    const session = await getSession();
    if (closed.aborted) return;
    if (session.required && !session.authenticated) say('unauthenticated');
    else if (cell.state().cluster === null) say('failed');
  } catch (error) {
    if (!closed.aborted && cell.state().cluster === null) say(problemOf(error));
  }
}

function problemOf(error: unknown): LoadProblem {
  if (!(error instanceof ApiError)) return 'failed';
  if (error.status === 401) return 'unauthenticated';
  return error.status === 0 ? 'unreachable' : 'failed';
}
