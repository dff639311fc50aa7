/** `chronyc sourcestats`, row by row. */
import type { ChronySourceStats } from '../observe/index.ts';
import { formatDuration, formatPpm, text } from '../text/index.ts';
import type { ExplainedRow, ExplainedSection, ExplainedValue } from './structure.ts';
import { aheadOrBehind, perDay, type Scale, scaleFor, value } from './words.ts';

export function explainSourceStats(stats: readonly ChronySourceStats[]): ExplainedSection {
  const scale = scaleFor(
    stats
      .filter(({ samples }) => samples >= FEWEST_SAMPLES)
      .flatMap((one) => [one.offsetSeconds, one.standardDeviationSeconds]),
  );
  return {
    kind: 'chrony-sourcestats',
    title: text('chronyc sourcestats: how steady each source is', 'chronyc sourcestats：每个源有多稳定'),
    lines: null,
    values: [],
    rows: stats.map((one) => explainStats(one, scale)),
  };
}

/** Below this chronyd draws no line through them and prints stand-ins (2000 ppm, 4 s). */
const FEWEST_SAMPLES = 3;

function explainStats(stats: ChronySourceStats, scale: Scale): ExplainedRow {
  if (stats.samples < FEWEST_SAMPLES) {
    const summary = text(
      stats.samples === 0
        ? 'No samples: nothing is known of it.'
        : `Only ${stats.samples} samples: no line through them yet.`,
      stats.samples === 0 ? '没有样本：对它一无所知。' : `仅 ${stats.samples} 个样本：尚无法拟合。`,
    );
    const importance = stats.samples === 0 ? 'attention' : 'plain';
    return {
      name: stats.name,
      mark: '',
      importance,
      summary,
      values: [value('NP', String(stats.samples), summary)],
    };
  }
  const deviation = formatDuration(stats.standardDeviationSeconds);
  const summary = text(
    `${stats.samples} samples over ${formatDuration(stats.spanSeconds)}, scattered by ${deviation}.`,
    `${formatDuration(stats.spanSeconds)} 内 ${stats.samples} 个样本，离散 ${deviation}。`,
  );
  return {
    name: stats.name,
    mark: '',
    importance: 'plain',
    summary,
    values: [
      value('NP', String(stats.samples), text('Samples that are kept of it.', '为它保留的样本数。')),
      explainRuns(stats),
      value(
        'Span',
        formatDuration(stats.spanSeconds),
        text('Time from the oldest to the newest of them.', '最旧与最新样本相隔的时间。'),
      ),
      explainResidual(stats),
      value(
        'Freq Skew',
        `±${formatPpm(stats.skewPpm).replace('+', '')}`,
        text('The bound of that frequency.', '该频率的误差界。'),
      ),
      explainStatsOffset(stats, scale),
      value(
        'Std Dev',
        scale.plain(stats.standardDeviationSeconds),
        text(
          'How far single samples lie from the line: noise of network and server.',
          '单个样本偏离拟合线的程度：网络和服务端的噪声。',
        ),
      ),
    ],
  };
}

function explainRuns({ runs, samples }: ChronySourceStats): ExplainedValue {
  const few = samples >= 8 && runs < samples / 4;
  return value(
    'NR',
    String(runs),
    few
      ? text(
          `Only ${runs} changes of side among ${samples} samples: a straight line fits badly, the clock or the path is changing.`,
          `${samples} 个样本仅有 ${runs} 段同号：直线拟合不佳，时钟或路径正在变化。`,
        )
      : text(
          'Runs of samples on one side of the line; enough of them, so a straight line fits.',
          '样本在拟合线同侧的段数；足够多，说明直线拟合良好。',
        ),
    few ? 'attention' : 'plain',
  );
}

function explainResidual({ residualFrequencyPpm: residual, skewPpm }: ChronySourceStats): ExplainedValue {
  const within = Math.abs(residual) <= skewPpm;
  return value(
    'Frequency',
    formatPpm(residual),
    within
      ? text('No difference of rate to this source beyond its own bound.', '与该源的频率差未超出其误差界。')
      : text(
          `The corrected clock still ${residual > 0 ? 'gains' : 'loses'} ${perDay(residual)} a day against this source.`,
          `修正后的时钟相对该源每天仍${residual > 0 ? '走快' : '走慢'} ${perDay(residual)}。`,
        ),
  );
}

function explainStatsOffset(
  { offsetSeconds: offset, standardDeviationSeconds: deviation }: ChronySourceStats,
  scale: Scale,
): ExplainedValue {
  const side = aheadOrBehind(offset);
  return value(
    'Offset',
    scale.signed(offset),
    text(
      `By all samples together the node’s clock is ${side.en} this source now.`,
      `综合所有样本，本节点时钟此刻${side.zh('该源')}。`,
    ),
    Math.abs(offset) > 0.1 && Math.abs(offset) > 10 * deviation ? 'attention' : 'plain',
  );
}
