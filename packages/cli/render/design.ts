import { withKeys } from '@clockwarden/adapters/config';
import { type ClusterDesign, designCluster } from '@clockwarden/core/configure';
import { OperatorError } from '@clockwarden/core/errors';
import type { ClusterPolicy, TimesyncConfig } from '@clockwarden/core/policy';
import { text } from '@clockwarden/core/text';

/** The design of the policy's `timesync:` block, its keys read; its warnings are in `problems`, its errors are thrown. */
export function designOrThrow(policy: ClusterPolicy): {
  readonly design: ClusterDesign;
  readonly timesync: TimesyncConfig;
} {
  const { timesync } = policy;
  if (timesync === undefined || !timesync.enabled) {
    throw new OperatorError('design-impossible', {
      detail: text('there is no enabled `timesync:` block', '没有启用的 `timesync:` 配置块'),
    });
  }
  const design = designCluster(policy, timesync);
  const errors = design.problems.filter((problem) => problem.severity === 'error');
  if (errors.length > 0) {
    throw new OperatorError('design-impossible', ...errors.map((problem) => ({ detail: problem.text })));
  }
  return { design, timesync: withKeys(timesync) };
}
