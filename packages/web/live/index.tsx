/** Live data for components: one store for the page, read by parts. */
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { LiveRow, LiveState } from './model.ts';
import { createLiveStore, type LiveStore } from './store.ts';

export type { LiveRow, LiveState } from './model.ts';

const LiveContext = createContext<LiveStore | null>(null);

export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const [store] = useState(createLiveStore);
  useEffect(() => store.open(), [store]);
  return <LiveContext value={store}>{children}</LiveContext>;
}

/** A part of the live state. `select` must return something stable: a field, not a new object. */
export function useLive<T>(select: (state: LiveState) => T): T {
  const store = useContext(LiveContext);
  if (store === null) throw new Error('useLive outside LiveProvider');
  return useSyncExternalStore(store.subscribe, () => select(store.state()));
}

export function useLiveRow(name: string): LiveRow | undefined {
  return useLive((state) => {
    const place = state.places.get(name);
    return place === undefined ? undefined : state.rows[place];
  });
}
