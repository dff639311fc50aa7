/** Outputs of the form `label: value`, `NAME=value`, or sentences with values: which labels belong to which, and how to read them. */
import {
  ntpDataOf,
  serverStatsLabels,
  serverStatsOf,
  trackingLabels,
  trackingPartOf,
} from '../chrony/index.ts';
import { kernelStateOf, parseAdjtimex, parseNtptime } from '../kernel/index.ts';
import { assignment, type Labelled, labelled } from '../output/index.ts';
import {
  showTimesyncOf,
  timedatectlLabels,
  timedatectlOf,
  timedatectlShowOf,
  timesyncStatusLabels,
  timesyncStatusOf,
} from '../timesyncd/index.ts';
import type { PastedFacts } from './facts.ts';

export interface LabelledOutput {
  readonly labels: ReadonlySet<string>;
  /** Null: it only looked like this output. */
  read(values: ReadonlyMap<string, string>): Partial<PastedFacts> | null;
  /** Lines without a label that belong to it. */
  continues?(line: string): boolean;
}

const ntpDataLabels = [
  'Remote address',
  'Remote port',
  'Local address',
  'Leap status',
  'Version',
  'Mode',
  'Stratum',
  'Poll interval',
  'Precision',
  'Root delay',
  'Root dispersion',
  'Reference ID',
  'Reference time',
  'Offset',
  'Peer delay',
  'Peer dispersion',
  'Response time',
  'Jitter asymmetry',
  'NTP tests',
  'Interleaved',
  'Authenticated',
  'TX timestamping',
  'RX timestamping',
  'Total TX',
  'Total RX',
  'Total valid RX',
  'Total good RX',
  'Total kernel TX',
  'Total kernel RX',
  'Total HW TX',
  'Total HW RX',
];

const laterServerStatsLabels = [
  'NTP timestamps held',
  'NTP timestamp span',
  'NTP daemon RX timestamps',
  'NTP daemon TX timestamps',
  'NTP kernel RX timestamps',
  'NTP kernel TX timestamps',
  'NTP hardware RX timestamps',
  'NTP hardware TX timestamps',
];

const adjtimexLabels = [
  'mode',
  'offset',
  'frequency',
  'freq.adjust',
  'maxerror',
  'esterror',
  'status',
  'time_constant',
  'timeconstant',
  'precision',
  'tolerance',
  'tick',
  'raw time',
  'tai',
  'return value',
];

/** Lines of ntptime have no labels; each is one by its beginning. */
const ntptimeLines = [
  'ntp_gettime()',
  'ntp_adjtime()',
  'time',
  'maximum error',
  'modes',
  'offset',
  'status',
  'time constant',
  'pps frequency',
  'intervals',
];
const ntptimeLine =
  /^(ntp_gettime\(\)|ntp_adjtime\(\)|time constant|maximum error|modes|offset|status|pps frequency|intervals|time) (?:returns code \d|[0-9a-f]{8}[. ]|\d|-\d|0x)/;

/** In the order of preference for a label that several have. */
const outputs: readonly LabelledOutput[] = [
  {
    labels: new Set(trackingLabels),
    read: (values) => {
      const tracking = trackingPartOf(values);
      return Object.keys(tracking).length < 2 ? null : { tracking };
    },
  },
  {
    labels: new Set(ntpDataLabels),
    read: (values) => {
      const ntpData = ntpDataOf(values);
      return ntpData === null ? null : { ntpData: [ntpData] };
    },
  },
  {
    labels: new Set([...serverStatsLabels, ...laterServerStatsLabels]),
    read: (values) => {
      const serverStats = serverStatsOf(values);
      return serverStats === null ? null : { serverStats };
    },
  },
  {
    labels: new Set(Object.values(timedatectlLabels).flat()),
    read: (values) => {
      const timedatectl = timedatectlOf(values);
      return timedatectl === null ? null : { timedatectl };
    },
    // The second line of a DST change, and the warning about an RTC in local time with its lines.
    continues: (line) => /^\S{1,20} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d/.test(line) || isRtcWarning(line),
  },
  {
    labels: new Set(timesyncStatusLabels),
    read: (values) => {
      const timesync = timesyncStatusOf(values);
      return timesync === null ? null : { timesync };
    },
  },
  {
    labels: new Set([
      'Timezone=',
      'LocalRTC=',
      'CanNTP=',
      'NTP=',
      'NTPSynchronized=',
      'TimeUSec=',
      'RTCTimeUSec=',
    ]),
    read: (values) => {
      const timedatectl = timedatectlShowOf(withoutEqualsSign(values));
      return timedatectl === null ? null : { timedatectl };
    },
  },
  {
    labels: new Set([
      'LinkNTPServers=',
      'SystemNTPServers=',
      'RuntimeNTPServers=',
      'FallbackNTPServers=',
      'ServerName=',
      'ServerAddress=',
      'RootDistanceMaxUSec=',
      'PollIntervalMinUSec=',
      'PollIntervalMaxUSec=',
      'PollIntervalUSec=',
      'NTPMessage=',
      'Frequency=',
    ]),
    read: (values) => {
      const timesync = showTimesyncOf(withoutEqualsSign(values));
      return timesync === null ? null : { timesync };
    },
  },
  {
    labels: new Set(adjtimexLabels),
    read: (values) => {
      const timex = parseAdjtimex([...values].map(([label, value]) => `${label}: ${value}`).join('\n'));
      return timex === null ? null : { kernel: kernelStateOf(timex, null) };
    },
  },
  {
    labels: new Set(ntptimeLines.map((line) => `${line} …`)),
    read: (values) => {
      const timex = parseNtptime([...values.values()].join('\n'));
      return timex === null ? null : { kernel: kernelStateOf(timex, null) };
    },
    // Both calls print their errors.
    continues: (line) => ntptimeLine.test(line),
  },
];

/** The warning of timedatectl about an RTC in local time, wrapped over six lines. */
function isRtcWarning(line: string): boolean {
  return /^(Warning: The system is configured to read|This mode can ?not be fully|with time zone changes|time is never updated|If at all possible, use RTC|'timedatectl set-local-rtc)/.test(
    line,
  );
}

function withoutEqualsSign(values: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...values].map(([label, value]) => [label.replace(/=$/, ''), value]));
}

export function labelledOutputFor(label: string): LabelledOutput | null {
  return outputs.find(({ labels }) => labels.has(label)) ?? null;
}

/** Labels of assignments end in `=`, those of ntptime in ` …`: the same word means something else in each. */
export function readLabelled(line: string): Labelled | null {
  const ntptime = ntptimeLine.exec(line)?.[1];
  if (ntptime !== undefined) return { label: `${ntptime} …`, value: line };
  const result = /^return value = (-?\d{1,6})$/.exec(line)?.[1];
  if (result !== undefined) return { label: 'return value', value: result };
  const assigned = assignment(line);
  if (assigned !== null) return { label: `${assigned.label}=`, value: assigned.value };
  const found = labelled(line);
  // busybox puts the option in front of the name: `-o  offset: 0 us`.
  return found === null ? null : { label: found.label.replace(/^-[a-z] +/, ''), value: found.value };
}
