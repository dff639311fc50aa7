/** `chronyc tracking`, value by value. A part that was not pasted is undefined and left out. */
import { LOCAL_REFERENCE } from '../chrony/index.ts';
import type { ChronyTracking } from '../observe/index.ts';
import { formatUtc } from '../output/index.ts';
import { formatDuration, formatPpm, type Text, text } from '../text/index.ts';
import type { ExplainedSection, ExplainedValue } from './structure.ts';
import { aheadOrBehind, perDay, sentences, signedSeconds, value } from './words.ts';

export type PartialTracking = Partial<ChronyTracking>;

/** chronyd slews at 83,333 ppm at most (maxslewrate): a twelfth of real time. */
const FASTEST_SLEW = 83_333e-6;

export function explainTracking(tracking: PartialTracking): ExplainedSection {
  return {
    kind: 'chrony-tracking',
    title: text('chronyc tracking: the clock as chronyd sees it', 'chronyc tracking:chronyd 眼中的时钟'),
    lines: null,
    rows: [],
    values: [
      ...who(tracking),
      ...offsets(tracking),
      ...frequencies(tracking),
      ...roots(tracking),
      ...leap(tracking),
    ],
  };
}

function who({ refId, refName, stratum, referenceTimeSeconds }: PartialTracking): ExplainedValue[] {
  const values: ExplainedValue[] = [];
  if (refId !== undefined) {
    const shown = refName == null ? refId : `${refId} (${refName})`;
    if (refId === LOCAL_REFERENCE) {
      values.push(
        value(
          'Reference ID',
          shown,
          text(
            'Its own clock: `local` is on and no source is selected, so the clock runs free and is served all the same.',
            '自身时钟：启用了 `local` 且未选中任何源，时钟自由运行，但仍对外提供时间。',
          ),
          'attention',
        ),
      );
    } else if (refId === '00000000') {
      values.push(
        value('Reference ID', shown, text('No source has been selected.', '尚未选中任何时间源。'), 'problem'),
      );
    } else {
      const name = refName ?? refId;
      values.push(
        value('Reference ID', shown, text(`chronyd follows ${name}.`, `chronyd 正在跟随 ${name}。`), 'good'),
      );
    }
  }
  if (stratum !== undefined) values.push(explainStratum(stratum, refId));
  if (referenceTimeSeconds !== undefined) {
    values.push(
      referenceTimeSeconds === null
        ? value(
            'Ref time (UTC)',
            '—',
            text('There never was an update from a source.', '从未由时间源更新过。'),
          )
        : value(
            'Ref time (UTC)',
            formatUtc(referenceTimeSeconds),
            text(
              'When the last sample of the selected source was used. Much older than eight polls: the source is gone.',
              '最近一次采用所选源样本的时间。若远早于八次轮询之前，说明该源已失联。',
            ),
          ),
    );
  }
  return values;
}

function explainStratum(stratum: number, refId: string | undefined): ExplainedValue {
  const label = 'Stratum';
  if (stratum === 0) return value(label, '0', text('Not synchronized.', '未同步。'), 'problem');
  if (refId === LOCAL_REFERENCE) {
    return value(
      label,
      String(stratum),
      text('Claimed by the `local` line, not earned from a source.', '由 `local` 指令声明，并非来自时间源。'),
    );
  }
  return value(
    label,
    String(stratum),
    stratum === 1
      ? text('It has a reference clock of its own (GNSS, PTP, PPS).', '自身连接参考时钟(GNSS、PTP、PPS)。')
      : text(
          `Its source has stratum ${stratum - 1}; stratum 1 is a machine with a reference clock.`,
          `其时间源为层级 ${stratum - 1}；层级 1 是连接参考时钟的机器。`,
        ),
  );
}

function offsets(tracking: PartialTracking): ExplainedValue[] {
  const { systemOffsetSeconds: system, lastOffsetSeconds: last, rmsOffsetSeconds: rms } = tracking;
  const values: ExplainedValue[] = [];
  if (system !== undefined) values.push(explainSystemTime(system, tracking));
  if (last !== undefined) {
    const side = aheadOrBehind(last);
    values.push(
      value(
        'Last offset',
        signedSeconds(last),
        text(
          `At the last update the clock stood ${side.en} the source.`,
          `最近一次更新时，时钟${side.zh('时间源')}。`,
        ),
      ),
    );
  }
  if (rms !== undefined) {
    values.push(
      value(
        'RMS offset',
        formatDuration(rms),
        text('Its usual size: the long-term mean of that offset.', '其通常大小：该偏移的长期均值。'),
      ),
    );
  }
  return values;
}

function explainSystemTime(system: number, tracking: PartialTracking): ExplainedValue {
  const label = 'System time';
  const unsynchronized = tracking.stratum === 0 || tracking.leap === 'unsynchronized';
  if (unsynchronized) {
    return value(
      label,
      '—',
      text(
        'Without a source it says nothing about the true time; 0 here is no measurement.',
        '没有时间源时，它不反映真实时间；这里的 0 不是测量值。',
      ),
    );
  }
  const side = aheadOrBehind(system);
  const slewing =
    Math.abs(system) < 1e-3
      ? null
      : text(
          `chronyd slews it away; at its fastest that takes ${formatDuration(Math.abs(system) / FASTEST_SLEW)}.`,
          `chronyd 正以渐调方式消除；最快需要 ${formatDuration(Math.abs(system) / FASTEST_SLEW)}。`,
        );
  return value(
    label,
    signedSeconds(system),
    sentences(
      text(
        `The system clock is ${side.en} chronyd’s estimate of true time.`,
        `系统时钟${side.zh('chronyd 估计的真实时间')}。`,
      ),
      slewing,
    ),
    Math.abs(system) < 1e-3 ? 'good' : Math.abs(system) < 0.1 ? 'plain' : 'attention',
  );
}

function frequencies(tracking: PartialTracking): ExplainedValue[] {
  const { frequencyPpm: frequency, residualFrequencyPpm: residual, skewPpm: skew } = tracking;
  const values: ExplainedValue[] = [];
  if (frequency !== undefined) values.push(explainFrequency(frequency));
  if (residual !== undefined) {
    values.push(
      value(
        'Residual freq',
        formatPpm(residual),
        text(
          'The part of the frequency that the newest samples show and the correction does not contain yet.',
          '最新样本显示、而修正中尚未包含的那部分频率误差。',
        ),
      ),
    );
  }
  if (skew !== undefined) values.push(explainSkew(skew));
  return values;
}

function explainFrequency(frequency: number): ExplainedValue {
  const label = 'Frequency';
  const shown = formatPpm(frequency);
  const size = Math.abs(frequency);
  if (size < 0.0005) {
    return value(
      label,
      shown,
      text('No error of the clock’s own rate is known so far.', '目前尚未发现时钟自身的频率误差。'),
    );
  }
  const gains = frequency > 0 ? text('gain', '走快') : text('lose', '走慢');
  const meaning = text(
    `Uncorrected, the clock would ${gains.en} ${perDay(frequency)} a day; chronyd compensates this.`,
    `若不修正，时钟每天会${gains['zh-CN']} ${perDay(frequency)};chronyd 对此作了补偿。`,
  );
  if (size < 450) return value(label, shown, meaning, size >= 100 ? 'attention' : 'plain');
  const limit = text(
    'That is near the 500 ppm which the kernel can correct: a faulty oscillator, or a virtual machine that lost time.',
    '这已接近内核可修正的 500 ppm 上限：晶振故障，或虚拟机丢失了时间。',
  );
  return value(label, shown, sentences(meaning, limit), 'problem');
}

function explainSkew(skew: number): ExplainedValue {
  const judged: readonly [Text, ExplainedValue['importance']] =
    skew >= 1000
      ? [
          text(
            'The frequency is as good as unknown: too few samples so far.',
            '频率误差几乎未知：目前样本太少。',
          ),
          'plain',
        ]
      : skew >= 10
        ? [
            text(
              'That is much: few samples so far, a jittery path or an unsteady oscillator.',
              '偏大：样本尚少、路径抖动或晶振不稳定。',
            ),
            'attention',
          ]
        : [text('The frequency is well known.', '频率误差已较准确。'), 'good'];
  return value(
    'Skew',
    `±${formatPpm(skew).replace('+', '')}`,
    sentences(text('The bound of the frequency.', '频率误差界。'), judged[0]),
    judged[1],
  );
}

function roots(tracking: PartialTracking): ExplainedValue[] {
  const {
    rootDelaySeconds: delay,
    rootDispersionSeconds: dispersion,
    updateIntervalSeconds: interval,
  } = tracking;
  const local = tracking.refId === LOCAL_REFERENCE;
  const unsynchronized = tracking.stratum === 0;
  const values: ExplainedValue[] = [];
  if (delay !== undefined) {
    values.push(
      value(
        'Root delay',
        unsynchronized ? '—' : formatDuration(delay),
        local || unsynchronized
          ? text('Means nothing without a source.', '没有时间源时无意义。')
          : text(
              'Round trip over all hops to the reference clock at the top; half of it is uncertain.',
              '经各级到达顶端参考时钟的往返时延；其一半是不确定的。',
            ),
      ),
    );
  }
  if (dispersion !== undefined) {
    values.push(
      value(
        'Root dispersion',
        unsynchronized ? '—' : formatDuration(dispersion),
        local || unsynchronized
          ? text('Means nothing without a source.', '没有时间源时无意义。')
          : sentences(
              text(
                'Error gathered over all hops, growing until the next sample.',
                '各级累积的误差，在下次采样前不断增长。',
              ),
              boundText(tracking),
            ),
      ),
    );
  }
  if (interval !== undefined) {
    values.push(
      value(
        'Update interval',
        formatDuration(interval),
        text('Time between the last two clock updates.', '最近两次时钟更新的间隔。'),
      ),
    );
  }
  return values;
}

/** |system time| + root dispersion + root delay / 2: as far as the node can be from true time if nobody above lies. */
export function trueErrorBound(tracking: PartialTracking): number | null {
  const {
    systemOffsetSeconds: system,
    rootDelaySeconds: delay,
    rootDispersionSeconds: dispersion,
  } = tracking;
  if (system === undefined || delay === undefined || dispersion === undefined) return null;
  if (tracking.stratum === 0 || tracking.leap === 'unsynchronized' || tracking.refId === LOCAL_REFERENCE)
    return null;
  return Math.abs(system) + dispersion + delay / 2;
}

function boundText(tracking: PartialTracking): Text | null {
  const bound = trueErrorBound(tracking);
  return bound === null
    ? null
    : text(
        `With System time and half the root delay: the clock is within ${formatDuration(bound)} of the reference.`,
        `加上 System time 和一半根时延：时钟与参考之差不超过 ${formatDuration(bound)}。`,
      );
}

function leap({ leap: status }: PartialTracking): ExplainedValue[] {
  switch (status) {
    case undefined:
      return [];
    case 'normal':
      return [
        value(
          'Leap status',
          'normal',
          text('Synchronized; no leap second ahead.', '已同步；近期无闰秒。'),
          'good',
        ),
      ];
    case 'unsynchronized':
      return [
        value(
          'Leap status',
          'unsynchronized',
          text(
            'Clients that ask this node are told not to trust it.',
            '向本节点请求时间的客户端会被告知不要信任它。',
          ),
          'problem',
        ),
      ];
    default:
      return [
        value(
          'Leap status',
          status,
          status === 'insert-second'
            ? text('A second will be inserted at the end of the month (UTC).', '本月末(UTC)将插入一秒。')
            : text('A second will be left out at the end of the month (UTC).', '本月末(UTC)将删除一秒。'),
          'attention',
        ),
      ];
  }
}
