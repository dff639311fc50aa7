/** `timedatectl timesync-status` and `timedatectl show-timesync` (systemd ≥ 239). */
import type { Leap, SyncState, TimesyncState } from '../observe/index.ts';
import { assignment, labelledValues, parseCount, parseNumber, parseSeconds } from '../output/index.ts';
import type { Estimate } from '../time/index.ts';

/** What the two commands say; each leaves out what the other has. */
export interface TimesyncReport extends TimesyncState {
  /** Root dispersion + root delay / 2, as the server sends them. `timesync-status` prints only this. */
  readonly rootDistanceSeconds: number | null;
  /** timesyncd refuses a server beyond it. */
  readonly rootDistanceMaxSeconds: number | null;
  /** The last packet was not used (a spike, or too large a root distance). */
  readonly ignored: boolean | null;
  readonly frequencyPpm: number | null;
}

export const timesyncStatusLabels = [
  'Server',
  'Poll interval',
  'Leap',
  'Version',
  'Stratum',
  'Reference',
  'Precision',
  'Root distance',
  'Offset',
  'Delay',
  'Jitter',
  'Packet count',
  'Frequency',
] as const;

export function parseTimesync(text: string): TimesyncReport | null {
  return timesyncStatusOf(labelledValues(text)) ?? showTimesyncOf(labelledValues(text, assignment));
}

const leapWords: Readonly<Record<string, Leap>> = {
  normal: 'normal',
  'last minute of the day has 61 seconds': 'insert-second',
  'last minute of the day has 59 seconds': 'delete-second',
  'not synchronized': 'unsynchronized',
};

const leapNumbers: readonly Leap[] = ['normal', 'insert-second', 'delete-second', 'unsynchronized'];

/** `timedatectl timesync-status`, from its labels. */
export function timesyncStatusOf(values: ReadonlyMap<string, string>): TimesyncReport | null {
  if (!values.has('Packet count') && !values.has('Root distance')) return null;
  const value = (label: (typeof timesyncStatusLabels)[number]): string => values.get(label) ?? '';
  const server = /^(\S{1,255})(?: \((\S{1,255})\))?$/.exec(value('Server'));
  const [serverAddress, serverName] = [server?.[1] ?? null, server?.[2] ?? null];
  const known = serverAddress !== null && serverAddress !== 'n/a';
  const distance = /^(\S[^(]{0,60}?) \(max: ([^)]{1,60})\)$/.exec(value('Root distance'));
  const offset = parseSeconds(value('Offset'));
  const packetCount = parseCount(value('Packet count'));
  const leap = value('Leap');
  return {
    server: known ? (serverName ?? serverAddress) : null,
    serverAddress: known ? serverAddress : null,
    stratum: parseCount(value('Stratum')),
    leap: Object.hasOwn(leapWords, leap) ? (leapWords[leap] ?? null) : null,
    rootDelaySeconds: null,
    rootDispersionSeconds: null,
    rootDistanceSeconds: parseSeconds(distance?.[1] ?? ''),
    rootDistanceMaxSeconds: parseSeconds(distance?.[2] ?? ''),
    pollIntervalSeconds: parseSeconds((value('Poll interval').split('(')[0] ?? '').trim()),
    packetCount,
    // systemd shows the server minus the node: positive = the node is behind.
    offsetSeconds: offset === null ? null : 0 - offset,
    delaySeconds: parseSeconds(value('Delay')),
    jitterSeconds: parseSeconds(value('Jitter')),
    ignored: null,
    frequencyPpm: parseNumber(value('Frequency').replace(/ppm$/, '')),
  };
}

/** `timedatectl show-timesync`, from its assignments. It rounds the four timestamps to seconds, so it has no offset. */
export function showTimesyncOf(values: ReadonlyMap<string, string>): TimesyncReport | null {
  if (!values.has('PollIntervalUSec') && !values.has('ServerName') && !values.has('NTPMessage')) return null;
  const message = messageOf(values.get('NTPMessage') ?? '');
  const duration = (name: string): number | null => parseSeconds(message.get(name) ?? '');
  const rootDelaySeconds = duration('RootDelay');
  const rootDispersionSeconds = duration('RootDispersion');
  const server = values.get('ServerName') ?? '';
  const serverAddress = values.get('ServerAddress') ?? '';
  const frequency = parseNumber(values.get('Frequency') ?? '');
  const ignored = message.get('Ignored');
  return {
    server: server === '' ? null : server,
    serverAddress: serverAddress === '' ? null : serverAddress,
    stratum: parseCount(message.get('Stratum') ?? ''),
    leap: leapNumbers[parseCount(message.get('Leap') ?? '') ?? -1] ?? null,
    rootDelaySeconds,
    rootDispersionSeconds,
    rootDistanceSeconds:
      rootDelaySeconds === null || rootDispersionSeconds === null
        ? null
        : rootDispersionSeconds + rootDelaySeconds / 2,
    rootDistanceMaxSeconds: parseSeconds(values.get('RootDistanceMaxUSec') ?? ''),
    pollIntervalSeconds: parseSeconds(values.get('PollIntervalUSec') ?? ''),
    packetCount: parseCount(message.get('PacketCount') ?? '') ?? (message.size === 0 ? 0 : null),
    offsetSeconds: null,
    delaySeconds: null,
    jitterSeconds: duration('Jitter'),
    ignored: ignored === 'yes' ? true : ignored === 'no' ? false : null,
    // The kernel's units of 2^-16 ppm.
    frequencyPpm: frequency === null ? null : frequency / 65_536,
  };
}

/** `{ Leap=0, Version=4, … }` */
function messageOf(value: string): ReadonlyMap<string, string> {
  const inside = /^\{ (.{0,900}) \}$/.exec(value)?.[1] ?? '';
  const parts = new Map<string, string>();
  for (const part of inside.split(', ')) {
    const at = part.indexOf('=');
    if (at > 0) parts.set(part.slice(0, at), part.slice(at + 1));
  }
  return parts;
}

/**
 * What timesyncd's report says of the node. It has synchronised once it has used a packet of a server that is itself
 * synchronised; it steps or slews at once, so the offset of the last packet is corrected by now and is not claimed.
 */
export function syncStateOfTimesync(report: TimesyncReport): SyncState {
  const packets = report.packetCount;
  const used = report.ignored !== true && report.leap !== 'unsynchronized' && report.stratum !== null;
  const synchronized = packets === null ? null : packets > 0 && used;
  const distance = synchronized === true ? report.rootDistanceSeconds : null;
  return {
    synchronized,
    daemon: 'systemd-timesyncd',
    // timesyncd tells the server's own stratum; the node stands one below.
    stratum: synchronized === true && report.stratum !== null ? report.stratum + 1 : null,
    source: report.server ?? report.serverAddress,
    refId: null,
    leap: report.leap,
    rootDelaySeconds: report.rootDelaySeconds,
    rootDispersionSeconds: report.rootDispersionSeconds,
    rootDistanceSeconds:
      distance === null || report.delaySeconds === null ? distance : distance + report.delaySeconds / 2,
    referenceOffset:
      distance === null || report.offsetSeconds === null || report.delaySeconds === null
        ? null
        : remainingOffset(report.offsetSeconds, distance + report.delaySeconds / 2),
  };
}

/** From this on timesyncd steps at once (timesyncd-manager.c, NTP_MAX_ADJUST). */
const STEP_SECONDS = 0.4;

/**
 * What is left of the offset that the last packet had: it is being slewed away, so anything from all of it to nothing.
 * Null where it was stepped away at once: then the number is history.
 */
function remainingOffset(measured: number, boundSeconds: number): Estimate | null {
  if (Math.abs(measured) >= STEP_SECONDS) return null;
  return {
    seconds: measured,
    low: Math.min(0, measured) - boundSeconds,
    high: Math.max(0, measured) + boundSeconds,
  };
}
