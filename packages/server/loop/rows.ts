/** Nodes as a list needs them, and which of them differ from what the consoles hold already. */
import type { NodeRow } from '@clockwarden/api/snapshot';
import { type NodeAssessment, type Reason, saysSynchronized } from '@clockwarden/core/assess';
import { type Estimate, type MonotonicInstant, secondsOf } from '@clockwarden/core/time';

/** @param now when the cluster was judged: what is known of the node may be from an earlier judgement */
export function rowOf(assessed: NodeAssessment, since: string | null, now: MonotonicInstant): NodeRow {
  const { node, clock, observation } = assessed;
  const { sync, kernel, timezone } = observation.facts;
  const worst = worstOf(assessed);
  return {
    name: node.name,
    address: node.address,
    role: assessed.role,
    verdict: assessed.verdict,
    reachable: assessed.reachable,
    timezone: timezone?.value.name ?? null,
    offset: assessed.offset === null ? null : offsetOf(assessed.offset),
    clock: clock === null ? null : { ...offsetOf(clock.value.offset), source: clock.source },
    ageSeconds: readingAge(assessed, now),
    synchronized: saysSynchronized(observation),
    daemon: daemonOf(assessed),
    stratum: sync?.value.stratum ?? null,
    follows: sync?.value.source ?? null,
    unsync: kernel?.value.unsync ?? null,
    worst: worst === undefined ? null : { code: worst.code, text: worst.text },
    since,
  };
}

/** Age in seconds of what the node's clock, or else its state, is known from; null: nothing is. */
export function readingAge({ clock, observation }: NodeAssessment, now: MonotonicInstant): number | null {
  const { sync, kernel } = observation.facts;
  const fact = clock ?? sync ?? kernel;
  return fact === null ? null : fact.ageSeconds + secondsOf(now - observation.now);
}

/**
 * Whether something is different that a screen should show at once. Numbers that move with every reading are left out:
 * the loop sends a row whenever its node's clock was read again. Called for every node at every judgement, so it makes
 * no garbage.
 */
export function differs(before: NodeAssessment, after: NodeAssessment): boolean {
  const [was, now] = [before.observation.facts, after.observation.facts];
  return (
    before.verdict !== after.verdict ||
    before.reachable !== after.reachable ||
    worstOf(before)?.code !== worstOf(after)?.code ||
    (before.offset === null) !== (after.offset === null) ||
    (before.clock === null) !== (after.clock === null) ||
    was.timezone?.value.name !== now.timezone?.value.name ||
    was.kernel?.value.unsync !== now.kernel?.value.unsync ||
    saysSynchronized(before.observation) !== saysSynchronized(after.observation) ||
    was.sync?.value.stratum !== now.sync?.value.stratum ||
    was.sync?.value.source !== now.sync?.value.source ||
    daemonOf(before) !== daemonOf(after) ||
    before.role !== after.role ||
    before.node.address !== after.node.address
  );
}

function worstOf({ reasons, verdict }: NodeAssessment): Reason | undefined {
  return reasons.find((reason) => reason.severity === verdict);
}

function daemonOf({ observation }: NodeAssessment): string | null {
  const { sync, daemons } = observation.facts;
  return sync?.value.daemon ?? daemons?.value.find((daemon) => daemon.running)?.kind ?? null;
}

function offsetOf(value: Estimate): { seconds: number; lowSeconds: number; highSeconds: number } {
  return { seconds: value.seconds, lowSeconds: value.low, highSeconds: value.high };
}
