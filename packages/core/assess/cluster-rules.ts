/** The rules about the cluster as a whole. */
import type { ClusterPolicy } from '../policy/index.ts';
import { formatOffset, formatSeconds, text } from '../text/index.ts';
import { difference, type Estimate } from '../time/index.ts';
import type { NodeAssessment } from './cluster.ts';
import { compareWithLimit } from './compare.ts';
import { dangerOfOffset } from './dangers.ts';
import { medianEstimate } from './median.ts';
import type { Reason } from './reason.ts';

export interface ClusterContext {
  readonly policy: ClusterPolicy;
  readonly nodes: readonly NodeAssessment[];
  /** In the order of the nodes, against the collector's time base, as they are now; null where unknown. */
  readonly clocks: readonly (Estimate | null)[];
  readonly median: (Estimate & { readonly nodes: number }) | null;
  readonly reference: Estimate | null;
}

export interface ClusterFindings {
  readonly reasons: readonly Reason[];
  readonly controlPlaneSpread: Estimate | null;
  readonly fromReference: Estimate | null;
}

export function judgeCluster(context: ClusterContext): ClusterFindings {
  // A median judges nodes against each other from three on; to hold the cluster against somebody else one clock will do.
  const { reference, median } = context;
  const centre = median ?? medianEstimate(context.clocks.filter((clock) => clock !== null));
  const spread = controlPlaneSpreadOf(context);
  const fromReference = centre === null || reference === null ? null : difference(centre, reference);
  const reasons = [
    spread === null ? null : judgeSpread(spread, context),
    judgeReference(fromReference, context),
    judgeCollector(context),
    judgeCoverage(context),
  ].filter((reason) => reason !== null);
  return { reasons, controlPlaneSpread: spread?.estimate ?? null, fromReference };
}

interface Spread {
  readonly estimate: Estimate;
  readonly ahead: string;
  readonly behind: string;
}

/**
 * The largest distance between two control-plane clocks. The true one is at least the gap between the highest low and
 * the lowest high, at most the whole range.
 */
function controlPlaneSpreadOf({ nodes, clocks }: ClusterContext): Spread | null {
  const members: { readonly name: string; readonly offset: Estimate }[] = [];
  for (const [index, { node }] of nodes.entries()) {
    const offset = clocks[index] ?? null;
    if (offset !== null && node.roles.includes('control-plane')) members.push({ name: node.name, offset });
  }
  if (members.length < 2) return null;
  const ahead = members.reduce((a, b) => (b.offset.seconds > a.offset.seconds ? b : a));
  const behind = members.reduce((a, b) => (b.offset.seconds < a.offset.seconds ? b : a));
  const lows = members.map((member) => member.offset.low);
  const highs = members.map((member) => member.offset.high);
  return {
    ahead: ahead.name,
    behind: behind.name,
    estimate: {
      seconds: ahead.offset.seconds - behind.offset.seconds,
      low: Math.max(0, Math.max(...lows) - Math.min(...highs)),
      high: Math.max(...highs) - Math.min(...lows),
    },
  };
}

/** Two apiservers 60 s apart refuse each other's ServiceAccount tokens, though each may be within 30 s of the median. */
function judgeSpread(spread: Spread, { policy }: ClusterContext): Reason | null {
  const limitSeconds = policy.limits.controlPlaneSpreadSeconds;
  const place = compareWithLimit(spread.estimate, limitSeconds);
  if (place === 'within') return null;
  const { ahead, behind } = spread;
  return {
    code: place === 'beyond' ? 'control-plane-spread' : 'control-plane-spread-undetermined',
    severity: place === 'beyond' ? 'critical' : 'undetermined',
    text: text(
      `${ahead} is ${formatSeconds(spread.estimate.seconds)} ahead of ${behind}; ServiceAccount tokens have a leeway of ${formatSeconds(limitSeconds)}.`,
      `${ahead} 比 ${behind} 快 ${formatSeconds(spread.estimate.seconds)}；ServiceAccount 令牌的余量为 ${formatSeconds(limitSeconds)}。`,
    ),
    endangers: dangerOfOffset(spread.estimate.seconds),
    evidence: {
      spreadSeconds: spread.estimate.seconds,
      lowSeconds: spread.estimate.low,
      highSeconds: spread.estimate.high,
      limitSeconds,
      ahead,
      behind,
    },
    source: null,
    ageSeconds: null,
  };
}

function judgeReference(fromReference: Estimate | null, { policy }: ClusterContext): Reason | null {
  if (policy.reference === null) return null;
  const common = { endangers: null, source: null, ageSeconds: null };
  if (fromReference === null) {
    return {
      ...common,
      code: 'reference-undetermined',
      severity: 'undetermined',
      text: text(
        `The cluster cannot be held against ${policy.reference}: it, or every node's clock, is not known.`,
        `无法将集群与 ${policy.reference} 比较：它未知，或没有一个节点的时钟已知。`,
      ),
      evidence: { reference: policy.reference },
    };
  }
  const limitSeconds = policy.limits.referenceSeconds;
  const place = compareWithLimit(fromReference, limitSeconds);
  if (place === 'within') return null;
  return {
    ...common,
    code: place === 'beyond' ? 'reference-cluster' : 'reference-undetermined',
    severity: place === 'beyond' ? 'warning' : 'undetermined',
    text: text(
      `The cluster stands ${formatOffset(fromReference)} from ${policy.reference}; the limit is ±${formatSeconds(limitSeconds)}.`,
      `集群相对 ${policy.reference} 为 ${formatOffset(fromReference)}；限值 ±${formatSeconds(limitSeconds)}。`,
    ),
    evidence: {
      offsetSeconds: fromReference.seconds,
      lowSeconds: fromReference.low,
      highSeconds: fromReference.high,
      limitSeconds,
      reference: policy.reference,
    },
  };
}

/**
 * The nodes agree and all of them seem shifted alike: the odd one is the machine that looks, unless the reference stands
 * by it.
 */
function judgeCollector({ policy, clocks, median, reference }: ClusterContext): Reason | null {
  if (median === null) return null;
  const limitSeconds = policy.limits.roleSeconds.worker;
  if (compareWithLimit(median, limitSeconds) !== 'beyond') return null;
  if (reference !== null && compareWithLimit(reference, limitSeconds) === 'within') return null;
  const measured = clocks.filter((clock) => clock !== null);
  const agreeing = measured.filter(
    (clock) => compareWithLimit(difference(clock, median), limitSeconds) === 'within',
  );
  if (agreeing.length * 2 <= measured.length) return null;
  return {
    code: 'collector-odd',
    severity: 'info',
    text: text(
      `${agreeing.length} of ${measured.length} nodes agree with each other, but stand ${formatOffset(median)} from this machine: its clock is probably the wrong one. Verdicts do not depend on it.`,
      `${measured.length} 个节点中有 ${agreeing.length} 个彼此一致，但相对本机 ${formatOffset(median)}：很可能是本机时钟有误。判定不依赖本机时钟。`,
    ),
    endangers: null,
    evidence: {
      medianSeconds: median.seconds,
      lowSeconds: median.low,
      highSeconds: median.high,
      limitSeconds,
    },
    source: null,
    ageSeconds: null,
  };
}

function judgeCoverage({ nodes, clocks, median }: ClusterContext): Reason | null {
  const known = median?.nodes ?? clocks.filter((clock) => clock !== null).length;
  const common = { severity: 'info', endangers: null, source: null, ageSeconds: null } as const;
  if (median === null) {
    return {
      ...common,
      code: 'median-needs-three',
      text: text(
        `A median wants three nodes with a known clock; there ${known === 1 ? 'is' : 'are'} ${known}. Nodes are judged by their own daemon and kernel.`,
        `中位数至少需要三个时钟已知的节点；目前有 ${known} 个。各节点按其守护进程和内核状态判定。`,
      ),
      evidence: { nodes: nodes.length, known },
    };
  }
  if (known * 2 >= nodes.length) return null;
  return {
    ...common,
    code: 'median-of-few',
    text: text(
      `Only ${known} of ${nodes.length} nodes take part in the median.`,
      `${nodes.length} 个节点中只有 ${known} 个参与中位数。`,
    ),
    evidence: { nodes: nodes.length, known },
  };
}
