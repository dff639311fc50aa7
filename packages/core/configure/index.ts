/** The wanted time of a cluster → who follows whom → the files of each node → what would have to change. */
export { type Action, type ConfiguredDaemon, undoOrder } from './actions.ts';
export { fromBase64 } from './base64.ts';
export { clockJobLines } from './clock-jobs.ts';
export {
  type Correction,
  type Corrector,
  correctionOf,
  type FollowedOffset,
  HARMLESS_STEP_SECONDS,
  slewSeconds,
  type UnknownCorrection,
} from './correction.ts';
export {
  type ClusterDesign,
  type DesignProblem,
  designCluster,
  type NodeDesign,
  settingsOf,
} from './design.ts';
export type { ConfigureFacts, FileState, UnitState } from './facts.ts';
export { plannedPaths } from './facts-paths.ts';
export { configureFactsOf } from './facts-report.ts';
export { type ConfigFamily, chronyPaths, filesOf, type WantedFile } from './files.ts';
export { networksToOpen } from './firewall.ts';
export { followedOffset, followedTime, islandLeader, type Measured } from './followed-time.ts';
export {
  type Format,
  type FormatName,
  formats,
  type RenderedNode,
  renderNode,
  renderProblems,
  sharingWith,
} from './formats/index.ts';
export { intendedSources } from './intended.ts';
export { type FileStates, filesFound, filesLeft, otherFiles } from './job-files.ts';
export { type BatchSize, wavesOf } from './order.ts';
export {
  type NodeOutcome,
  type OutcomeGrade,
  type OutcomeKind,
  outcomeOf,
  type ServerAccess,
  type ServiceEvidence,
  timedOut,
} from './outcome.ts';
export { type NodePlan, type PlannedAction, planNode } from './plan-node.ts';
export { ptpProblems } from './ptp-problems.ts';
export { type LockHolder, type NodeMemory, parseMemory, type RememberedRun } from './remembered.ts';
export { keyFileProblem } from './render/chrony-keys.ts';
export { type PtpNeeds, ptpNeeds } from './render/ptp.ts';
export {
  advanceRollout,
  type EndedProgress,
  isEnded,
  isOver,
  type NodeProgress,
  type RolloutAction,
  type RolloutEvent,
  type RolloutOptions,
  type RolloutState,
  type RolloutTurn,
  startRollout,
} from './rollout.ts';
export { changedSince, type SeenFacts, seenOf } from './seen.ts';
export {
  DEFAULT_MAX_STEP_SECONDS,
  openQuestions,
  ruleStep,
  type StepConsent,
  type StepRefusal,
  type StepRuling,
} from './step-guard.ts';
export {
  clockUnits,
  familyOf,
  packagesWanted,
  ptpUnits,
  runningDaemon,
  timePackages,
  unitOf,
  unsupported,
} from './time-daemons.ts';
export { correctionByUndo, type StartingDaemon, startingDaemons, type UndoneClock } from './undo-clock.ts';
export { planWarnings } from './warnings.ts';
export { wireOf } from './wire.ts';
export { parseJob } from './wire-parse.ts';
