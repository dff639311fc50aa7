/** What an expert concludes about chronyd itself: does it follow anybody, and how does its clock run. */
import { LOCAL_REFERENCE } from '../chrony/index.ts';
import { formatDuration, formatPpm, text } from '../text/index.ts';
import { trueErrorBound } from './chrony-tracking.ts';
import type { PastedFacts } from './facts.ts';
import { commandsOfChronyd, type Rule } from './rule.ts';
import { aheadOrBehind, perDay } from './words.ts';

function isUnsynchronized({ tracking }: PastedFacts): boolean {
  return tracking !== null && (tracking.stratum === 0 || tracking.leap === 'unsynchronized');
}

export const chronyUnavailable: Rule = ({ chronyError }) => {
  if (chronyError === null) return null;
  if (chronyError.startsWith('501')) {
    return {
      code: 'chronyc-not-authorised',
      importance: 'attention',
      text: text('chronyc may not ask this as an ordinary user.', '普通用户无权用 chronyc 查询此项。'),
      next: text('Repeat it with sudo on the node itself.', '请在该节点上用 sudo 重新执行。'),
      commands: [],
    };
  }
  return {
    code: 'chronyd-not-reached',
    importance: 'problem',
    text: text('chronyd did not answer chronyc.', 'chronyd 没有应答 chronyc。'),
    next: text('See whether it runs, and what it said last.', '查看它是否在运行，以及最后的日志。'),
    commands: [...commandsOfChronyd('state').slice(2), ...commandsOfChronyd('logs')],
  };
};

export const neverSynchronized: Rule = (facts) => {
  if (!isUnsynchronized(facts)) return null;
  const never = facts.tracking?.refId === '00000000' && facts.tracking.referenceTimeSeconds == null;
  return {
    code: never ? 'never-synchronized' : 'unsynchronized',
    importance: 'problem',
    text: never
      ? text(
          'chronyd has not synchronized since it started: no source is good enough to follow.',
          'chronyd 自启动以来从未同步：没有足够好的源可跟随。',
        )
      : text('chronyd follows no source any more.', 'chronyd 不再跟随任何源。'),
    next: text(
      'Look at its sources first: are they resolved, do they answer, do they agree?',
      '先看它的源：是否已解析、是否有应答、是否一致？',
    ),
    commands: commandsOfChronyd('sources').slice(1, 2),
  };
};

export const slowSlew: Rule = (facts) => {
  const offset = facts.tracking?.systemOffsetSeconds;
  if (offset === undefined || Math.abs(offset) < 0.1 || isUnsynchronized(facts)) return null;
  const side = aheadOrBehind(offset);
  const least = formatDuration(Math.abs(offset) / 83_333e-6);
  return {
    code: 'large-offset-slewing',
    importance: Math.abs(offset) >= 1 ? 'problem' : 'attention',
    text: text(
      `The clock is ${side.en} true time and is slewed, not stepped: at the fastest ${least} more.`,
      `时钟${side.zh('真实时间')}，正在渐调而非跳变：最快还需 ${least}。`,
    ),
    next: text(
      '`makestep` does not step it: it is not configured, its threshold is larger, or its number of updates (as in `makestep 1.0 3`) is used up. Wait, or step once on purpose when nothing on the node minds the jump.',
      '`makestep` 没有使其跳变：未配置、阈值更大，或次数(如 `makestep 1.0 3`)已用完。可以等待，或在节点上的程序不受跳变影响时手动跳变一次。',
    ),
    commands: commandsOfChronyd('resync').filter(({ command }) => command.includes('makestep')),
  };
};

export const freeRunning: Rule = ({ tracking }) => {
  if (tracking?.refId !== LOCAL_REFERENCE) return null;
  return {
    code: 'free-running',
    importance: 'attention',
    text: text(
      'The node serves its own free-running clock (`local`). Its clients agree with each other, not with true time.',
      '本节点以自身自由运行的时钟提供时间(`local`)。其客户端彼此一致，但与真实时间无关。',
    ),
    next: text(
      'Right for an island; otherwise the upstream servers are unreachable: look at its sources.',
      '孤岛模式下正常；否则说明上游不可达：请查看它的源。',
    ),
    commands: commandsOfChronyd('sources').slice(1, 2),
  };
};

export const badOscillator: Rule = (facts) => {
  const { frequencyPpm: frequency, skewPpm: skew } = facts.tracking ?? {};
  if (frequency === undefined || isUnsynchronized(facts)) return null;
  if (Math.abs(frequency) >= 100) {
    return {
      code: 'frequency-extreme',
      importance: Math.abs(frequency) >= 450 ? 'problem' : 'attention',
      text: text(
        `The clock’s own rate is off by ${formatPpm(frequency)}, ${perDay(frequency)} a day; good hardware stays below 50 ppm.`,
        `时钟自身频率误差为 ${formatPpm(frequency)}，每天 ${perDay(frequency)}；良好硬件低于 50 ppm。`,
      ),
      next: text(
        'Look at the clocksource, and on a virtual machine at its host: pauses and migrations look like this.',
        '检查 clocksource；若为虚拟机，检查宿主机：暂停和迁移会造成这种现象。',
      ),
      commands: [],
    };
  }
  const settled = (facts.sourceStats ?? []).some(({ samples }) => samples >= 8);
  if (skew === undefined || skew < 10 || !settled) return null;
  return {
    code: 'frequency-unsteady',
    importance: 'attention',
    text: text(
      `The frequency stays uncertain (±${formatPpm(skew).replace('+', '')}) although there are enough samples: the oscillator or the path is unsteady.`,
      `样本已足够，但频率仍不确定(±${formatPpm(skew).replace('+', '')})：晶振或路径不稳定。`,
    ),
    next: text('Compare with a neighbour on the same network.', '与同一网络中的相邻节点比较。'),
    commands: [],
  };
};

/** Without tracking the mark says whom it follows. */
export const followsSource: Rule = ({ tracking, sources }) => {
  const best = sources?.find(({ state, reach }) => state === 'selected' && reach > 0);
  if (tracking !== null || best === undefined) return null;
  return {
    code: 'follows-source',
    importance: 'good',
    text: text(
      `chronyd follows ${best.name}, whose last sample was certain to ±${formatDuration(best.errorSeconds)}.`,
      `chronyd 正在跟随 ${best.name}，其最近样本的误差界为 ±${formatDuration(best.errorSeconds)}。`,
    ),
    next: null,
    commands: [],
  };
};

/** All is well: says whom it follows and how far off it can be. */
export const chronySynchronized: Rule = (facts) => {
  const { tracking } = facts;
  if (tracking === null || tracking.stratum === undefined || isUnsynchronized(facts)) return null;
  if (tracking.refId === LOCAL_REFERENCE || tracking.refId === undefined) return null;
  const bound = trueErrorBound(tracking);
  const name = tracking.refName ?? tracking.refId;
  return {
    code: 'synchronized',
    importance: 'good',
    text:
      bound === null
        ? text(`Synchronized to ${name}.`, `已同步到 ${name}。`)
        : text(
            `Synchronized to ${name}; the clock is within ${formatDuration(bound)} of its reference.`,
            `已同步到 ${name}；时钟与其参考之差不超过 ${formatDuration(bound)}。`,
          ),
    next: null,
    commands: [],
  };
};
