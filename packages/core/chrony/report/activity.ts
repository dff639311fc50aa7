/** `chronyc activity` and `chronyc serverstats`, plain and -c. */
import type { ChronyActivity } from '../../observe/index.ts';
import { labelledValues, outputLines, parseCount } from '../../output/index.ts';

const activityLines = [
  ['online', /^(\d{1,10}) sources? online$/],
  ['offline', /^(\d{1,10}) sources? offline$/],
  ['burstOnline', /^(\d{1,10}) sources? doing burst \(return to online\)$/],
  ['burstOffline', /^(\d{1,10}) sources? doing burst \(return to offline\)$/],
  ['unresolved', /^(\d{1,10}) sources? with unknown address$/],
] as const;

export type ActivityPart = (typeof activityLines)[number][0];

/** `3 sources online` → which number it is. */
export function readActivityLine(
  line: string,
): { readonly part: ActivityPart; readonly count: number } | null {
  for (const [part, pattern] of activityLines) {
    const count = pattern.exec(line.trim())?.[1];
    if (count !== undefined) return { part, count: Number(count) };
  }
  return null;
}

/** `3,0,0,0,1` */
export function readActivityCsv(line: string): ChronyActivity | null {
  const counts = line.split(',').map(parseCount);
  const [online = null, offline = null, burstOnline = null, burstOffline = null, unresolved = null] = counts;
  if (counts.length !== 5 || online === null || offline === null) return null;
  if (burstOnline === null || burstOffline === null || unresolved === null) return null;
  return { online, offline, burstOnline, burstOffline, unresolved };
}

export function parseActivity(text: string): ChronyActivity | null {
  const counts = new Map<ActivityPart, number>();
  for (const line of outputLines(text)) {
    const csv = readActivityCsv(line.trim());
    if (csv !== null) return csv;
    const found = readActivityLine(line);
    if (found !== null) counts.set(found.part, found.count);
  }
  return activityOf(counts);
}

export function activityOf(counts: ReadonlyMap<ActivityPart, number>): ChronyActivity | null {
  const count = (part: ActivityPart): number => counts.get(part) ?? 0;
  if (!counts.has('online') || !counts.has('offline')) return null;
  return {
    online: count('online'),
    offline: count('offline'),
    burstOnline: count('burstOnline'),
    burstOffline: count('burstOffline'),
    unresolved: count('unresolved'),
  };
}

/** Counters since chronyd started. Null: this version does not count it. */
export interface ChronyServerStats {
  readonly ntpReceived: number;
  readonly ntpDropped: number;
  readonly commandReceived: number;
  readonly commandDropped: number;
  readonly clientLogDropped: number;
  readonly ntsAccepted: number | null;
  readonly ntsDropped: number | null;
  readonly authenticated: number | null;
  readonly interleaved: number | null;
}

export const serverStatsLabels = [
  'NTP packets received',
  'NTP packets dropped',
  'Command packets received',
  'Command packets dropped',
  'Client log records dropped',
  'NTS-KE connections accepted',
  'NTS-KE connections dropped',
  'Authenticated NTP packets',
  'Interleaved NTP packets',
] as const;

/** 5 numbers in chrony 3, 8 in 4.0, 11 in 4.1, 17 since 4.4. */
const csvLengths = [5, 8, 11, 17];

export function parseServerStats(text: string): ChronyServerStats | null {
  for (const line of outputLines(text)) {
    const stats = readServerStatsCsv(line.trim());
    if (stats !== null) return stats;
  }
  return serverStatsOf(labelledValues(text));
}

export function readServerStatsCsv(line: string): ChronyServerStats | null {
  const counts = line.split(',').map(parseCount);
  return csvLengths.includes(counts.length) && !counts.includes(null) ? serverStats(counts) : null;
}

export function serverStatsOf(values: ReadonlyMap<string, string>): ChronyServerStats | null {
  return serverStats(serverStatsLabels.map((label) => parseCount(values.get(label) ?? '')));
}

function serverStats(counts: readonly (number | null)[]): ChronyServerStats | null {
  const [ntpReceived, ntpDropped, commandReceived, commandDropped, clientLogDropped, ...later] = counts;
  if (ntpReceived == null || ntpDropped == null || commandReceived == null) return null;
  if (commandDropped == null || clientLogDropped == null) return null;
  return {
    ntpReceived,
    ntpDropped,
    commandReceived,
    commandDropped,
    clientLogDropped,
    ntsAccepted: later[0] ?? null,
    ntsDropped: later[1] ?? null,
    authenticated: later[2] ?? null,
    interleaved: later[3] ?? null,
  };
}
