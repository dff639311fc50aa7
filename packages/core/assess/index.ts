/** Observations of a cluster → median, intervals and verdicts with reasons. Pure, and the only place that judges. */
export {
  assessCluster,
  type ClusterAssessment,
  ClusterJudge,
  type NodeAssessment,
  type VerdictSummary,
} from './cluster.ts';
export { compareWithLimit } from './compare.ts';
export { medianEstimate, medianOf, NODES_FOR_A_MEDIAN } from './median.ts';
export type { Reason } from './reason.ts';
export type { ReasonCode } from './reason-codes.ts';
export { reasonTexts } from './reason-codes.ts';
export { saysSynchronized } from './synchronized.ts';
export {
  type DisplayStatus,
  displayStatus,
  displayStatuses,
  type Verdict,
  verdicts,
  worseOf,
  worstFirst,
} from './verdict.ts';
