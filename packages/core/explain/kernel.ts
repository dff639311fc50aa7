/** adjtimex and ntptime, value by value. */
import type { KernelState } from '../observe/index.ts';
import { formatDuration, formatPpm, type Text, text } from '../text/index.ts';
import type { ExplainedSection, ExplainedValue } from './structure.ts';
import { signedSeconds, value } from './words.ts';

const bits: Readonly<Record<string, Text>> = {
  PLL: text(
    'the kernel’s own control loop is on (ntpd, timesyncd)',
    '内核自身的控制环已启用(ntpd、timesyncd)',
  ),
  FLL: text('the loop steers by frequency', '控制环按频率调节'),
  INS: text('a leap second will be inserted', '将插入闰秒'),
  DEL: text('a leap second will be left out', '将删除闰秒'),
  UNSYNC: text('the clock is not synchronized', '时钟未同步'),
  FREQHOLD: text('the frequency is held', '频率保持不变'),
  PPSFREQ: text('a pulse per second steers the frequency', '由秒脉冲调节频率'),
  PPSTIME: text('a pulse per second steers the time', '由秒脉冲调节时间'),
  PPSSIGNAL: text('a pulse per second is there', '存在秒脉冲信号'),
  CLOCKERR: text('clock hardware fault', '时钟硬件故障'),
  NANO: text('times are in nanoseconds', '时间以纳秒为单位'),
};

export function explainKernel(kernel: KernelState): ExplainedSection {
  return {
    kind: 'kernel',
    title: text('The kernel’s clock (adjtimex)', '内核时钟(adjtimex)'),
    lines: null,
    rows: [],
    values: [explainStatus(kernel), ...explainErrors(kernel), ...explainRest(kernel)],
  };
}

function explainStatus({ unsync, statusBits }: KernelState): ExplainedValue {
  const names = statusBits ?? [];
  const known = names.flatMap((name) =>
    Object.hasOwn(bits, name) ? [[name, bits[name] ?? text('', '')] as const] : [],
  );
  return value(
    'status',
    names.length === 0 ? '—' : names.join(', '),
    text(
      known.length === 0
        ? 'Nothing is wrong, and the kernel’s own loop is off, as with chronyd.'
        : `${known.map(([name, words]) => `${name}: ${words.en}`).join('; ')}.`,
      known.length === 0
        ? '一切正常，且内核自身的控制环未启用(chronyd 即如此)。'
        : `${known.map(([name, words]) => `${name}:${words['zh-CN']}`).join(';')}。`,
    ),
    unsync ? 'problem' : 'good',
  );
}

function explainErrors({ maxErrorSeconds: max, estErrorSeconds: estimated }: KernelState): ExplainedValue[] {
  const values: ExplainedValue[] = [];
  if (max !== null) {
    values.push(
      max >= 16
        ? value(
            'maxerror',
            formatDuration(max),
            text(
              'At its stop of 16 s: no daemon has set the clock for nine hours or since the boot.',
              '已到 16 s 上限：九小时以来或自开机以来没有守护进程设置过时钟。',
            ),
            'problem',
          )
        : value(
            'maxerror',
            formatDuration(max),
            text(
              'Bound that the daemon told the kernel; it grows by 0.5 ms a second until the next update.',
              '守护进程告知内核的误差界；在下次更新前每秒增长 0.5 ms。',
            ),
          ),
    );
  }
  if (estimated !== null) {
    values.push(
      value(
        'esterror',
        formatDuration(estimated),
        text('Error that the daemon thinks likely.', '守护进程估计的误差。'),
      ),
    );
  }
  return values;
}

function explainRest({ offsetSeconds, frequencyPpm, taiOffsetSeconds }: KernelState): ExplainedValue[] {
  const values: ExplainedValue[] = [];
  if (offsetSeconds !== null) {
    values.push(
      value(
        'offset',
        signedSeconds(offsetSeconds),
        text(
          'What the kernel’s loop still corrects: about 0 under chronyd whatever the clock does, and never beyond ±0.5 s. It is not the error of the clock.',
          '内核控制环尚待修正的量：使用 chronyd 时恒约为 0，且不超过 ±0.5 s。它不是时钟的误差。',
        ),
      ),
    );
  }
  if (frequencyPpm !== null) {
    const atTheStop = Math.abs(frequencyPpm) >= 450;
    values.push(
      value(
        'frequency',
        formatPpm(frequencyPpm),
        atTheStop
          ? text(
              'Near the stop of ±500 ppm: the oscillator or the hypervisor is at fault.',
              '接近 ±500 ppm 的上限：晶振或虚拟化平台有问题。',
            )
          : text(
              'How much the clock is made to run faster (+) or slower (−).',
              '使时钟走快(+)或走慢(−)的修正量。',
            ),
        atTheStop ? 'problem' : 'plain',
      ),
    );
  }
  if (taiOffsetSeconds !== null) {
    values.push(
      value(
        'TAI offset',
        `${taiOffsetSeconds} s`,
        taiOffsetSeconds === 0
          ? text(
              'Nobody told the kernel; CLOCK_TAI equals UTC then.',
              '没有人告知内核；此时 CLOCK_TAI 等于 UTC。',
            )
          : text('TAI minus UTC.', 'TAI 与 UTC 之差。'),
      ),
    );
  }
  return values;
}
