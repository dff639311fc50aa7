export type {
  ChronyActivity,
  ChronySource,
  ChronySourceMode,
  ChronySourceState,
  ChronySourceStats,
  ChronyState,
  ChronyTracking,
} from './chrony.ts';
export type { ServedElsewhere, Sourced } from './clock.ts';
export {
  type ClockMeasurement,
  type ConfigFile,
  type DaemonKind,
  type DaemonState,
  type HostState,
  type KernelState,
  type Leap,
  type NodeFacts,
  noFacts,
  type StepClock,
  type SyncState,
  type Timedatectl,
  type TimesyncState,
  type TimezoneState,
} from './facts.ts';
export { mergeReadings, type NodeObservation } from './merge.ts';
export {
  type Failure,
  type FailureCode,
  failure,
  type Reading,
  type SourceKind,
  sourceKinds,
} from './reading.ts';
