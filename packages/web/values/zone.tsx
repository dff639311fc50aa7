/** Times in two zones: the one the viewer chose, and UTC. */
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';

export const zoneChoices = ['browser', 'cluster', 'UTC'] as const;
export type ZoneChoice = (typeof zoneChoices)[number];

const storageKey = 'clockwarden.zone';

interface ZoneState {
  readonly choice: ZoneChoice;
  readonly choose: (choice: ZoneChoice) => void;
  /** IANA name in which times are shown first. */
  readonly zone: string;
}

const ZoneContext = createContext<ZoneState>({ choice: 'UTC', choose: () => {}, zone: 'UTC' });

export function browserZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** @param clusterZone the policy's zone; null where it names none: then the browser's stands in */
export function ZoneProvider({
  clusterZone,
  children,
}: {
  readonly clusterZone: string | null;
  readonly children: ReactNode;
}) {
  const [choice, setChoice] = useState<ZoneChoice>(
    () => zoneChoices.find((one) => one === localStorage.getItem(storageKey)) ?? 'browser',
  );
  const value = useMemo<ZoneState>(
    () => ({
      choice,
      choose: (next) => {
        localStorage.setItem(storageKey, next);
        setChoice(next);
      },
      zone: resolveZone(choice, clusterZone, browserZone()),
    }),
    [choice, clusterZone],
  );
  return <ZoneContext value={value}>{children}</ZoneContext>;
}

function resolveZone(choice: ZoneChoice, clusterZone: string | null, browser: string): string {
  const wanted = choice === 'UTC' ? 'UTC' : choice === 'cluster' ? (clusterZone ?? browser) : browser;
  return isZone(wanted) ? wanted : 'UTC';
}

/** A policy may name a zone that this browser's tables lack. */
function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export function useZone(): ZoneState {
  return useContext(ZoneContext);
}
