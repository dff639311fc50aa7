import { intendedSources } from '../configure/index.ts';
import { type NodeRole, type NodeSpec, primaryRole } from '../inventory/index.ts';
import type { ClockMeasurement, NodeObservation, Sourced } from '../observe/index.ts';
import type { ClusterPolicy } from '../policy/index.ts';
import type { Text } from '../text/index.ts';
import { difference, type Estimate, type Instant } from '../time/index.ts';
import { judgeCluster } from './cluster-rules.ts';
import { headlineOf } from './headline.ts';
import { medianEstimate } from './median.ts';
import { isReachable, judgeNode, type NodeContext } from './node.ts';
import type { Reason } from './reason.ts';
import { type Verdict, worseOf } from './verdict.ts';

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

const NODES_FOR_A_MEDIAN = 3;

/**
 * @param observations one for each node of the policy, bounds aged to one common instant
 * @param reference the named reference against the collector's time base, where one was measured
 */
export function assessCluster(
  policy: ClusterPolicy,
  observations: readonly NodeObservation[],
  at: Instant,
  reference: Estimate | null = null,
): ClusterAssessment {
  const clocks = observations.flatMap((observation) => observation.facts.clock?.value.offset ?? []);
  const centre = clocks.length >= NODES_FOR_A_MEDIAN ? medianEstimate(clocks) : null;
  const commonTimezone = majority(
    observations.flatMap((observation) => observation.facts.timezone?.value.name ?? []),
  );
  const intendedByNode = intendedSources(policy);
  const nodes = observations.map((observation) =>
    assessNode(
      observation,
      {
        policy,
        commonTimezone,
        intended: intendedByNode.get(observation.node.name) ?? [],
        ...compared(observation, observations, centre),
      },
      centre,
    ),
  );
  const median = centre === null ? null : { ...centre, nodes: clocks.length };
  const shared = { policy, nodes, median, reference };
  const { reasons, controlPlaneSpread, fromReference } = judgeCluster(shared);
  const summary = summarize(nodes);
  const verdict = [
    ...nodes,
    ...reasons.map((reason) => ({ verdict: severityAsVerdict(reason) })),
  ].reduce<Verdict>((worst, item) => worseOf(worst, item.verdict), 'ok');
  const headline = headlineOf({ ...shared, summary, reasons });
  return {
    name: policy.name,
    at,
    verdict,
    headline,
    median,
    controlPlaneSpread,
    fromReference,
    reasons,
    summary,
    nodes,
  };
}

function assessNode(
  observation: NodeObservation,
  context: NodeContext,
  centre: Estimate | null,
): NodeAssessment {
  const reasons = judgeNode(observation, context);
  const clock = observation.facts.clock;
  return {
    node: observation.node,
    role: primaryRole(observation.node.roles),
    verdict: reasons.reduce<Verdict>((worst, reason) => worseOf(worst, severityAsVerdict(reason)), 'ok'),
    reachable: isReachable(observation),
    reasons,
    offset: clock === null || centre === null ? null : difference(clock.value.offset, centre),
    clock,
    observation,
  };
}

/** What a node's clock is held against: the median, the only other clock, or nothing. */
function compared(
  observation: NodeObservation,
  all: readonly NodeObservation[],
  centre: Estimate | null,
): Pick<NodeContext, 'offset' | 'comparedWith'> {
  const own = observation.facts.clock?.value.offset;
  if (own === undefined) return { offset: null, comparedWith: 'nothing' };
  if (centre !== null) return { offset: difference(own, centre), comparedWith: 'median' };
  const other = all.find((candidate) => candidate !== observation && candidate.facts.clock !== null)?.facts
    .clock;
  if (other === undefined || other === null) return { offset: null, comparedWith: 'nothing' };
  return { offset: difference(own, other.value.offset), comparedWith: 'other-node' };
}

function severityAsVerdict(reason: Reason): Verdict {
  return reason.severity === 'info' ? 'ok' : reason.severity;
}

function summarize(nodes: readonly NodeAssessment[]): VerdictSummary {
  const count = (wanted: (node: NodeAssessment) => boolean): number => nodes.filter(wanted).length;
  return {
    ok: count((node) => node.verdict === 'ok'),
    warning: count((node) => node.verdict === 'warning'),
    critical: count((node) => node.verdict === 'critical'),
    undetermined: count((node) => node.verdict === 'undetermined'),
    unreachable: count((node) => node.verdict === 'undetermined' && !node.reachable),
  };
}

/** The value that more than half have. */
function majority(values: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  for (const [value, count] of counts) if (count * 2 > values.length) return value;
  return null;
}
