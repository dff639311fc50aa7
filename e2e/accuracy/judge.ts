/** Holds what Clockwarden reported against what the lab knows. Pure: numbers in, findings out. */

/** Seconds; low ≤ high. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The parts of `clockwarden check --json` (schema clockwarden.check/1) that are judged here. */
export interface CheckReport {
  readonly median: { readonly lowSeconds: number; readonly highSeconds: number } | null;
  readonly limits: {
    readonly medianWarningSeconds: number;
    readonly medianCriticalSeconds: number;
    readonly roleSeconds: Readonly<Record<string, number>>;
  };
  readonly nodes: readonly ReportedNode[];
}

interface ReportedNode {
  readonly name: string;
  readonly role: string;
  readonly verdict: string;
  readonly reasons: readonly { readonly code: string }[];
  readonly offset: {
    readonly lowSeconds: number;
    readonly highSeconds: number;
    readonly source?: string;
  } | null;
  readonly sources: readonly {
    readonly source: string;
    readonly ok: boolean;
    readonly failure: { readonly code: string } | null;
    readonly offset: { readonly lowSeconds: number; readonly highSeconds: number } | null;
  }[];
}

/** One source's reading of one node's clock. */
export interface Reading {
  readonly node: string;
  readonly source: string;
  readonly reported: Interval;
  readonly truth: Interval;
  /** The two intervals have a point in common: the report does not contradict what is known. */
  readonly holds: boolean;
}

export interface Verdict {
  readonly node: string;
  /** How far the node really stands from the median of all. */
  readonly deviation: Interval;
  readonly codes: readonly string[];
  /** Null: right. Otherwise what is wrong with it. */
  readonly wrong: string | null;
}

const overlap = (a: Interval, b: Interval): boolean => a.low <= b.high && b.low <= a.high;

/** Every clock reading of every source against the truth of its node. A source without a clock reading says nothing. */
export function judgeReadings(report: CheckReport, truth: ReadonlyMap<string, Interval>): Reading[] {
  return report.nodes.flatMap((node) => {
    const known = truth.get(node.name);
    if (!known) return [];
    return node.sources.flatMap(({ source, offset }) => {
      if (!offset) return [];
      const reported = { low: offset.lowSeconds, high: offset.highSeconds };
      return [
        {
          node: node.name,
          source,
          reported,
          truth: known,
          holds: overlap(reported, known),
        },
      ];
    });
  });
}

/** Every node's offset reasons against its true distance from the true median. */
export function judgeVerdicts(report: CheckReport, truth: ReadonlyMap<string, Interval>): Verdict[] {
  const all = [...truth.values()];
  const median = { low: middle(all.map((one) => one.low)), high: middle(all.map((one) => one.high)) };
  return report.nodes.flatMap((node) => {
    const known = truth.get(node.name);
    if (!known) return [];
    const deviation = { low: known.low - median.high, high: known.high - median.low };
    const codes = node.reasons.map((reason) => reason.code).filter((code) => isAboutOffset(code));
    return [{ node: node.name, deviation, codes, wrong: whatIsWrong(node, codes, deviation, report) }];
  });
}

const isAboutOffset = (code: string): boolean => code.startsWith('offset-') || code.startsWith('role-limit');

function whatIsWrong(
  node: ReportedNode,
  codes: readonly string[],
  deviation: Interval,
  { limits }: CheckReport,
): string | null {
  if (!node.offset) return 'no offset is reported';
  const reported = { low: node.offset.lowSeconds, high: node.offset.highSeconds };
  if (!overlap(reported, deviation)) return 'the reported offset excludes the true one';
  const role = limits.roleSeconds[node.role];
  if (role === undefined) return `no limit for the role ${node.role}`;
  const has = (code: string): boolean => codes.includes(code);
  for (const [code, limit] of [
    ['offset-critical', limits.medianCriticalSeconds],
    ['offset-warning', limits.medianWarningSeconds],
    ['role-limit', role],
  ] as const) {
    if (has(code) && surelyWithin(deviation, limit)) return `${code}, and the node is within ${limit} s`;
    if (surelyBeyond(deviation, limit) && !has(code) && !saysMore(code, has) && !straddles(reported, limit)) {
      return `beyond ${limit} s without ${code}`;
    }
  }
  if (codes.length === 0 && surelyBeyond(deviation, role)) return `silent about a node beyond ${role} s`;
  return has('offset-critical') && node.verdict !== 'critical' ? 'critical, and the verdict is not' : null;
}

/** A graver reason makes a milder one of the same kind superfluous. */
function saysMore(code: string, has: (code: string) => boolean): boolean {
  if (code === 'offset-critical') return false;
  return has('offset-critical') || (code === 'role-limit' && has('offset-warning'));
}

const surelyBeyond = ({ low, high }: Interval, limit: number): boolean => low > limit || high < -limit;
const surelyWithin = ({ low, high }: Interval, limit: number): boolean => low >= -limit && high <= limit;
const straddles = (interval: Interval, limit: number): boolean =>
  !surelyBeyond(interval, limit) && !surelyWithin(interval, limit);

/** Of an even count the mean of the two in the middle. */
function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2;
}
