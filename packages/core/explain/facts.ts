/** What the outputs of one machine say together; null: it was not in the paste. */
import type { ChronyNtpData, ChronySelectData, ChronyServerStats } from '../chrony/index.ts';
import type { NtpdateConclusion, NtpdateServer, NtpPeer } from '../ntpq/index.ts';
import type {
  ChronyActivity,
  ChronySource,
  ChronySourceStats,
  KernelState,
  Timedatectl,
} from '../observe/index.ts';
import type { TimesyncReport } from '../timesyncd/index.ts';
import type { PartialTracking } from './chrony-tracking.ts';

export interface PastedFacts {
  readonly tracking: PartialTracking | null;
  readonly sources: readonly ChronySource[] | null;
  readonly sourceStats: readonly ChronySourceStats[] | null;
  readonly activity: Partial<ChronyActivity> | null;
  readonly ntpData: readonly ChronyNtpData[] | null;
  readonly selectData: readonly ChronySelectData[] | null;
  readonly serverStats: ChronyServerStats | null;
  /** chronyc's own words, as `506 Cannot talk to daemon`. */
  readonly chronyError: string | null;
  readonly timedatectl: Timedatectl | null;
  readonly timesync: TimesyncReport | null;
  readonly kernel: KernelState | null;
  readonly peers: readonly NtpPeer[] | null;
  readonly ntpdate: {
    readonly servers: readonly NtpdateServer[];
    readonly conclusion: NtpdateConclusion | null;
  } | null;
}

export const nothingPasted: PastedFacts = {
  tracking: null,
  sources: null,
  sourceStats: null,
  activity: null,
  ntpData: null,
  selectData: null,
  serverStats: null,
  chronyError: null,
  timedatectl: null,
  timesync: null,
  kernel: null,
  peers: null,
  ntpdate: null,
};
