/** The reach register of an NTP client: the last eight polls, newest in bit 0. */

/** Oldest first: was each answered? */
export function bitsOfReach(reach: number): readonly boolean[] {
  return Array.from({ length: 8 }, (_, place) => ((reach >> (7 - place)) & 1) === 1);
}

/** How many of the last eight were answered. */
export function answeredPolls(reach: number): number {
  return bitsOfReach(reach).filter(Boolean).length;
}
