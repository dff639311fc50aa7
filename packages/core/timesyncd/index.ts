/** systemd-timesyncd and timedatectl: what they print. */
export {
  parseTimedatectl,
  type TimedatectlPart,
  timedatectlLabels,
  timedatectlOf,
  timedatectlShowOf,
} from './timedatectl.ts';
export {
  parseTimesync,
  showTimesyncOf,
  syncStateOfTimesync,
  type TimesyncReport,
  timesyncStatusLabels,
  timesyncStatusOf,
} from './timesync.ts';
