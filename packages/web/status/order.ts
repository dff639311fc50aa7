import { type DisplayStatus, displayStatuses } from '@clockwarden/core/assess';

/** Worst first, as the tiles, the filters and the sorting have it. */
export const statusOrder = Object.keys(displayStatuses) as readonly DisplayStatus[];

const ranks = new Map(statusOrder.map((status, rank) => [status, rank]));

export function rankOf(status: DisplayStatus): number {
  return ranks.get(status) ?? statusOrder.length;
}
