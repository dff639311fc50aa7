import { text } from '../../text/index.ts';
import type { Reason } from '../reason.ts';
import type { Rule } from './rule.ts';

/** The zone in effect against the one that is wanted, or that most nodes have. */
export const timezoneRule: Rule = (observation, { policy, commonTimezone }) => {
  const timezone = observation.facts.timezone;
  if (timezone === null) return [];
  const provenance = { source: timezone.source, ageSeconds: timezone.ageSeconds };
  const reasons: Reason[] = [];
  const { name, localtime } = timezone.value;
  if (localtime === 'broken') {
    reasons.push({
      code: 'localtime-broken',
      severity: 'warning',
      text: text(
        '/etc/localtime points nowhere: programs fall back to UTC.',
        '/etc/localtime 指向不存在的文件：程序会退回 UTC。',
      ),
      endangers: text('Local times in logs and cron jobs are off.', '日志和 cron 任务中的本地时间会错。'),
      evidence: { localtime },
      ...provenance,
    });
  }
  const wanted = observation.node.timezone ?? policy.timezone;
  if (wanted !== null && name !== null && name !== wanted) {
    reasons.push({
      code: 'timezone-policy',
      severity: 'warning',
      text: text(`Timezone ${name}, the policy wants ${wanted}.`, `时区为 ${name}，策略要求 ${wanted}。`),
      endangers: text(
        'Local times in logs and cron jobs differ between nodes.',
        '各节点日志和 cron 任务的本地时间不一致。',
      ),
      evidence: { timezone: name, wanted },
      ...provenance,
    });
  } else if (wanted === null && name !== null && commonTimezone !== null && name !== commonTimezone) {
    reasons.push({
      code: 'timezone-differs',
      severity: 'info',
      text: text(
        `Timezone ${name}, most nodes have ${commonTimezone}.`,
        `时区为 ${name}，多数节点为 ${commonTimezone}。`,
      ),
      endangers: null,
      evidence: { timezone: name, common: commonTimezone },
      ...provenance,
    });
  }
  return reasons;
};
