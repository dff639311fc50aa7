/** `clockwarden chrony --json`: docs/reference/json-chrony.md. */
import type { ChronyAnswer } from '@clockwarden/adapters/chrony';
import { explainChrony, gravest } from '@clockwarden/core/explain';
import type { ChronySource, ChronyState, FailureCode } from '@clockwarden/core/observe';
import type { Text } from '@clockwarden/core/text';
import { type ExplanationJson, explanationJson } from '../explain/json.ts';

/** `undetermined`: it answered, but its tracking was lost or refused. */
export type ChronyVerdict = 'ok' | 'warning' | 'critical' | 'undetermined' | 'unreachable';

export interface ChronyReport {
  readonly schema: 'clockwarden.chrony/1';
  readonly target: string;
  readonly at: string;
  readonly tookSeconds: number;
  readonly verdict: ChronyVerdict;
  readonly error: { readonly code: FailureCode; readonly text: string; readonly hint: string | null } | null;
  readonly tracking: ChronyState['tracking'];
  readonly sources: readonly SourceJson[] | null;
  readonly sourceStats: ChronyState['sourceStats'];
  readonly activity: ChronyState['activity'];
  readonly explanation: ExplanationJson | null;
}

/** Of a source never heard the offsets are unknown, not 0. */
type SourceJson = Omit<ChronySource, 'adjustedOffsetSeconds' | 'measuredOffsetSeconds' | 'errorSeconds'> & {
  readonly adjustedOffsetSeconds: number | null;
  readonly measuredOffsetSeconds: number | null;
  readonly errorSeconds: number | null;
};

export interface Asked {
  readonly target: string;
  readonly at: Date;
  readonly tookSeconds: number;
}

export function verdictOf(answer: ChronyAnswer): ChronyVerdict {
  if (!answer.ok) return 'unreachable';
  const worst = gravest(explainChrony(answer.state).conclusions);
  if (worst === 'problem') return 'critical';
  if (answer.state.tracking === null) return 'undetermined';
  return worst === 'attention' ? 'warning' : 'ok';
}

export function chronyReport(asked: Asked, answer: ChronyAnswer, t: (text: Text) => string): ChronyReport {
  const state = answer.ok ? answer.state : null;
  return {
    schema: 'clockwarden.chrony/1',
    target: asked.target,
    at: asked.at.toISOString(),
    tookSeconds: asked.tookSeconds,
    verdict: verdictOf(answer),
    error: answer.ok
      ? null
      : {
          code: answer.failure.code,
          text: t(answer.failure.text),
          hint: answer.failure.hint === undefined ? null : t(answer.failure.hint),
        },
    tracking: state?.tracking ?? null,
    sources: state?.sources?.map(sourceJson) ?? null,
    sourceStats: state?.sourceStats ?? null,
    activity: state?.activity ?? null,
    explanation: state === null ? null : explanationJson(explainChrony(state), t),
  };
}

function sourceJson(source: ChronySource): SourceJson {
  return source.lastSampleAgeSeconds !== null
    ? source
    : { ...source, adjustedOffsetSeconds: null, measuredOffsetSeconds: null, errorSeconds: null };
}
