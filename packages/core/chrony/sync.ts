import type { ChronyTracking, SyncState } from '../observe/index.ts';
import { estimate } from '../time/index.ts';

/** The reference of a chronyd that serves its own, free-running clock (`local`). */
export const LOCAL_REFERENCE = '7F7F0101';

/** Bound of the clock against its reference: root dispersion + half the root delay. Seconds. */
export function rootDistance(tracking: ChronyTracking): number {
  return tracking.rootDispersionSeconds + tracking.rootDelaySeconds / 2;
}

/** Stratum 0, or leap 3: chronyd says that it follows nobody, not even itself. */
export function isSynchronized(tracking: ChronyTracking): boolean {
  return tracking.stratum > 0 && tracking.stratum < 16 && tracking.leap !== 'unsynchronized';
}

/**
 * What tracking says of the node. The root values of an unsynchronised chronyd (1 s and 1 s) and of the local reference
 * (0 and 0) mean nothing, so they are null, and no offset is claimed from them.
 */
export function syncStateOf(tracking: ChronyTracking): SyncState {
  const synchronized = isSynchronized(tracking);
  const followsOthers = synchronized && tracking.refId !== LOCAL_REFERENCE;
  const distance = rootDistance(tracking);
  return {
    synchronized,
    daemon: 'chronyd',
    stratum: synchronized ? tracking.stratum : null,
    source: followsOthers ? tracking.refName : null,
    refId: synchronized ? tracking.refId : null,
    leap: tracking.leap,
    rootDelaySeconds: followsOthers ? tracking.rootDelaySeconds : null,
    rootDispersionSeconds: followsOthers ? tracking.rootDispersionSeconds : null,
    rootDistanceSeconds: followsOthers ? distance : null,
    referenceOffset: followsOthers ? estimate(tracking.systemOffsetSeconds, distance) : null,
  };
}
