/** The rules about one node. Each looks at one thing and says nothing when it is fine. */
import { primaryRole } from '../inventory/index.ts';
import type { NodeObservation, Reading } from '../observe/index.ts';
import type { ClusterPolicy } from '../policy/index.ts';
import { formatOffset, formatSeconds, text } from '../text/index.ts';
import { type Estimate, secondsOf } from '../time/index.ts';
import { compareWithLimit } from './compare.ts';
import { dangerOfFreeRunning, dangerOfOffset } from './dangers.ts';
import type { Reason } from './reason.ts';
import { unknownSyncRule } from './unknown-sync.ts';

export interface NodeContext {
  readonly policy: ClusterPolicy;
  /** Node against the cluster median, or against the other node where there are two; null: unknown. */
  readonly offset: Estimate | null;
  readonly comparedWith: 'median' | 'other-node' | 'nothing';
  /** Whom the policy wants it to follow, by all their names; empty: not said. */
  readonly intended: readonly string[];
  /** The timezone that most nodes have; null when there is no majority. */
  readonly commonTimezone: string | null;
}

export type Rule = (observation: NodeObservation, context: NodeContext) => readonly Reason[];

export function judgeNode(observation: NodeObservation, context: NodeContext): readonly Reason[] {
  return rules.flatMap((rule) => rule(observation, context));
}

/** MISSION A1: beyond the warning or the critical limit from the median. */
const medianRule: Rule = (observation, { policy, offset, comparedWith }) => {
  const clock = observation.facts.clock;
  if (offset === null || clock === null) return [];
  const { medianWarningSeconds, medianCriticalSeconds } = policy.limits;
  const against =
    comparedWith === 'median' ? text('the cluster median', '集群中位数') : text('the other node', '另一节点');
  const make = (
    code: Reason['code'],
    severity: Reason['severity'],
    limitSeconds: number,
    en: string,
    zh: string,
  ): Reason => ({
    code,
    severity,
    text: text(
      `Offset from ${against.en} ${formatOffset(offset)}: ${en} ±${formatSeconds(limitSeconds)}.`,
      `相对${against['zh-CN']}的偏移 ${formatOffset(offset)}：${zh} ±${formatSeconds(limitSeconds)}。`,
    ),
    endangers: dangerOfOffset(offset.seconds),
    evidence: {
      offsetSeconds: offset.seconds,
      lowSeconds: offset.low,
      highSeconds: offset.high,
      limitSeconds,
    },
    source: clock.source,
    ageSeconds: clock.ageSeconds,
  });
  const pair = comparedWith === 'other-node';
  if (compareWithLimit(offset, medianCriticalSeconds) === 'beyond') {
    return [
      make(
        pair ? 'pair-disagrees' : 'offset-critical',
        'critical',
        medianCriticalSeconds,
        'beyond the critical limit of',
        '超出严重限值',
      ),
    ];
  }
  const against30 = compareWithLimit(offset, medianWarningSeconds);
  if (against30 === 'beyond') {
    return [
      make(
        pair ? 'pair-disagrees' : 'offset-warning',
        'warning',
        medianWarningSeconds,
        'beyond the warning limit of',
        '超出警告限值',
      ),
    ];
  }
  if (against30 === 'straddles') {
    return [
      make(
        'offset-undetermined',
        'undetermined',
        medianWarningSeconds,
        'cannot be told from the warning limit of',
        '无法与警告限值区分：',
      ),
    ];
  }
  return [];
};

/** MISSION C1: limits by role, far tighter than the median rule. Silent where the median rule has spoken. */
const roleRule: Rule = (observation, { policy, offset }) => {
  const clock = observation.facts.clock;
  if (offset === null || clock === null) return [];
  if (compareWithLimit(offset, policy.limits.medianWarningSeconds) !== 'within') return [];
  const role = primaryRole(observation.node.roles);
  const limitSeconds = policy.limits.roleSeconds[role];
  const place = compareWithLimit(offset, limitSeconds);
  if (place === 'within') return [];
  const evidence = {
    offsetSeconds: offset.seconds,
    lowSeconds: offset.low,
    highSeconds: offset.high,
    limitSeconds,
    role,
  };
  const found = {
    endangers: dangerOfOffset(offset.seconds),
    evidence,
    source: clock.source,
    ageSeconds: clock.ageSeconds,
  };
  if (place === 'beyond') {
    return [
      {
        code: 'role-limit',
        severity: 'warning',
        text: text(
          `Offset ${formatOffset(offset)}: beyond ±${formatSeconds(limitSeconds)}, the limit of a ${role} node.`,
          `偏移 ${formatOffset(offset)}：超出 ${role} 角色的限值 ±${formatSeconds(limitSeconds)}。`,
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
        `Offset ${formatOffset(offset)} cannot be told from ±${formatSeconds(limitSeconds)}, the limit of a ${role} node: a tighter source (ntp, ssh) is needed.`,
        `偏移 ${formatOffset(offset)} 无法与 ${role} 角色的限值 ±${formatSeconds(limitSeconds)} 区分：需要更精确的来源(ntp、ssh)。`,
      ),
      ...found,
    },
  ];
};

/** The daemon itself says how far the node stands from its reference. */
const referenceRule: Rule = (observation, { policy }) => {
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
      evidence: {
        offsetSeconds: offset.seconds,
        lowSeconds: offset.low,
        highSeconds: offset.high,
        limitSeconds,
      },
      source: sync.source,
      ageSeconds: sync.ageSeconds,
    },
  ];
};

const daemonRule: Rule = (observation) => {
  const { daemons, sync } = observation.facts;
  const reasons: Reason[] = [];
  const running = daemons?.value.filter((daemon) => daemon.running && daemon.kind !== 'vm-tools') ?? [];
  if (daemons !== null && running.length === 0) {
    reasons.push({
      code: 'no-daemon',
      severity: 'warning',
      text: text(
        'No time daemon runs: the clock is left to its oscillator.',
        '没有时间守护进程在运行：时钟只靠晶振走时。',
      ),
      endangers: dangerOfFreeRunning,
      evidence: { running: 0 },
      source: daemons.source,
      ageSeconds: daemons.ageSeconds,
    });
  }
  // phc2sys beside chronyd or ntpd writes the same clock; ptp4l does not.
  if (daemons !== null && running.length > 1) {
    const names = running.map((daemon) => daemon.kind).join(', ');
    reasons.push({
      code: 'several-daemons',
      severity: 'warning',
      text: text(
        `${running.length} time daemons write one clock: ${names}.`,
        `${running.length} 个时间守护进程在写同一个时钟：${names}。`,
      ),
      endangers: text(
        'They correct each other’s corrections; the clock never settles.',
        '它们会互相修正对方的修正，时钟永远无法稳定。',
      ),
      evidence: { running: running.length, daemons: names },
      source: daemons.source,
      ageSeconds: daemons.ageSeconds,
    });
  }
  if (sync !== null && sync.value.synchronized === false && running.length + (daemons === null ? 1 : 0) > 0) {
    const daemon = sync.value.daemon;
    reasons.push({
      code: 'not-synchronized',
      severity: 'warning',
      text: text(
        `${daemon ?? 'The time daemon'} follows no source: unsynchronized.`,
        `${daemon ?? '时间守护进程'}没有跟随任何时间源：未同步。`,
      ),
      endangers: dangerOfFreeRunning,
      evidence: { daemon, stratum: sync.value.stratum, leap: sync.value.leap },
      source: sync.source,
      ageSeconds: sync.ageSeconds,
    });
  }
  return reasons;
};

/** MISSION A2. chronyd clears the flag only with `rtcsync`; timesyncd and ntpd always do. */
const kernelRule: Rule = (observation) => {
  const { kernel, sync } = observation.facts;
  if (kernel === null || !kernel.value.unsync) return [];
  const rtcsyncMissing = sync?.value.daemon === 'chronyd' && sync.value.synchronized === true;
  return [
    {
      code: rtcsyncMissing ? 'kernel-unsync-rtcsync' : 'kernel-unsync',
      severity: 'warning',
      text: rtcsyncMissing
        ? text(
            'chronyd is synchronized, but the kernel flag STA_UNSYNC stays set: `rtcsync` is missing in its configuration.',
            'chronyd 已同步，但内核标志 STA_UNSYNC 仍置位：其配置中缺少 `rtcsync`。',
          )
        : text(
            'The kernel flag STA_UNSYNC is set: nobody vouches for this clock.',
            '内核标志 STA_UNSYNC 已置位：没有程序为该时钟担保。',
          ),
      endangers: text(
        'node_timex_sync_status is 0, so alerts on it fire; the hardware clock is not kept in step.',
        'node_timex_sync_status 为 0，相关告警会触发；硬件时钟也不会随之校正。',
      ),
      evidence: {
        unsync: true,
        maxErrorSeconds: kernel.value.maxErrorSeconds,
        estErrorSeconds: kernel.value.estErrorSeconds,
      },
      source: kernel.source,
      ageSeconds: kernel.ageSeconds,
    },
  ];
};

const sourceRule: Rule = (observation, { intended }) => {
  const sync = observation.facts.sync;
  const followed = sync?.value.source ?? null;
  if (sync === null || followed === null || intended.length === 0) return [];
  const selected = observation.facts.chrony?.value.sources?.find((source) => source.state === 'selected');
  const names = [followed, selected?.name, selected?.address];
  if (intended.some((server) => names.includes(server))) return [];
  // An address may be that of a host name in the list, or a reference clock's: then nobody can tell.
  if (names.every((name) => name === undefined || isAddress(name)) && !intended.every(isAddress)) return [];
  if (selected?.mode === 'refclock') return [];
  return [
    {
      code: 'unintended-source',
      severity: 'warning',
      text: text(
        `Follows ${followed}, which the policy does not name (${intended.join(', ')}).`,
        `跟随 ${followed}，策略中没有它(${intended.join('、')})。`,
      ),
      endangers: null,
      evidence: { followed, intended: intended.join(' ') },
      source: sync.source,
      ageSeconds: sync.ageSeconds,
    },
  ];
};

/** IPv4 or IPv6 literal, as far as telling it from a host name goes. */
function isAddress(name: string): boolean {
  return /^[0-9.]+$/.test(name) || name.includes(':');
}

const timezoneRule: Rule = (observation, { policy, commonTimezone }) => {
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

const readingRule: Rule = (observation) => {
  const failed = observation.readings.filter((reading) => !reading.result.ok);
  if (!isReachable(observation)) {
    return [
      {
        code: 'unreachable',
        severity: 'undetermined',
        text: firstFailure(failed)?.text ?? text('No source has answered yet.', '还没有任何来源应答。'),
        endangers: null,
        evidence: { sourcesAsked: observation.readings.length },
        source: failed[0]?.source ?? null,
        ageSeconds: failed[0] === undefined ? null : secondsOf(observation.now - failed[0].at),
      },
    ];
  }
  const reasons: Reason[] = failed.map((reading) => ({
    code: 'source-failed',
    severity: 'info',
    text: firstFailure([reading])?.text ?? text('A source failed.', '某个来源失败。'),
    endangers: null,
    evidence: { source: reading.source, target: reading.target },
    source: reading.source,
    ageSeconds: secondsOf(observation.now - reading.at),
  }));
  if (observation.facts.clock === null) {
    reasons.unshift({
      code: 'no-clock',
      severity: 'undetermined',
      text: text(
        'The node answers, but none of its sources can read its clock now.',
        '节点有应答，但目前没有来源能读出它的时钟。',
      ),
      endangers: null,
      evidence: {},
      source: null,
      ageSeconds: null,
    });
  }
  return reasons;
};

const rules: readonly Rule[] = [
  readingRule,
  medianRule,
  roleRule,
  referenceRule,
  daemonRule,
  kernelRule,
  unknownSyncRule,
  sourceRule,
  timezoneRule,
];

/** Some source has something fresh to say about the node. */
export function isReachable(observation: NodeObservation): boolean {
  return Object.values(observation.facts).some((fact) => fact !== null);
}

function firstFailure(readings: readonly Reading[]): { readonly text: Reason['text'] } | null {
  const result = readings[0]?.result;
  return result === undefined || result.ok ? null : result.failure;
}
