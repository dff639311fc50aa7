/** The rules about one node, in the order in which a person should hear of them. */
import type { NodeObservation } from '../observe/index.ts';
import { daemonRule, idleDaemonRule, kernelRule, servedTimeRule } from './node-rules/daemon.ts';
import { medianRule, referenceRule, roleRule } from './node-rules/offset.ts';
import { readingRule } from './node-rules/reading.ts';
import type { NodeContext, Rule } from './node-rules/rule.ts';
import { sourceRule } from './node-rules/source.ts';
import { timezoneRule } from './node-rules/timezone.ts';
import { unknownSyncRule } from './node-rules/unknown-sync.ts';
import type { Reason } from './reason.ts';

export { isReachable } from './node-rules/reading.ts';
export type { NodeContext } from './node-rules/rule.ts';

const rules: readonly Rule[] = [
  readingRule,
  medianRule,
  roleRule,
  referenceRule,
  servedTimeRule,
  daemonRule,
  idleDaemonRule,
  kernelRule,
  unknownSyncRule,
  sourceRule,
  timezoneRule,
];

export function judgeNode(observation: NodeObservation, context: NodeContext): readonly Reason[] {
  return rules.flatMap((rule) => rule(observation, context));
}
