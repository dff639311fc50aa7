import { useCallback, useEffect, useRef, useState } from 'react';
import { useLocation, useNavigationType, useSearchParams } from 'react-router';
import { type NodesView, parseView, viewParams } from './view.ts';

/** Marks history entries that the list itself made. */
interface OwnState {
  readonly ownView?: boolean;
}

/**
 * The view as it is now, at once: a navigation takes a moment, and whoever types or clicks again before it has arrived
 * must not build on the view before. The URL follows; Back, forward and links lead.
 */
export function useView(): [NodesView, (change: Partial<NodesView>) => void] {
  const [params, setParams] = useSearchParams();
  const { state } = useLocation();
  const navigation = useNavigationType();
  const [view, setView] = useState(() => parseView(params));
  const latest = useRef(view);
  const adopt = useCallback((next: NodesView): void => {
    latest.current = next;
    setView(next);
  }, []);
  const own = (state as OwnState | null)?.ownView === true && navigation !== 'POP';
  useEffect(() => {
    if (!own) adopt(parseView(params));
  }, [own, params, adopt]);
  const change = (part: Partial<NodesView>): void => {
    adopt({ ...latest.current, ...part });
    setParams(viewParams(latest.current), {
      replace: part.text !== undefined,
      preventScrollReset: true,
      state: { ownView: true },
    });
  };
  return [view, change];
}
