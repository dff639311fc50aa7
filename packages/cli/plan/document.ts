import type { ClusterDesign } from '@clockwarden/core/configure';
import type { ClusterPolicy } from '@clockwarden/core/policy';
import { type Language, localized } from '@clockwarden/core/text';
import type { PlannedNode } from '../commands/plan.ts';

/** `plan --json` and the plan file: everything that would be done, in the order in which it would be done. */
export function planDocument(
  policy: ClusterPolicy,
  design: ClusterDesign,
  plans: readonly PlannedNode[],
  order: readonly (readonly string[])[],
  language: Language,
): unknown {
  return {
    schema: 'clockwarden.plan/1',
    cluster: policy.name,
    topology: design.topology,
    problems: design.problems.map(({ severity, text }) => ({ severity, text: localized(text, language) })),
    order,
    nodes: plans.map(({ name, plan, failure }) => ({
      name,
      part: plan?.part ?? null,
      fingerprint: plan?.fingerprint ?? null,
      failure: failure === null ? null : { code: failure.code, text: localized(failure.text, language) },
      problems:
        plan?.problems.map(({ severity, text }) => ({ severity, text: localized(text, language) })) ?? [],
      actions:
        plan?.actions.map(({ action, reason, inverse }) => ({
          action,
          reason: localized(reason, language),
          inverse,
        })) ?? null,
    })),
  };
}
