/** How far a node has come on its way to the wanted time, judged from both of its ends. Pure; offsets are those of `assess`. */
import type { NodeAssessment } from '../assess/index.ts';
import type { Text } from '../text/index.ts';
import type { Estimate } from '../time/index.ts';
import type { ClusterDesign, NodeDesign } from './design.ts';
import { daemonChecks, writtenCheck } from './outcome-daemon.ts';
import { grandmasterCheck, hardwareClockCheck } from './outcome-ptp.ts';
import { accessCheck, serviceCheck } from './outcome-service.ts';
import {
  agreeCheck,
  clockCheck,
  kernelCheck,
  localCheck,
  sourceCheck,
  syncCheck,
  upstreamsCheck,
} from './outcome-sync.ts';
import { answered, awaited, onItsWay } from './outcome-wait.ts';

/**
 * The furthest that was proven, or what is wrong. `written`: the files are as designed, and no daemon runs. `running`: it
 * runs, and nobody answers it. `reachable`: somebody does, and the clock is not (or not yet) right. `local-only`: it
 * keeps time with its cluster, which nobody outside stands behind. `foreign-source`: it follows whom the design does not
 * name. `contested`: two daemons write its clock. `contradicted`: its daemon calls the clock right, and others do not.
 * `misserving`: it refuses whom it should serve, or serves strangers. `unreached`: nobody could look.
 */
export type OutcomeKind =
  | 'synchronized'
  | 'local-only'
  | 'reachable'
  | 'running'
  | 'written'
  | 'not-written'
  | 'foreign-source'
  | 'contested'
  | 'contradicted'
  | 'misserving'
  | 'unreached';

/** `holds` null: nobody could look, or the bounds are too wide to tell; it never makes an outcome better. */
export interface OutcomeCheck {
  readonly code: CheckCode;
  readonly holds: boolean | null;
  readonly text: Text;
}

type CheckCode =
  | 'written'
  | 'running'
  | 'alone'
  | 'source'
  | 'synchronized'
  | 'outside'
  | 'kernel'
  | 'clock'
  | 'agrees'
  | 'serves'
  | 'access'
  /** Of nodes that follow PTP. */
  | 'grandmaster'
  | 'hardware-clock'
  /** Upstreams among each other; says nothing of the node. */
  | 'upstreams';

export interface NodeOutcome {
  readonly node: string;
  /** What a person is told: `timed-out` where the wait ended at `stage`. */
  readonly outcome: OutcomeKind | 'timed-out';
  readonly stage: OutcomeKind;
  readonly grade: OutcomeGrade;
  /** Null: it waits for nothing, or for a person. */
  readonly waitsFor: Text | null;
  /** About how long still, in seconds; null: nobody can tell. */
  readonly remainingSeconds: number | null;
  readonly checks: readonly OutcomeCheck[];
}

/** `good`: it is what its design wants. `waiting`: time may bring it. `wrong`: somebody must act. */
export type OutcomeGrade = 'good' | 'waiting' | 'wrong' | 'unreached';

export interface OutcomeEvidence {
  readonly design: NodeDesign;
  readonly cluster: ClusterDesign;
  readonly assessment: NodeAssessment;
  /** What is not on the node as it was designed; empty: all of it is; null: nobody looked. */
  readonly missing: readonly Text[] | null;
  /** The time that it should have, by somebody else than itself, against the collector's time base; null: nobody tells. */
  readonly truth: {
    readonly time: Estimate;
    readonly by: readonly string[];
    readonly falsetickers: readonly string[];
  } | null;
  /** Why nobody can tell that time, where its sources contradict each other; null: they do not. */
  readonly disagreement: Text | null;
  /** |offset| allowed, in seconds. */
  readonly limitSeconds: number;
  /** Of servers. */
  readonly service: ServiceEvidence | null;
  /** Port states of the ptp4l of a node that follows PTP; empty: none answers; null: it could not be asked. */
  readonly ptpPorts: readonly string[] | null;
}

export interface ServiceEvidence {
  /** It gave the collector a synchronized time by NTP. False proves nothing: the collector may be a stranger to it. */
  readonly answersCollector: boolean;
  /** Nodes that are meant to follow it, by whether one of their last eight polls was answered. */
  readonly heardBy: readonly string[];
  readonly silentTo: readonly string[];
  /** What `chronyc accheck` says there; null: it could not be asked. */
  readonly access: ServerAccess | null;
}

export interface ServerAccess {
  /** Clients of the cluster that it would refuse, by their names. */
  readonly refused: readonly string[];
  readonly allowed: readonly string[];
  /** Clients of which nobody here knows the address, so that nobody could ask about them. */
  readonly unknown: readonly string[];
  /** An address outside of `allow`, and whether it would be served; null: every address is inside. */
  readonly stranger: { readonly address: string; readonly served: boolean } | null;
}

export function outcomeOf(evidence: OutcomeEvidence): NodeOutcome {
  const checks = checksOf(evidence);
  const stage = stageOf(evidence, checks);
  const node = evidence.design.node.name;
  const grade = gradeOf(stage, evidence.cluster);
  const waits = grade === 'waiting' || grade === 'unreached' ? awaited(evidence, stage, checks) : null;
  return {
    node,
    outcome: stage,
    stage,
    grade,
    waitsFor: waits?.text ?? null,
    remainingSeconds: waits?.remainingSeconds ?? null,
    checks,
  };
}

/** The outcome of a wait whose time was up: what was not good until then has timed out, whatever its last look was. */
export function timedOut(outcome: NodeOutcome): NodeOutcome {
  return outcome.grade === 'waiting' || outcome.grade === 'unreached'
    ? { ...outcome, outcome: 'timed-out', remainingSeconds: null }
    : outcome;
}

function gradeOf(stage: OutcomeKind, cluster: ClusterDesign): OutcomeGrade {
  switch (stage) {
    case 'synchronized':
      return 'good';
    case 'local-only':
      // An island is meant to be one.
      return cluster.topology === 'island' ? 'good' : 'waiting';
    case 'reachable':
    case 'running':
      return 'waiting';
    case 'unreached':
      return 'unreached';
    default:
      return 'wrong';
  }
}

function checksOf(evidence: OutcomeEvidence): readonly OutcomeCheck[] {
  const all = [
    writtenCheck(evidence),
    ...daemonChecks(evidence),
    sourceCheck(evidence),
    syncCheck(evidence),
    grandmasterCheck(evidence),
    hardwareClockCheck(evidence),
    localCheck(evidence),
    kernelCheck(evidence),
    clockCheck(evidence),
    agreeCheck(evidence),
    serviceCheck(evidence),
    accessCheck(evidence),
    upstreamsCheck(evidence),
  ];
  return all.filter((check) => check !== null);
}

function stageOf(evidence: OutcomeEvidence, checks: readonly OutcomeCheck[]): OutcomeKind {
  const fails = (code: CheckCode): boolean =>
    checks.some((check) => check.code === code && check.holds === false);
  const holds = (code: CheckCode): boolean =>
    checks.some((check) => check.code === code && check.holds === true);
  const { sync, daemons } = evidence.assessment.observation.facts;
  // By its NTP port alone nobody can say what runs there.
  if (daemons === null && (sync?.value.daemon ?? null) === null) return 'unreached';
  if (fails('written')) return 'not-written';
  if (fails('running')) return 'written';
  if (fails('alone')) return 'contested';
  if (fails('source')) return 'foreign-source';
  if (!holds('synchronized')) return answered(evidence) ? 'reachable' : 'running';
  // Where the daemon itself knows of what is left, the clock is on its way.
  if (fails('clock')) return onItsWay(evidence) ? 'reachable' : 'contradicted';
  if (fails('access')) return 'misserving';
  if (fails('outside') && evidence.cluster.topology !== 'island') return 'local-only';
  const unproven = evidence.disagreement !== null || (evidence.truth === null && fails('agrees'));
  if (fails('grandmaster') || fails('hardware-clock')) return 'reachable';
  if (fails('kernel') || fails('serves') || unproven) return 'reachable';
  return fails('outside') ? 'local-only' : 'synchronized';
}
