import { type ClockMeasurement, noFacts, type Reading, type SyncState } from '../observe/index.ts';
import type { TimeBase } from '../ports/index.ts';
import { type MonotonicInstant, secondsOf, widen } from '../time/index.ts';
import type { ExchangeOutcome } from './exchange.ts';
import { failureOf } from './failure.ts';
import { reportOf, type ServerReport } from './report.ts';
import { middleOf, offsetOf } from './sample.ts';

/** `paused`: the server asked for a pause, and so was not asked now. */
export type AnswerOutcome = ExchangeOutcome | { readonly kind: 'paused'; readonly seconds: number };

/** What came of asking one server. */
export interface Answer {
  readonly outcome: AnswerOutcome;
  /** Who stamped the arrivals. */
  readonly stampedBy: 'kernel' | 'process';
}

export interface Asked {
  /** As a person would name it: `10.0.0.5:123`. */
  readonly target: string;
  readonly timeoutSeconds: number;
  readonly startedAt: MonotonicInstant;
}

export function readingOf(answer: Answer, asked: Asked, timeBase: TimeBase): Reading {
  const now = timeBase.monotonic();
  const { outcome } = answer;
  const base = {
    source: 'ntp',
    target: asked.target,
    tookSeconds: secondsOf(now - asked.startedAt),
  } as const;
  if (outcome.kind === 'measured') {
    const facts = {
      ...noFacts,
      clock: clockOf(outcome, answer.stampedBy, timeBase),
      sync: syncOf(reportOf(outcome.best.packet)),
    };
    return { ...base, at: middleOf(outcome.best), result: { ok: true, facts } };
  }
  const failure = failureOf(outcome, asked.target, asked.timeoutSeconds);
  return { ...base, at: now, result: { ok: false, failure } };
}

/** Server minus time base, at the middle of the best exchange. */
export function clockOf(
  { best, samples }: Extract<ExchangeOutcome, { kind: 'measured' }>,
  stampedBy: Answer['stampedBy'],
  timeBase: TimeBase,
): ClockMeasurement {
  return {
    offset: widen(offsetOf(best, timeBase.instantAt), timeBase.precisionSeconds),
    delaySeconds: best.delaySeconds,
    stampedBy,
    samples,
  };
}

function syncOf(report: ServerReport): SyncState {
  return {
    synchronized: report.synchronized,
    // NTP does not tell which program answers, nor by what name it knows its source.
    daemon: null,
    source: null,
    stratum: report.stratum,
    refId: report.refId,
    leap: report.leap,
    rootDelaySeconds: report.rootDelaySeconds,
    rootDispersionSeconds: report.rootDispersionSeconds,
    rootDistanceSeconds: report.rootDistanceSeconds,
    referenceOffset: null,
  };
}
