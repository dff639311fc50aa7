import type { NodeObservation } from '../observe/index.ts';

/**
 * Whether the node is synchronized, by the nearest that tells: its daemon, timedatectl, the kernel's STA_UNSYNC. Null:
 * nothing tells.
 */
export function saysSynchronized({ facts }: NodeObservation): boolean | null {
  const { sync, timedatectl, kernel } = facts;
  return (
    sync?.value.synchronized ??
    timedatectl?.value.systemClockSynchronized ??
    (kernel === null ? null : !kernel.value.unsync)
  );
}
