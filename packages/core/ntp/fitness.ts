/** Whether a machine should follow a server: from what it says of itself, and from what the others say. */
import type { ClockMeasurement, Failure } from '../observe/index.ts';
import { formatDuration, type Text, text } from '../text/index.ts';
import { aged, type Interval, type MonotonicInstant, secondsOf, widen } from '../time/index.ts';
import { type Agreement, agreementOf } from './agreement.ts';
import type { ServerReport } from './report.ts';

/** One server that answered. */
export interface MeasuredServer {
  readonly clock: ClockMeasurement;
  /** When the offset was true. */
  readonly at: MonotonicInstant;
  readonly report: ServerReport;
  /** Questions asked for `clock.samples` good answers. */
  readonly asked: number;
  readonly rateLimited: boolean;
}

export type QueriedServer =
  | { readonly ok: true; readonly measured: MeasuredServer }
  | { readonly ok: false; readonly failure: Failure };

/** `fit` to follow, `unfit` though it answered, `failed`: it could not be measured. */
export type Fitness = 'fit' | 'unfit' | 'failed';

export interface FitnessReason {
  readonly code: string;
  /** `unfit` decides the verdict; `note` is worth knowing. */
  readonly severity: 'unfit' | 'note';
  readonly text: Text;
}

export interface Comparison {
  /** In the order of the servers given. */
  readonly servers: readonly { readonly fitness: Fitness; readonly reasons: readonly FitnessReason[] }[];
  /** Indexes are those of the servers given; only synchronised ones vote. */
  readonly agreement: Agreement;
}

/** chronyd does not follow a server beyond this root distance (`maxdistance`, chrony.conf(5)). */
const MAX_ROOT_DISTANCE_SECONDS = 3;
/** ntpd does not beyond this one (`tos maxdist`, ntp.conf(5)). */
const NTPD_ROOT_DISTANCE_SECONDS = 1.5;
/** The longest poll interval in use is 36 h, the usual longest 17 min; a server silent for two hours has lost its own. */
const OLD_REFERENCE_SECONDS = 7_200;
/** Two readings of a clock within a second of each other may stand in either order. */
const REFERENCE_TOLERANCE_SECONDS = 1;

/** @param now the moment at which the intervals are compared */
export function compareServers(servers: readonly QueriedServer[], now: MonotonicInstant): Comparison {
  const voters = servers.flatMap((server, index) =>
    server.ok && ownReasons(server.measured).every((reason) => reason.severity === 'note') ? [index] : [],
  );
  const intervals = voters.map((index) => correctnessOf(servers[index], now));
  const agreement = withIndexes(agreementOf(intervals), voters);
  return {
    agreement,
    servers: servers.map((server, index) => {
      if (!server.ok) return { fitness: 'failed', reasons: [] };
      const reasons = [...commonReasons(agreement, index, voters), ...ownReasons(server.measured)];
      const unfit = reasons.some((reason) => reason.severity === 'unfit');
      return { fitness: unfit ? 'unfit' : 'fit', reasons };
    }),
  };
}

/** Where this server says that true time lies: its offset, by its bound and its own root distance. */
function correctnessOf(server: QueriedServer | undefined, now: MonotonicInstant): Interval {
  if (server === undefined || !server.ok) throw new RangeError('only servers that answered vote');
  const { clock, at, report } = server.measured;
  return widen(aged(clock.offset, secondsOf(now - at)), report.rootDistanceSeconds);
}

function withIndexes(agreement: Agreement, voters: readonly number[]): Agreement {
  if (agreement.kind !== 'majority') return agreement;
  const mapped = (indexes: readonly number[]) => indexes.map((index) => voters[index] ?? index);
  return {
    ...agreement,
    agreeing: mapped(agreement.agreeing),
    falsetickers: mapped(agreement.falsetickers),
  };
}

function commonReasons(
  agreement: Agreement,
  index: number,
  voters: readonly number[],
): readonly FitnessReason[] {
  if (agreement.kind === 'majority' && agreement.falsetickers.includes(index)) {
    return [
      unfit(
        'falseticker',
        text(
          `falseticker: ${agreement.agreeing.length} other servers agree on a time outside its interval`,
          `错误时间源：另外 ${agreement.agreeing.length} 个服务器一致的时间在它的区间之外`,
        ),
      ),
    ];
  }
  if (agreement.kind === 'no-majority' && voters.includes(index)) {
    return [
      unfit(
        'no-majority',
        text(
          'no majority: the servers contradict each other and nobody can tell which of them is right',
          '没有多数：各服务器互相矛盾，无法判断谁是对的',
        ),
      ),
    ];
  }
  return [];
}

function ownReasons(server: MeasuredServer): readonly FitnessReason[] {
  return [...syncReasons(server.report), ...distanceReasons(server.report), ...noteReasons(server)];
}

function syncReasons({ leap, stratum, synchronized }: ServerReport): readonly FitnessReason[] {
  if (synchronized) return [];
  const why = leap === 'unsynchronized' ? 'leap 3' : `stratum ${stratum}`;
  return [unfit('unsynchronized', text(`it is not synchronized itself (${why})`, `它自己未同步(${why})`))];
}

function distanceReasons(report: ServerReport): readonly FitnessReason[] {
  const { rootDistanceSeconds, referenceAgeSeconds, synchronized } = report;
  if (!synchronized) return [];
  const reasons: FitnessReason[] = [];
  const distance = formatDuration(rootDistanceSeconds);
  if (rootDistanceSeconds > MAX_ROOT_DISTANCE_SECONDS) {
    reasons.push(
      unfit(
        'root-distance',
        text(
          `its root distance ${distance} is beyond the 3 s that chronyd accepts (ntpd: 1.5 s)`,
          `其根距离 ${distance} 超出 chronyd 接受的 3 s(ntpd 为 1.5 s)`,
        ),
      ),
    );
  } else if (rootDistanceSeconds > NTPD_ROOT_DISTANCE_SECONDS) {
    reasons.push(
      note(
        'root-distance-ntpd',
        text(
          `its root distance ${distance} is beyond the 1.5 s that ntpd accepts`,
          `其根距离 ${distance} 超出 ntpd 接受的 1.5 s`,
        ),
      ),
    );
  }
  if (referenceAgeSeconds !== null && referenceAgeSeconds < -REFERENCE_TOLERANCE_SECONDS) {
    reasons.push(
      unfit(
        'reference-in-future',
        text(
          'it says that its clock was last corrected in its own future',
          '它声称上次校正的时刻在它自己的未来',
        ),
      ),
    );
  } else if (referenceAgeSeconds !== null && referenceAgeSeconds > OLD_REFERENCE_SECONDS) {
    const age = formatDuration(referenceAgeSeconds);
    reasons.push(
      note(
        'old-reference',
        text(
          `it has not corrected its clock for ${age}: has it lost its own source?`,
          `它已有 ${age} 没有校正时钟：是否失去了自己的时间源？`,
        ),
      ),
    );
  }
  return reasons;
}

function noteReasons(server: MeasuredServer): readonly FitnessReason[] {
  const { report, clock, asked, rateLimited } = server;
  const reasons: FitnessReason[] = [];
  if (report.synchronized && report.freeRunning) {
    reasons.push(
      note(
        'free-running',
        text(
          'it follows nobody: its reference is its own oscillator (right in an island, nowhere else)',
          '它不跟随任何时间源：参考就是它自己的振荡器(仅适用于孤岛模式)',
        ),
      ),
    );
  }
  if (report.leap === 'insert-second' || report.leap === 'delete-second') {
    reasons.push(note('leap-second', text('it announces a leap second', '它宣告了闰秒')));
  }
  if (rateLimited) {
    reasons.push(
      note(
        'rate-limited',
        text(
          "it asked to be asked less often (kiss-o'-death RATE)",
          "它要求降低询问频率(kiss-o'-death RATE)",
        ),
      ),
    );
  } else if (clock.samples < asked) {
    reasons.push(
      note(
        'lost',
        text(
          `${asked - clock.samples} of ${asked} questions brought no usable answer`,
          `${asked} 次询问中有 ${asked - clock.samples} 次没有得到可用的应答`,
        ),
      ),
    );
  }
  return reasons;
}

function unfit(code: string, words: Text): FitnessReason {
  return { code, severity: 'unfit', text: words };
}

function note(code: string, words: Text): FitnessReason {
  return { code, severity: 'note', text: words };
}
