import type { ClusterAssessment, NodeAssessment, Reason } from '@clockwarden/core/assess';
import type { Reading } from '@clockwarden/core/observe';
import type { ClusterPolicy } from '@clockwarden/core/policy';
import { type Estimate, type Instant, type MonotonicInstant, secondsOf } from '@clockwarden/core/time';
import type { NodeSnapshot, Snapshot } from './schema.ts';

/** The assessment as the published contract has it. */
export function snapshotOf(assessment: ClusterAssessment, policy: ClusterPolicy): Snapshot {
  const { median, limits } = { median: assessment.median, limits: policy.limits };
  return {
    schema: 'clockwarden.check/1',
    cluster: assessment.name,
    at: isoOf(assessment.at),
    verdict: assessment.verdict,
    headline: assessment.headline,
    median:
      median === null
        ? null
        : {
            offsetSeconds: median.seconds,
            lowSeconds: median.low,
            highSeconds: median.high,
            nodes: median.nodes,
          },
    controlPlaneSpread: offsetOf(assessment.controlPlaneSpread),
    fromReference: offsetOf(assessment.fromReference),
    limits: {
      medianWarningSeconds: limits.medianWarningSeconds,
      medianCriticalSeconds: limits.medianCriticalSeconds,
      roleSeconds: { ...limits.roleSeconds },
      controlPlaneSpreadSeconds: limits.controlPlaneSpreadSeconds,
    },
    summary: assessment.summary,
    reasons: assessment.reasons.map(reasonOf),
    nodes: assessment.nodes.map(nodeSnapshotOf),
  };
}

export function nodeSnapshotOf(assessed: NodeAssessment): NodeSnapshot {
  const { node, clock, observation } = assessed;
  const { sync, kernel, timezone } = observation.facts;
  const provenance = clock === null ? null : { source: clock.source, ageSeconds: clock.ageSeconds };
  const offset = offsetOf(assessed.offset);
  return {
    name: node.name,
    address: node.address,
    role: assessed.role,
    roles: [...node.roles],
    verdict: assessed.verdict,
    reachable: assessed.reachable,
    reasons: assessed.reasons.map(reasonOf),
    offset: offset === null || provenance === null ? null : { ...offset, ...provenance },
    clock:
      clock === null
        ? null
        : {
            ...offsetOf(clock.value.offset),
            source: clock.source,
            ageSeconds: clock.ageSeconds,
            stampedBy: clock.value.stampedBy,
            delaySeconds: clock.value.delaySeconds,
          },
    sync:
      sync === null
        ? null
        : {
            synchronized: sync.value.synchronized,
            daemon: sync.value.daemon,
            stratum: sync.value.stratum,
            source: sync.value.source,
            refId: sync.value.refId,
            leap: sync.value.leap,
            rootDistanceSeconds: sync.value.rootDistanceSeconds,
            referenceOffset: offsetOf(sync.value.referenceOffset),
          },
    kernel:
      kernel === null
        ? null
        : {
            unsync: kernel.value.unsync,
            offsetSeconds: kernel.value.offsetSeconds,
            maxErrorSeconds: kernel.value.maxErrorSeconds,
            estErrorSeconds: kernel.value.estErrorSeconds,
            frequencyPpm: kernel.value.frequencyPpm,
          },
    timezone: timezone?.value.name ?? null,
    sources: observation.readings.map((reading) => sourceOf(reading, observation.now)),
  };
}

function sourceOf(reading: Reading, now: MonotonicInstant): NodeSnapshot['sources'][number] {
  const { result } = reading;
  return {
    source: reading.source,
    target: reading.target,
    ok: result.ok,
    ageSeconds: Math.max(0, secondsOf(now - reading.at)),
    tookSeconds: reading.tookSeconds,
    failure: result.ok
      ? null
      : { code: result.failure.code, text: result.failure.text, hint: result.failure.hint ?? null },
    offset: result.ok ? offsetOf(result.facts.clock?.offset ?? null) : null,
  };
}

function reasonOf(reason: Reason): Snapshot['reasons'][number] {
  return { ...reason, evidence: { ...reason.evidence } };
}

function offsetOf(value: Estimate): { seconds: number; lowSeconds: number; highSeconds: number };
function offsetOf(
  value: Estimate | null,
): { seconds: number; lowSeconds: number; highSeconds: number } | null;
function offsetOf(
  value: Estimate | null,
): { seconds: number; lowSeconds: number; highSeconds: number } | null {
  return value === null ? null : { seconds: value.seconds, lowSeconds: value.low, highSeconds: value.high };
}

/** Milliseconds are enough for a person's clock; the numbers above carry the precision. */
export function isoOf(instant: Instant): string {
  return new Date(Number(instant / 1_000_000n)).toISOString();
}
