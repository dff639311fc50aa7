export {
  type ActivityPart,
  activityOf,
  type ChronyServerStats,
  parseActivity,
  parseServerStats,
  readActivityCsv,
  readActivityLine,
  readServerStatsCsv,
  serverStatsLabels,
  serverStatsOf,
} from './activity.ts';
export { type ChronyNtpData, ntpDataOf, parseNtpData, readNtpDataCsv } from './ntpdata.ts';
export {
  type ChronySelectData,
  isSelectDataHeading,
  parseSelectData,
  readSelectDataCsv,
  readSelectDataRow,
} from './selectdata.ts';
export {
  isSourceStatsHeading,
  isSourcesHeading,
  parseSourceStats,
  parseSources,
  readSourceCsv,
  readSourceRow,
  readSourceStatsCsv,
  readSourceStatsRow,
} from './sources.ts';
export { parseTracking, readTrackingCsv, trackingLabels, trackingPartOf } from './tracking.ts';
export { chronycError } from './words.ts';
