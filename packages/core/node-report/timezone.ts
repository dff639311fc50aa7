import type { TimezoneState } from '../observe/index.ts';

export interface TimezoneEvidence {
  /** Where /etc/localtime points; null when it is no link. */
  readonly link: string | null;
  /** Whether /etc/localtime, followed, is there; null where it could not be tested. */
  readonly exists: boolean | null;
  /** First line of /etc/timezone; null when there is none. */
  readonly timezoneFile: string | null;
  /** What `date +%z` said, as `+0800`. */
  readonly dateOffset: string | null;
}

/** Names by which tzdata calls the same UTC. */
const utcNames: ReadonlySet<string> = new Set(
  ['UTC', 'UCT', 'Universal', 'Zulu'].flatMap((name) => [name, `Etc/${name}`]),
);

export function timezoneOf(evidence: TimezoneEvidence): TimezoneState {
  const localtime = localtimeOf(evidence);
  // Without the file, and with a link to nowhere, the C library falls back to UTC (tzset(3)).
  const isUtc = localtime === 'absent' || localtime === 'broken';
  const name = isUtc ? 'UTC' : zoneOfLink(evidence.link);
  const wanted = evidence.timezoneFile === null ? null : zoneName(evidence.timezoneFile);
  return {
    name,
    utcOffsetSeconds: parseUtcOffset(evidence.dateOffset) ?? (isUtc ? 0 : null),
    localtime,
    conflictingName: wanted === null || sameZone(wanted, name) ? null : wanted,
  };
}

function localtimeOf({ link, exists }: TimezoneEvidence): TimezoneState['localtime'] {
  if (link !== null) return exists === false ? 'broken' : 'link';
  if (exists === null) return null;
  return exists ? 'copy' : 'absent';
}

/** `../usr/share/zoneinfo/posix/Asia/Shanghai` → `Asia/Shanghai`. */
function zoneOfLink(link: string | null): string | null {
  const path = /\/zoneinfo(?:-uclibc)?\/(?:posix\/|right\/)?(.+)$/.exec(link ?? '')?.[1];
  return path === undefined ? null : zoneName(path);
}

/** A name as tzdata has them; null for anything else that a file may hold. */
function zoneName(value: string): string | null {
  const name = value.trim();
  return /^[A-Z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+){0,3}$/.test(name) ? name : null;
}

function sameZone(a: string, b: string | null): boolean {
  return a === b || (b !== null && utcNames.has(a) && utcNames.has(b));
}

/** `+0530` → 19800; null for anything else. */
function parseUtcOffset(value: string | null): number | null {
  const parts = /^([+-])(\d\d)([0-5]\d)$/.exec(value?.trim() ?? '');
  if (parts === null) return null;
  const seconds = Number(parts[2]) * 3600 + Number(parts[3]) * 60;
  return parts[1] === '-' && seconds !== 0 ? -seconds : seconds;
}
