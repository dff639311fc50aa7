export {
  type ClockExchange,
  type ClockResult,
  clockOf,
  type NodeTime,
  parseNodeTime,
} from './clock.ts';
export { configFileGlobs } from './config-paths.ts';
export {
  daemonProcessNames,
  daemonsOf,
  daemonUnits,
  type ProcessSeen,
  parseUnits,
  unitProperties,
} from './daemons.ts';
export { factsOfReport } from './facts.ts';
export { configFile } from './files.ts';
export { askChronyVersion, hostOf } from './host.ts';
export { outputOf, parseReport, type Report, type Section } from './report.ts';
export { syncFacts } from './sync.ts';
export { timezoneOf } from './timezone.ts';
