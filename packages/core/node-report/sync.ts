/** What the node's daemons say of themselves: the sections of chronyc, timedatectl and ntpq. */
import {
  parseActivity,
  parseSourceStats,
  parseSources,
  parseTracking,
  syncStateOf,
} from '../chrony/index.ts';
import { parsePeers, syncStateOfPeers } from '../ntpq/index.ts';
import type { ChronySource, ChronyState, NodeFacts, SyncState } from '../observe/index.ts';
import {
  parseTimedatectl,
  parseTimesync,
  syncStateOfTimesync,
  type TimesyncReport,
} from '../timesyncd/index.ts';
import { syncStateOfNtpd } from './ntpd.ts';
import { outputOf, type Report } from './report.ts';

type SyncFacts = Pick<NodeFacts, 'sync' | 'chrony' | 'timesync' | 'timedatectl'>;

/** chronyd's word goes before timesyncd's, and that before ntpd's: two at once are a fault that `daemons` shows. */
export function syncFacts(report: Report): SyncFacts {
  const chrony = chronyOf(report);
  const timesync = timesyncOf(report);
  const timedatectl = outputOf(report, 'timedatectl');
  return {
    sync:
      (chrony?.tracking && syncStateOf(chrony.tracking)) ??
      (timesync && syncStateOfTimesync(timesync)) ??
      ntpdOf(report),
    chrony,
    timesync,
    timedatectl: timedatectl === null ? null : parseTimedatectl(timedatectl),
  };
}

/** Parses a section's output; null without it. */
function read<T>(report: Report, name: string, parse: (output: string) => T | null): T | null {
  const output = outputOf(report, name);
  return output === null ? null : parse(output);
}

function chronyOf(report: Report): ChronyState | null {
  const tracking = read(report, 'chronyc -c -n tracking', parseTracking);
  if (tracking === null) return null;
  const sources = namedSources(
    read(report, 'chronyc -c -n sources', sourcesOf),
    read(report, 'chronyc -c -N sources', sourcesOf),
  );
  const nameOf = (address: string): string =>
    sources?.find((source) => source.address === address)?.name ?? address;
  return {
    tracking: { ...tracking, refName: tracking.refName === null ? null : nameOf(tracking.refName) },
    sources,
    sourceStats:
      read(report, 'chronyc -c -n sourcestats', (output) =>
        output.trim() === '' ? [] : parseSourceStats(output),
      )?.map((stats) => ({ ...stats, name: nameOf(stats.address) })) ?? null,
    activity: read(report, 'chronyc -c activity', parseActivity),
  };
}

/** With -c a chronyd without sources prints nothing at all. */
function sourcesOf(output: string): readonly ChronySource[] | null {
  return output.trim() === '' ? [] : parseSources(output);
}

/** Names (-N, chrony ≥ 4.0) for addresses (-n): two lists in the same order, unless a source came or went in between. */
function namedSources(
  byAddress: readonly ChronySource[] | null,
  byName: readonly ChronySource[] | null,
): readonly ChronySource[] | null {
  if (byAddress === null || byName === null) return byAddress;
  const same =
    byAddress.length === byName.length &&
    byAddress.every(({ mode, poll }, index) => byName[index]?.mode === mode && byName[index]?.poll === poll);
  return same
    ? byAddress.map((source, index) => ({ ...source, name: byName[index]?.name ?? source.name }))
    : byAddress;
}

/** `timesync-status` has the offset and the delay, `show-timesync` exact root values: each fills in what the other lacks. */
function timesyncOf(report: Report): TimesyncReport | null {
  const status = read(report, 'timedatectl timesync-status', parseTimesync);
  const shown = read(report, 'timedatectl show-timesync', parseTimesync);
  if (status === null || shown === null) return status ?? shown;
  const known = Object.entries(status).filter(([, value]) => value !== null);
  return { ...shown, ...Object.fromEntries(known), server: shown.server, serverAddress: shown.serverAddress };
}

function ntpdOf(report: Report): SyncState | null {
  const peers = read(report, 'ntpq -pn', parsePeers);
  const fromPeers = peers === null ? null : syncStateOfPeers(peers, null);
  const told = read(report, 'ntpq -n -c rv 0', (output) =>
    syncStateOfNtpd(output, fromPeers?.source ?? null),
  );
  return told ?? fromPeers;
}
