/** `ntpq -p` of ntp.org and ntpsec: the peers of an ntpd. Times are milliseconds there. */
import type { SyncState } from '../observe/index.ts';
import { outputLines, parseCount, parseNumber } from '../output/index.ts';

/**
 * The tally mark in front: `*` system peer, `o` the same with PPS, `+` candidate, `#` good but surplus, `-` outlier,
 * `.` excess, `x` falseticker, blank rejected.
 */
export type TallyMark = '*' | 'o' | '+' | '#' | '-' | '.' | 'x' | ' ';

export interface NtpPeer {
  readonly tally: TallyMark;
  readonly remote: string;
  /** Where the peer has its time from: an address, or a code as `GPS`, `INIT`, `STEP`, `LOCL`. */
  readonly refId: string;
  /** 16: not synchronised. */
  readonly stratum: number;
  /** `u` unicast, `b` broadcast, `l` local clock, `s` symmetric, `p` pool, … */
  readonly type: string;
  /** Seconds since the last packet; null: never. */
  readonly lastPacketAgeSeconds: number | null;
  readonly pollSeconds: number;
  /** Last eight polls, newest in bit 0. */
  readonly reach: number;
  readonly delaySeconds: number;
  /** Node minus peer, positive = the node is ahead (ntpq prints the opposite). Null: never reached. */
  readonly offsetSeconds: number | null;
  readonly jitterSeconds: number;
}

export function isPeersHeading(line: string): boolean {
  return /^\s*remote +refid +st +t +when +poll +reach +delay +offset +(jitter|disp)/.test(line);
}

const tallyMarks = '*o+#-.x ';

/** A pasted row may have lost the blank that is the mark of a rejected peer. */
const peerRow =
  /^([*o+#\-.x ]?)(\S{1,64}(?: \(\S{1,40}\))?)\s+(\S{1,40})\s+(\d{1,2})\s+([a-zA-Z-])\s+(-|\d{1,6}[mhdy]?)\s+(\d{1,6}[mhdy]?)\s+([0-7]{1,3})\s+(-?\d\S{0,15})\s+([+-]?\d\S{0,15})\s+(\d\S{0,15})$/;

export function readPeerRow(line: string): NtpPeer | null {
  const match = peerRow.exec(line);
  if (match === null) return null;
  const [, mark = '', remote = '', refId = '', stratum = '', type = '', when = '', poll = '', reach = ''] =
    match;
  const [delay, offset, jitter] = match.slice(9).map(parseNumber);
  const pollSeconds = parseAge(poll);
  const stratumNumber = parseCount(stratum);
  if (delay == null || offset == null || jitter == null || pollSeconds === null || stratumNumber === null)
    return null;
  const register = Number.parseInt(reach, 8) & 0xff;
  const tally = tallyMarks.includes(mark) && mark !== '' ? (mark as TallyMark) : ' ';
  return {
    tally,
    remote,
    refId: refId.replace(/^\.(.*)\.$/, '$1'),
    stratum: stratumNumber,
    type,
    lastPacketAgeSeconds: when === '-' ? (register & 1 ? 0 : null) : parseAge(when),
    pollSeconds,
    reach: register,
    delaySeconds: delay / 1000,
    // Without an answer ntpq prints zeros.
    offsetSeconds: register === 0 && delay === 0 && offset === 0 ? null : 0 - offset / 1000,
    jitterSeconds: jitter / 1000,
  };
}

const secondsPerLetter: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400, y: 31_536_000 };

function parseAge(word: string): number | null {
  const letter = word.at(-1) ?? '';
  const unit = Object.hasOwn(secondsPerLetter, letter) ? secondsPerLetter[letter] : undefined;
  const count = parseCount(unit === undefined ? word : word.slice(0, -1));
  return count === null ? null : count * (unit ?? 1);
}

/** Null when the text is not this report; an empty list when ntpd has no peers (`No association ID's returned`). */
export function parsePeers(text: string): readonly NtpPeer[] | null {
  const lines = outputLines(text);
  const rows = lines.map(readPeerRow).filter((row) => row !== null);
  if (rows.length > 0) return rows;
  return lines.some((line) => isPeersHeading(line) || /^No association ID/.test(line)) ? [] : null;
}

/** What the peers say of the node: it is synchronised when one of them is the system peer. */
export function syncStateOfPeers(peers: readonly NtpPeer[], daemon: 'ntpd' | 'ntpsec' | null): SyncState {
  const system = peers.find(({ tally }) => tally === '*' || tally === 'o') ?? null;
  const followsOthers = system !== null && system.type !== 'l';
  return {
    synchronized: system !== null,
    daemon,
    stratum: system === null ? null : system.stratum + 1,
    source: followsOthers ? system.remote : null,
    refId: null,
    leap: system === null ? 'unsynchronized' : null,
    rootDelaySeconds: null,
    rootDispersionSeconds: null,
    // The peer's own distance from its reference is not in this report, so no bound against the reference follows.
    rootDistanceSeconds: null,
    referenceOffset: null,
  };
}
