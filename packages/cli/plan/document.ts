import type { PlanDocument } from '@clockwarden/adapters/configure';
import type { DesignProblem } from '@clockwarden/core/configure';
import type { ClusterPolicy } from '@clockwarden/core/policy';
import { type Language, localized } from '@clockwarden/core/text';
import type { MeasuredCorrection } from '../verify/index.ts';
import { describeCorrection } from './describe.ts';
import type { ClusterPlan, Corrections } from './make.ts';

/** `plan --json` and the plan file: everything that would be done, in the order in which it would be done. */
export function planDocument(
  policy: ClusterPolicy,
  { design, nodes, order }: ClusterPlan,
  corrections: Corrections,
  language: Language,
  at: Date,
): PlanDocument {
  const problemsOf = (problems: readonly DesignProblem[]): PlanDocument['problems'] =>
    problems.map(({ severity, text }) => ({ severity, text: localized(text, language) }));
  return {
    schema: 'clockwarden.plan/1',
    cluster: policy.name,
    at: at.toISOString(),
    topology: design.topology,
    problems: problemsOf(design.problems),
    order,
    nodes: nodes.map(({ name, plan, failure }) => ({
      name,
      part: plan?.part ?? null,
      seen: plan?.seen ?? null,
      failure: failure === null ? null : { code: failure.code, text: localized(failure.text, language) },
      problems: problemsOf(plan?.problems ?? []),
      ...correctionJson(corrections.get(name), language),
      actions:
        plan?.actions.map(({ action, reason, inverse }) => ({
          action,
          reason: localized(reason, language),
          inverse,
        })) ?? null,
    })),
  };
}

function correctionJson(
  measured: MeasuredCorrection | undefined,
  language: Language,
): Pick<PlanDocument['nodes'][number], 'offset' | 'correction'> {
  if (measured === undefined) return { offset: null, correction: null };
  const { offset, correction } = measured;
  return {
    offset:
      offset === null ? null : { seconds: offset.seconds, lowSeconds: offset.low, highSeconds: offset.high },
    correction: {
      kind: correction.kind,
      seconds: 'seconds' in correction ? correction.seconds : null,
      durationSeconds: correction.kind === 'slew' ? correction.durationSeconds : null,
      text: localized(describeCorrection(correction), language),
    },
  };
}
