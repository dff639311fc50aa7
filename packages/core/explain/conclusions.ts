/** The order in which an expert would look. */
import {
  badOscillator,
  chronySynchronized,
  chronyUnavailable,
  followsSource,
  freeRunning,
  neverSynchronized,
  slowSlew,
} from './conclusions-chrony.ts';
import {
  deadButSelected,
  falsetickers,
  noMajority,
  noSources,
  poorPath,
  rejectedSamples,
  silentSources,
  sourcesOffline,
  tooFewSources,
  unresolvedNames,
} from './conclusions-chrony-sources.ts';
import {
  kernelForgotten,
  kernelUnsynchronized,
  machineSynchronized,
  machineUnsynchronized,
  ntpdateResult,
  ntpdFalsetickers,
  ntpdFollows,
  ntpdFollowsNobody,
  rtcInLocalTime,
  rtcsyncMissing,
  timesyncFine,
  timesyncRefuses,
  timesyncSilent,
} from './conclusions-others.ts';
import type { PastedFacts } from './facts.ts';
import type { Rule } from './rule.ts';
import type { Conclusion } from './structure.ts';

const rules: readonly Rule[] = [
  chronyUnavailable,
  neverSynchronized,
  machineUnsynchronized,
  timesyncSilent,
  ntpdFollowsNobody,
  kernelUnsynchronized,
  noSources,
  silentSources,
  unresolvedNames,
  sourcesOffline,
  noMajority,
  timesyncRefuses,
  deadButSelected,
  falsetickers,
  ntpdFalsetickers,
  rejectedSamples,
  slowSlew,
  rtcsyncMissing,
  kernelForgotten,
  freeRunning,
  badOscillator,
  poorPath,
  rtcInLocalTime,
  chronySynchronized,
  followsSource,
  machineSynchronized,
  timesyncFine,
  ntpdFollows,
  ntpdateResult,
  tooFewSources,
];

export function conclude(facts: PastedFacts): readonly Conclusion[] {
  return rules.map((rule) => rule(facts)).filter((conclusion) => conclusion !== null);
}
