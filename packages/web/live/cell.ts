import { initialState, type LiveState } from './model.ts';

/** Holds the one state, and tells who listens when it is another. */
export interface StateCell {
  state(): LiveState;
  set(next: LiveState): void;
  /** A state that nobody needs to be told of: the page looks at it when it looks. */
  setQuietly(next: LiveState): void;
  subscribe(listener: () => void): () => void;
}

export function createCell(): StateCell {
  let state = initialState;
  const listeners = new Set<() => void>();
  return {
    state: () => state,
    set(next) {
      if (next === state) return;
      state = next;
      for (const listener of listeners) listener();
    },
    setQuietly(next) {
      state = next;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
