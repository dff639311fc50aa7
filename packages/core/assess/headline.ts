/** The first line of every report: is the cluster one in time, and if not, who and why. */
import { formatDuration, type Text, text } from '../text/index.ts';
import { difference } from '../time/index.ts';
import type { NodeAssessment, VerdictSummary } from './cluster.ts';
import type { ClusterContext } from './cluster-rules.ts';
import type { Reason } from './reason.ts';
import { verdicts } from './verdict.ts';

interface HeadlineContext extends ClusterContext {
  readonly summary: VerdictSummary;
  readonly reasons: readonly Reason[];
}

export function headlineOf(context: HeadlineContext): Text {
  const { nodes, summary, reasons } = context;
  if (nodes.length === 0) return text('There are no nodes to look at.', '没有可观察的节点。');
  const cluster = reasons.find((reason) => reason.severity === 'critical' || reason.severity === 'warning');
  if (cluster !== undefined) return cluster.text;
  const bad = summary.warning + summary.critical;
  if (bad > 0) return badNews(worstOf(nodes), bad, nodes.length);
  if (summary.undetermined > 0) return unknown(worstOf(nodes), summary, nodes.length);
  return goodNews(context);
}

/** Among equals the first. One pass without copies: ten thousand nodes are looked at several times a second. */
function worstOf(nodes: readonly NodeAssessment[]): NodeAssessment | undefined {
  let worst = nodes[0];
  for (const node of nodes) if (worst !== undefined && isWorse(node, worst)) worst = node;
  return worst;
}

function isWorse(a: NodeAssessment, b: NodeAssessment): boolean {
  const rank = verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict);
  return rank > 0 || (rank === 0 && Math.abs(a.offset?.seconds ?? 0) > Math.abs(b.offset?.seconds ?? 0));
}

function mainReason(node: NodeAssessment | undefined): Text {
  const reason = node?.reasons.find((candidate) => candidate.severity === node.verdict);
  return reason?.text ?? text('', '');
}

function badNews(worst: NodeAssessment | undefined, bad: number, total: number): Text {
  const reason = mainReason(worst);
  const name = worst?.node.name ?? '';
  if (total === 1) return text(`${name}: ${reason.en}`, `${name}：${reason['zh-CN']}`);
  return text(
    `${bad} of ${total} nodes ${bad === 1 ? 'needs' : 'need'} attention. ${name}: ${reason.en}`,
    `${total} 个节点中有 ${bad} 个需要处理。${name}：${reason['zh-CN']}`,
  );
}

function unknown(worst: NodeAssessment | undefined, summary: VerdictSummary, total: number): Text {
  const reason = mainReason(worst);
  const name = worst?.node.name ?? '';
  if (total === 1) return text(`${name}: ${reason.en}`, `${name}：${reason['zh-CN']}`);
  return text(
    `${summary.undetermined} of ${total} nodes cannot be judged. ${name}: ${reason.en}`,
    `${total} 个节点中有 ${summary.undetermined} 个无法判定。${name}：${reason['zh-CN']}`,
  );
}

/** The statement that can be proven: how far at most any node stands from the median. */
function goodNews({ nodes, clocks, median }: HeadlineContext): Text {
  const only = nodes[0];
  if (median === null && nodes.length === 1 && only !== undefined) {
    return text(`${only.node.name} is synchronized.`, `${only.node.name} 已同步。`);
  }
  if (median === null) {
    return text(`All ${nodes.length} nodes are in order.`, `全部 ${nodes.length} 个节点正常。`);
  }
  let farthest = 0;
  for (const clock of clocks) {
    if (clock === null) continue;
    const { low, high } = difference(clock, median);
    farthest = Math.max(farthest, Math.abs(low), Math.abs(high));
  }
  return text(
    `The cluster is one in time: all ${nodes.length} nodes within ${formatDuration(farthest)} of the median.`,
    `集群时间一致：全部 ${nodes.length} 个节点与中位数相差不超过 ${formatDuration(farthest)}。`,
  );
}
