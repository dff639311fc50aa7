/** The rules about how far a node's clock stands off: from the median, by its role, from its daemon's reference. */
import { primaryRole } from '../../inventory/index.ts';
import { formatOffset, formatSeconds, type Text, text } from '../../text/index.ts';
import type { Estimate } from '../../time/index.ts';
import { compareWithLimit } from '../compare.ts';
import { dangerOfOffset } from '../dangers.ts';
import type { Reason } from '../reason.ts';
import type { NodeContext, Rule } from './rule.ts';

/** Beyond the warning or the critical limit from the median. */
export const medianRule: Rule = (observation, { policy, offset, comparedWith }) => {
  const clock = observation.facts.clock;
  if (offset === null || clock === null) return [];
  const { medianWarningSeconds, medianCriticalSeconds } = policy.limits;
  const against = otherClock(comparedWith);
  const pair = comparedWith === 'other-node';
  const reason = (
    code: Reason['code'],
    severity: Reason['severity'],
    limitSeconds: number,
    words: Text,
  ): readonly Reason[] => [
    {
      code,
      severity,
      text: text(
        `Offset from ${against.en} ${formatOffset(offset)}: ${words.en} ±${formatSeconds(limitSeconds)}.`,
        `相对${against['zh-CN']}的偏移 ${formatOffset(offset)}：${words['zh-CN']} ±${formatSeconds(limitSeconds)}。`,
      ),
      endangers: dangerOfOffset(offset.seconds),
      evidence: evidenceOf(offset, limitSeconds),
      source: clock.source,
      ageSeconds: clock.ageSeconds,
    },
  ];
  if (compareWithLimit(offset, medianCriticalSeconds) === 'beyond') {
    const words = text('beyond the critical limit of', '超出严重限值');
    return reason(pair ? 'pair-disagrees' : 'offset-critical', 'critical', medianCriticalSeconds, words);
  }
  switch (compareWithLimit(offset, medianWarningSeconds)) {
    case 'beyond': {
      const words = text('beyond the warning limit of', '超出警告限值');
      return reason(pair ? 'pair-disagrees' : 'offset-warning', 'warning', medianWarningSeconds, words);
    }
    case 'straddles': {
      const words = text('cannot be told from the warning limit of', '无法与警告限值区分：');
      return reason('offset-undetermined', 'undetermined', medianWarningSeconds, words);
    }
    case 'within':
      return [];
  }
};

/** Limits by role, far tighter than the median rule. Silent where the median rule has spoken. */
export const roleRule: Rule = (observation, { policy, offset, comparedWith }) => {
  const clock = observation.facts.clock;
  if (offset === null || clock === null) return [];
  if (compareWithLimit(offset, policy.limits.medianWarningSeconds) !== 'within') return [];
  const role = primaryRole(observation.node.roles);
  const limitSeconds = policy.limits.roleSeconds[role];
  const place = compareWithLimit(offset, limitSeconds);
  if (place === 'within') return [];
  const against = otherClock(comparedWith);
  const [off, limit] = [formatOffset(offset), `±${formatSeconds(limitSeconds)}`];
  const found = {
    endangers: dangerOfOffset(offset.seconds),
    evidence: { ...evidenceOf(offset, limitSeconds), role, comparedWith },
    source: clock.source,
    ageSeconds: clock.ageSeconds,
  };
  // Of two nodes each is as far from the other: nobody can tell which one is off.
  const which =
    comparedWith === 'other-node'
      ? text(' With two clocks nobody can tell which one is off.', '只有两个时钟时无法判断是哪一个偏了。')
      : text('', '');
  if (place === 'beyond') {
    return [
      {
        code: 'role-limit',
        severity: 'warning',
        text: text(
          `Offset from ${against.en} ${off}: beyond ${limit}, the limit of a ${role} node.${which.en}`,
          `相对${against['zh-CN']}的偏移 ${off}：超出 ${role} 角色的限值 ${limit}。${which['zh-CN']}`,
        ),
        ...found,
      },
    ];
  }
  return [
    {
      code: 'role-limit-undetermined',
      severity: 'undetermined',
      text: text(
        `Offset from ${against.en} ${off} cannot be told from ${limit}, the limit of a ${role} node: a tighter source (ntp, ssh) is needed.`,
        `相对${against['zh-CN']}的偏移 ${off} 无法与 ${role} 角色的限值 ${limit} 区分：需要更精确的来源(ntp、ssh)。`,
      ),
      ...found,
    },
  ];
};

/** The daemon itself says how far the node stands from its reference. */
export const referenceRule: Rule = (observation, { policy }) => {
  const sync = observation.facts.sync;
  const offset = sync?.value.referenceOffset ?? null;
  if (sync === null || offset === null) return [];
  const role = primaryRole(observation.node.roles);
  const limitSeconds = policy.limits.roleSeconds[role];
  if (compareWithLimit(offset, limitSeconds) !== 'beyond') return [];
  return [
    {
      code: 'reference-offset',
      severity: 'warning',
      text: text(
        `Its daemon puts the clock ${formatOffset(offset)} from its reference: beyond ±${formatSeconds(limitSeconds)}.`,
        `守护进程显示时钟相对参考 ${formatOffset(offset)}：超出 ±${formatSeconds(limitSeconds)}。`,
      ),
      endangers: dangerOfOffset(offset.seconds),
      evidence: evidenceOf(offset, limitSeconds),
      source: sync.source,
      ageSeconds: sync.ageSeconds,
    },
  ];
};

/** Seconds, positive = ahead. */
function evidenceOf(
  offset: Estimate,
  limitSeconds: number,
): Readonly<Record<'offsetSeconds' | 'lowSeconds' | 'highSeconds' | 'limitSeconds', number>> {
  return {
    offsetSeconds: offset.seconds,
    lowSeconds: offset.low,
    highSeconds: offset.high,
    limitSeconds,
  };
}

function otherClock(comparedWith: NodeContext['comparedWith']): Text {
  return comparedWith === 'median'
    ? text('the cluster median', '集群中位数')
    : text('the other node', '另一节点');
}
