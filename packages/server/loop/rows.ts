/** Nodes as a list needs them, and which of them differ from what the consoles hold already. */
import type { NodeRow } from '@clockwarden/api/snapshot';
import type { NodeAssessment } from '@clockwarden/core/assess';
import type { Estimate } from '@clockwarden/core/time';

export function rowOf(assessed: NodeAssessment, since: string | null): NodeRow {
  const { node, clock, observation } = assessed;
  const { sync, kernel, timezone } = observation.facts;
  const worst = assessed.reasons.find((reason) => reason.severity === assessed.verdict);
  return {
    name: node.name,
    address: node.address,
    role: assessed.role,
    verdict: assessed.verdict,
    reachable: assessed.reachable,
    timezone: timezone?.value.name ?? null,
    offset: assessed.offset === null ? null : offsetOf(assessed.offset),
    clock: clock === null ? null : { ...offsetOf(clock.value.offset), source: clock.source },
    ageSeconds: (clock ?? sync ?? kernel)?.ageSeconds ?? null,
    synchronized: sync?.value.synchronized ?? null,
    daemon: sync?.value.daemon ?? runningDaemon(assessed),
    stratum: sync?.value.stratum ?? null,
    follows: sync?.value.source ?? null,
    unsync: kernel?.value.unsync ?? null,
    worst: worst === undefined ? null : { code: worst.code, text: worst.text },
    since,
  };
}

function runningDaemon({ observation }: NodeAssessment): string | null {
  return observation.facts.daemons?.value.find((daemon) => daemon.running)?.kind ?? null;
}

function offsetOf(value: Estimate): { seconds: number; lowSeconds: number; highSeconds: number } {
  return { seconds: value.seconds, lowSeconds: value.low, highSeconds: value.high };
}

/**
 * Equal as long as nothing is different that a screen should show at once. Numbers that move with every reading are
 * left out: the loop sends a row whenever its node's clock was read again.
 */
export function signatureOf(row: NodeRow): string {
  return [
    row.verdict,
    row.reachable,
    row.worst?.code,
    row.timezone,
    row.synchronized,
    row.daemon,
    row.stratum,
    row.follows,
    row.unsync,
    row.offset === null,
    row.clock === null,
    row.address,
    row.role,
    row.since,
  ].join('\u0001');
}
