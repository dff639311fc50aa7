import { constants } from 'node:os';
import type { NetworkProblem } from '@clockwarden/core/ntp';

const ICMP_UNREACHABLE = 3;
/** Network, host or communication administratively prohibited (RFC 1812 section 5.2.7.1): Linux calls them EHOSTUNREACH. */
const ICMP_PROHIBITED: readonly number[] = [9, 10, 13];

const { errno: codes } = constants;

/**
 * What an errno means to somebody who asked a server.
 * @param icmp type and code of the ICMP (v4) message behind it, where there was one
 */
export function networkProblemOf(
  errno: number,
  icmp: { readonly type: number; readonly code: number } | null = null,
): NetworkProblem {
  if (icmp?.type === ICMP_UNREACHABLE && ICMP_PROHIBITED.includes(icmp.code)) return 'forbidden';
  switch (errno) {
    case codes.ECONNREFUSED:
      return 'refused';
    case codes.ENETUNREACH:
    case codes.EADDRNOTAVAIL:
    case codes.EAFNOSUPPORT:
      return 'no-route';
    case codes.EHOSTUNREACH:
      return 'host-down';
    case codes.EACCES:
    case codes.EPERM:
      return 'forbidden';
    default:
      return 'other';
  }
}
