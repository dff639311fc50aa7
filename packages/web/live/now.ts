/** One ticker for everything that grows older on the page. */
import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let now = performance.now();
let timer = 0;

function tick(): void {
  now = performance.now();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    now = performance.now();
    timer = window.setInterval(tick, 1_000);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.clearInterval(timer);
  };
}

/** performance.now(), renewed every second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}
