/** The rules about who disciplines the clock, and whether the kernel was told. */

import { parseChronyConf } from '../../chrony-conf/index.ts';
import type { ConfigFile, NodeObservation } from '../../observe/index.ts';
import { formatOffset, type Text, text } from '../../text/index.ts';
import { dangerOfFreeRunning } from '../dangers.ts';
import type { Reason } from '../reason.ts';
import type { Rule } from './rule.ts';

export const daemonRule: Rule = (observation) => {
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
        `${daemon === null ? '时间守护进程' : `${daemon} `}没有跟随任何时间源：未同步。`,
      ),
      endangers: dangerOfFreeRunning,
      evidence: { daemon, stratum: sync.value.stratum, leap: sync.value.leap },
      source: sync.source,
      ageSeconds: sync.ageSeconds,
    });
  }
  return reasons;
};

/**
 * The kernel flag. chronyd clears it only with `rtcsync`, at its first correction after the clock was set, and only while its
 * root distance is below 16 s (MAX_SYNC_ERROR of chrony's sys_timex.c); timesyncd and ntpd always do.
 */
export const kernelRule: Rule = (observation) => {
  const { kernel, sync } = observation.facts;
  if (kernel === null || !kernel.value.unsync) return [];
  const isSynchronized =
    sync?.value.daemon === 'chronyd' && sync.value.synchronized === true && !leavesClockAlone(observation);
  const rtcsync = isSynchronized ? readsRtcsync(observation) : null;
  return [
    {
      code: isSynchronized && rtcsync !== true ? 'kernel-unsync-rtcsync' : 'kernel-unsync',
      severity: 'warning',
      text: isSynchronized ? unsyncUnderChronyd(rtcsync) : nobodyVouches,
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

const nobodyVouches = text(
  'The kernel flag STA_UNSYNC is set: nobody vouches for this clock.',
  '内核标志 STA_UNSYNC 已置位：没有程序为该时钟担保。',
);

function unsyncUnderChronyd(rtcsync: boolean | null): Text {
  const [en, zh] =
    rtcsync === true
      ? [
          'the clock was set a moment ago, or the error bound is above 16 s; a later correction clears it.',
          '时钟刚被设置过，或误差界超过 16 s；之后的校正会将其清除。',
        ]
      : rtcsync === false
        ? ['`rtcsync` is missing in its configuration.', '其配置中缺少 `rtcsync`。']
        : [
            '`rtcsync` is missing in its configuration, or the clock was set a moment ago.',
            '其配置中缺少 `rtcsync`，或时钟刚被设置过。',
          ];
  return text(
    `chronyd is synchronized, but the kernel flag STA_UNSYNC stays set: ${en}`,
    `chronyd 已同步，但内核标志 STA_UNSYNC 仍置位：${zh}`,
  );
}

/** Null: its configuration was not seen, or not all of it. */
function readsRtcsync({ facts }: Parameters<Rule>[0]): boolean | null {
  const files = facts.configFiles?.value.filter(({ path }) => path.includes('chrony')) ?? [];
  const has = ({ content }: ConfigFile): boolean =>
    parseChronyConf(content).directives.some(({ name }) => name === 'rtcsync');
  if (files.some(has)) return true;
  return files.length === 0 || files.some(({ truncated }) => truncated) ? null : false;
}

/** chronyd that was told to leave the clock alone (`-x`): what it says of its sources holds, not that the clock follows. */
export const idleDaemonRule: Rule = (observation) => {
  const { sync } = observation.facts;
  if (sync === null || !leavesClockAlone(observation)) return [];
  return [
    {
      code: 'daemon-leaves-clock',
      severity: 'warning',
      text: text(
        'A chronyd answers, but none runs that sets this clock: it was started with -x (usual in a container), or runs elsewhere.',
        'chronyd 有应答，但没有设置本机时钟的 chronyd 在运行：它以 -x 启动(容器中常见)，或运行在别处。',
      ),
      endangers: text(
        'Its “synchronized” says nothing of this node’s clock.',
        '它报告的“已同步”并不代表本节点的时钟。',
      ),
      evidence: { daemon: sync.value.daemon, runningThatSetClock: 0 },
      source: sync.source,
      ageSeconds: sync.ageSeconds,
    },
  ];
};

/** By one reading that saw both its answer and the processes: two readings may have seen it before and after a start. */
function leavesClockAlone({ facts: { daemons }, readings }: NodeObservation): boolean {
  if (daemons === null || daemons.value.some(({ kind, running }) => kind === 'chronyd' && running))
    return false;
  return readings.some(
    ({ result }) =>
      result.ok && result.facts.daemons === daemons.value && result.facts.sync?.daemon === 'chronyd',
  );
}

/** The node serves another time than it has. */
export const servedTimeRule: Rule = ({ servedElsewhere }) => {
  if (servedElsewhere === null) return [];
  const { offset, source, ageSeconds } = servedElsewhere;
  return [
    {
      code: 'serves-other-time',
      severity: 'warning',
      text: text(
        `Its answers by NTP stand ${formatOffset(offset)} from its own clock (by ${source}): its daemon leaves the clock alone (chronyd -x, usual in a container) or is still slewing it, or another machine answers.`,
        `它通过 NTP 应答的时间与自身时钟(据 ${source})相差 ${formatOffset(offset)}：守护进程不设置时钟(chronyd -x，容器中常见)或仍在渐调，或由另一台机器应答。`,
      ),
      endangers: text(
        'Whoever follows this node by NTP gets another time than its logs, tokens and certificates see.',
        '以 NTP 跟随本节点的机器得到的时间，与本节点的日志、令牌和证书所用的时间不同。',
      ),
      evidence: { offsetSeconds: offset.seconds, lowSeconds: offset.low, highSeconds: offset.high },
      source,
      ageSeconds,
    },
  ];
};
