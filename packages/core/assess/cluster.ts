import { intendedSources } from '../configure/index.ts';
import { type NodeRole, type NodeSpec, primaryRole } from '../inventory/index.ts';
import type { ClockMeasurement, NodeObservation, Sourced } from '../observe/index.ts';
import type { ClusterPolicy } from '../policy/index.ts';
import type { Text } from '../text/index.ts';
import { aged, difference, type Estimate, type Instant, secondsOf } from '../time/index.ts';
import { judgeCluster } from './cluster-rules.ts';
import { compareWithLimit } from './compare.ts';
import { headlineOf } from './headline.ts';
import { medianEstimate, NODES_FOR_A_MEDIAN } from './median.ts';
import { isReachable, judgeNode, type NodeContext } from './node.ts';
import type { Reason } from './reason.ts';
import { type Verdict, verdicts, worseOf } from './verdict.ts';

export interface NodeAssessment {
  readonly node: NodeSpec;
  readonly role: NodeRole;
  readonly verdict: Verdict;
  /** Some source has something fresh to say. False with verdict `undetermined` is shown as "unreachable". */
  readonly reachable: boolean;
  readonly reasons: readonly Reason[];
  /** Against the cluster median; null where the clock or the median is unknown. Positive = ahead. */
  readonly offset: Estimate | null;
  readonly clock: Sourced<ClockMeasurement> | null;
  readonly observation: NodeObservation;
}

/** Nodes by verdict; `unreachable` are those among `undetermined` that nothing reaches. */
export interface VerdictSummary {
  readonly ok: number;
  readonly warning: number;
  readonly critical: number;
  readonly undetermined: number;
  readonly unreachable: number;
}

export interface ClusterAssessment {
  readonly name: string;
  /** Time-base instant of the assessment. */
  readonly at: Instant;
  /** The worst of the nodes' verdicts and the cluster's own reasons. */
  readonly verdict: Verdict;
  /** One sentence: is the cluster one in time, and if not, who and why. */
  readonly headline: Text;
  /** Median of the nodes' clocks against the collector's time base; null below three nodes with a clock. */
  readonly median: (Estimate & { readonly nodes: number }) | null;
  /** Largest distance between two control-plane clocks; null below two. */
  readonly controlPlaneSpread: Estimate | null;
  /** Median of all known clocks, however few, minus the named reference; null without a reference or a clock. */
  readonly fromReference: Estimate | null;
  readonly reasons: readonly Reason[];
  readonly summary: VerdictSummary;
  readonly nodes: readonly NodeAssessment[];
}

/**
 * @param observations one for each node of the policy
 * @param at time-base instant at which the newest of them were made; the bounds of older ones are aged to it
 * @param reference the named reference against the collector's time base, where one was measured
 */
export function assessCluster(
  policy: ClusterPolicy,
  observations: readonly NodeObservation[],
  at: Instant,
  reference: Estimate | null = null,
): ClusterAssessment {
  return new ClusterJudge(policy).assess(observations, at, reference);
}

/**
 * Judges one cluster again and again. A node is judged anew when it was observed anew, or when what it is held against
 * moved so far that a rule may see it otherwise; until then its last assessment stays, with the numbers of that moment.
 * Median, summary and headline are always those of now.
 */
export class ClusterJudge {
  readonly #policy: ClusterPolicy;
  readonly #intended: ReadonlyMap<string, readonly string[]>;
  #before: readonly NodeAssessment[] = [];
  #commonTimezone: string | null = null;

  constructor(policy: ClusterPolicy) {
    this.#policy = policy;
    this.#intended = intendedSources(policy);
  }

  /** As {@link assessCluster}; what is known of a node since the last call is the same object as then. */
  assess(
    observations: readonly NodeObservation[],
    at: Instant,
    reference: Estimate | null = null,
  ): ClusterAssessment {
    const policy = this.#policy;
    const clocks = clocksNow(observations);
    const known = clocks.filter((clock) => clock !== null);
    const centre = known.length >= NODES_FOR_A_MEDIAN ? medianEstimate(known) : null;
    const nodes = this.#judgeNodes(observations, clocks, centre);
    const median = centre === null ? null : { ...centre, nodes: known.length };
    const shared = { policy, nodes, clocks, median, reference };
    const { reasons, controlPlaneSpread, fromReference } = judgeCluster(shared);
    const summary = summarize(nodes);
    return {
      name: policy.name,
      at,
      verdict: reasons.map(severityAsVerdict).reduce(worseOf, worstIn(summary)),
      headline: headlineOf({ ...shared, summary, reasons }),
      median,
      controlPlaneSpread,
      fromReference,
      reasons,
      summary,
      nodes,
    };
  }

  #judgeNodes(
    observations: readonly NodeObservation[],
    clocks: readonly (Estimate | null)[],
    centre: Estimate | null,
  ): readonly NodeAssessment[] {
    const policy = this.#policy;
    const commonTimezone = majority(observations);
    const mayStay = centre !== null && commonTimezone === this.#commonTimezone;
    const nodes = observations.map((observation, index) => {
      const offset = offsetFrom(centre, clocks[index] ?? null);
      const before = this.#before[index];
      if (mayStay && before?.observation === observation && seesNoChange(before, offset, policy))
        return before;
      const compared =
        centre === null
          ? comparedWithOther(index, clocks)
          : ({ offset, comparedWith: offset === null ? 'nothing' : 'median' } as const);
      const intended = this.#intended.get(observation.node.name) ?? [];
      return assessNode(observation, { policy, commonTimezone, intended, ...compared }, offset);
    });
    this.#before = nodes;
    this.#commonTimezone = commonTimezone;
    return nodes;
  }
}

/** The nodes' clocks at the moment of the newest observation: the bounds of older ones have grown since. */
function clocksNow(observations: readonly NodeObservation[]): readonly (Estimate | null)[] {
  let newest = observations[0]?.now ?? 0n;
  for (const { now } of observations) if (now > newest) newest = now;
  return observations.map(({ facts, now }) => {
    if (facts.clock === null) return null;
    const { offset } = facts.clock.value;
    return now === newest ? offset : aged(offset, secondsOf(newest - now));
  });
}

function offsetFrom(centre: Estimate | null, clock: Estimate | null): Estimate | null {
  return clock === null || centre === null ? null : difference(clock, centre);
}

/** Whether the rules say of this offset what they said of the one before, but for its numbers. */
function seesNoChange(
  { offset: before, role }: NodeAssessment,
  offset: Estimate | null,
  { limits }: ClusterPolicy,
): boolean {
  if (before === null || offset === null) return before === offset;
  const sameSide = (limitSeconds: number): boolean =>
    compareWithLimit(before, limitSeconds) === compareWithLimit(offset, limitSeconds);
  return (
    sameSide(limits.roleSeconds[role]) &&
    sameSide(limits.medianWarningSeconds) &&
    sameSide(limits.medianCriticalSeconds)
  );
}

function assessNode(
  observation: NodeObservation,
  context: NodeContext,
  offset: Estimate | null,
): NodeAssessment {
  const reasons = judgeNode(observation, context);
  return {
    node: observation.node,
    role: primaryRole(observation.node.roles),
    verdict: reasons.map(severityAsVerdict).reduce(worseOf, 'ok'),
    reachable: isReachable(observation),
    reasons,
    offset,
    clock: observation.facts.clock,
    observation,
  };
}

/** Without a median: the only other clock, or nothing. */
function comparedWithOther(
  index: number,
  clocks: readonly (Estimate | null)[],
): Pick<NodeContext, 'offset' | 'comparedWith'> {
  const own = clocks[index] ?? null;
  const other = own === null ? null : (clocks.find((clock, at) => at !== index && clock !== null) ?? null);
  if (own === null || other === null) return { offset: null, comparedWith: 'nothing' };
  return { offset: difference(own, other), comparedWith: 'other-node' };
}

function severityAsVerdict(reason: Reason): Verdict {
  return reason.severity === 'info' ? 'ok' : reason.severity;
}

function summarize(nodes: readonly NodeAssessment[]): VerdictSummary {
  const count = { ok: 0, warning: 0, critical: 0, undetermined: 0, unreachable: 0 };
  for (const { verdict, reachable } of nodes) {
    count[verdict] += 1;
    if (verdict === 'undetermined' && !reachable) count.unreachable += 1;
  }
  return count;
}

function worstIn(summary: VerdictSummary): Verdict {
  return verdicts.findLast((verdict) => summary[verdict] > 0) ?? 'ok';
}

/** The timezone that more than half of the nodes have whose timezone is known. */
function majority(observations: readonly NodeObservation[]): string | null {
  const counts = new Map<string, number>();
  let known = 0;
  for (const { facts } of observations) {
    const name = facts.timezone?.value.name ?? null;
    if (name === null) continue;
    known += 1;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  for (const [name, count] of counts) if (count * 2 > known) return name;
  return null;
}
