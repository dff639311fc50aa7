/** Rules for files of Prometheus rules that watch clocks: alerts that can never fire, and look as if they could. */
import { type Text, text } from '../../text/index.ts';
import type { Finding, PrometheusFileRule } from '../rule.ts';
import { type Comparison, comparisonsOf, metricsIn } from './expression.ts';
import { isInvented, kernelBounds, meantBy } from './metrics.ts';
import type { PrometheusRule, PrometheusRules } from './rules-file.ts';

function alert(name: string, ...expression: readonly string[]): string {
  const lines = expression.map((line) => `          ${line}\n`).join('');
  return `groups:\n  - name: clocks\n    rules:\n      - alert: ${name}\n        expr: >-\n${lines}`;
}

/** The bound of a clock under chrony (chronyc(1), `tracking`). */
const BOUND = [
  'abs(chrony_tracking_system_time_seconds) + chrony_tracking_root_dispersion_seconds',
  '+ chrony_tracking_root_delay_seconds / 2 > 0.05',
];

function alertsOf({ rules }: PrometheusRules): readonly PrometheusRule[] {
  return rules.filter(({ kind }) => kind === 'alert');
}

/** @param words what is to be said beyond the name of the rule */
function at(rule: PrometheusRule, metric: string, index: number, words?: Text): Finding {
  const name = `\`${rule.name.slice(0, 60)}\``;
  const detail =
    words === undefined ? text(name, name) : text(`${name}: ${words.en}`, `${name}：${words['zh-CN']}`);
  return { ...rule.placeOf(metric, index), detail };
}

function cannotHold(metric: string, { operator, threshold, absolute }: Comparison): boolean {
  const bounds = kernelBounds[metric];
  if (bounds === undefined) return false;
  const { low, high } = absolute ? { low: 0, high: Math.max(-bounds.low, bounds.high) } : bounds;
  switch (operator) {
    case '>':
      return threshold >= high;
    case '>=':
      return threshold > high;
    case '<':
      return threshold <= low;
    case '<=':
      return threshold < low;
    case '==':
      return threshold < low || threshold > high;
  }
}

const OFFSET = 'node_timex_offset_seconds';
const STRATUM = 'chrony_tracking_stratum';

export const prometheusRules: readonly PrometheusFileRule[] = [
  {
    code: 'prometheus-unreachable-threshold',
    subject: 'prometheus-rules',
    severity: 'error',
    title: text('a threshold that the metric cannot reach', '指标无法达到的阈值'),
    why: text(
      'The kernel keeps node_timex_offset_seconds within ±0.5 s, node_timex_maxerror_seconds within 16 s and the frequency within ±500 ppm (a ratio of 0.9995 to 1.0005), however wrong the clock is: the alert never fires.',
      '无论时钟错得多离谱，内核都把 node_timex_offset_seconds 限制在 ±0.5 秒内，node_timex_maxerror_seconds 限制在 16 秒内，频率限制在 ±500 ppm 内(比值 0.9995 到 1.0005)：该告警永远不会触发。',
    ),
    fix: text(
      'Measure the clock from outside, or use what the daemon says: under chrony |system time| + root dispersion + root delay / 2.',
      '从外部测量时钟，或使用守护进程给出的值：对 chrony 为 |系统时间偏差| + 根离散度 + 根时延 / 2。',
    ),
    bad: alert('ClockWrong', 'abs(node_timex_offset_seconds) > 1'),
    good: alert('ClockWrong', ...BOUND),
    check: (file) =>
      alertsOf(file).flatMap((rule) =>
        Object.entries(kernelBounds).flatMap(([metric, { low, high }]) =>
          comparisonsOf(rule.expression, metric)
            .filter((comparison) => cannotHold(metric, comparison))
            .map(({ index }) =>
              at(
                rule,
                metric,
                index,
                text(`${metric} lies in ${low} to ${high}`, `${metric} 的范围是 ${low} 到 ${high}`),
              ),
            ),
        ),
      ),
  },
  {
    code: 'prometheus-timex-offset',
    subject: 'prometheus-rules',
    severity: 'warning',
    title: text(
      'node_timex_offset_seconds says nothing under chrony',
      'node_timex_offset_seconds 在 chrony 下没有意义',
    ),
    why: text(
      "It is what the kernel's own phase-locked loop has left to correct. chronyd does not use that loop: the value is about 0 whatever the clock does, and the alert never fires on such a node.",
      '它是内核锁相环尚未校正的部分。chronyd 不使用该锁相环：无论时钟如何，该值都约为 0，在这样的节点上告警永远不会触发。',
    ),
    fix: text(
      'Where chrony runs add an alert on the metrics of chrony_exporter: |system time| + root dispersion + root delay / 2. One in another file counts when both files are named in one call.',
      '在运行 chrony 的节点上，增加基于 chrony_exporter 指标的告警：|系统时间偏差| + 根离散度 + 根时延 / 2。该告警若在另一个文件中，请在同一次调用中同时指定这两个文件。',
    ),
    bad: alert('ClockSkew', 'node_timex_offset_seconds > 0.05'),
    good: alert('ClockSkew', ...BOUND),
    check: (file) => {
      // Who watches chrony as well has nodes of both kinds.
      const seesChrony = [...file.rules, ...file.beside].some(({ expression }) =>
        [...metricsIn(expression).keys()].some((name) => name.startsWith('chrony_') && !isInvented(name)),
      );
      if (seesChrony) return [];
      return alertsOf(file).flatMap((rule) =>
        comparisonsOf(rule.expression, OFFSET)
          .filter((comparison) => !cannotHold(OFFSET, comparison))
          .slice(0, 1)
          .map(({ index }) => at(rule, OFFSET, index)),
      );
    },
  },
  {
    code: 'prometheus-chrony-stratum',
    subject: 'prometheus-rules',
    severity: 'warning',
    title: text(
      'a chronyd that is not synchronised is looked for at stratum 16',
      '在层级 16 上查找未同步的 chronyd',
    ),
    why: text(
      'chronyd reports stratum 0 to its own tools, and so to every exporter, while it is not synchronised; 16 exists only in its answers to NTP clients.',
      '未同步时，chronyd 向自己的工具、从而向所有 exporter 报告的层级是 0；16 只出现在它对 NTP 客户端的应答中。',
    ),
    fix: text(
      'Compare with 0: `chrony_tracking_stratum == 0`.',
      '与 0 比较：`chrony_tracking_stratum == 0`。',
    ),
    bad: alert('ChronyUnsynchronised', 'chrony_tracking_stratum >= 16'),
    good: alert('ChronyUnsynchronised', 'chrony_tracking_stratum == 0'),
    check: (file) =>
      alertsOf(file).flatMap((rule) => {
        const comparisons = comparisonsOf(rule.expression, STRATUM);
        if (comparisons.some(findsZero)) return [];
        return comparisons
          .filter(({ operator, threshold }) =>
            operator === '>' ? threshold >= 15 : !operator.startsWith('<') && threshold >= 16,
          )
          .map(({ index }) => at(rule, STRATUM, index));
      }),
  },
  {
    code: 'prometheus-unknown-metric',
    subject: 'prometheus-rules',
    severity: 'warning',
    title: text('a metric that no known exporter has', '没有任何已知 exporter 提供的指标'),
    why: text(
      'An expression over nothing returns nothing: the alert never fires, and Prometheus does not complain. Guides have names such as `chrony_synchronized` and `chrony_stratum` that exist in no exporter.',
      '对不存在的指标求值没有结果：告警永远不会触发，Prometheus 也不会报错。一些教程中的 `chrony_synchronized`、`chrony_stratum` 等名称在任何 exporter 中都不存在。',
    ),
    fix: text(
      'Use a name that your Prometheus knows. chrony_exporter has `chrony_tracking_*`; not synchronised is `chrony_tracking_stratum == 0`. A metric that a script of your own writes is fine, and so is one that a rule records, in this file or in another of the same call.',
      '使用 Prometheus 中确实存在的名称。chrony_exporter 提供 `chrony_tracking_*`；未同步即 `chrony_tracking_stratum == 0`。由自己的脚本写出的指标，以及由本文件或同一次调用中其他文件的规则记录的指标，都没有问题。',
    ),
    bad: alert('ChronyUnsynchronised', 'chrony_synchronized == 0'),
    good: alert('ChronyUnsynchronised', 'chrony_tracking_stratum == 0'),
    check: ({ rules, beside }) => {
      const recorded = new Set(
        [...rules, ...beside].filter(({ kind }) => kind === 'record').map(({ name }) => name),
      );
      return rules.flatMap((rule) =>
        [...metricsIn(rule.expression)].flatMap(([metric, [index = 0]]) => {
          if (!isInvented(metric) || recorded.has(metric)) return [];
          const meant = meantBy(metric);
          const short = `\`${metric.slice(0, 80)}\``;
          const words =
            meant === null
              ? text(short, short)
              : text(`${short}; is \`${meant}\` meant?`, `${short}；是否应为 \`${meant}\`？`);
          return [at(rule, metric, index, words)];
        }),
      );
    },
  },
];

function findsZero({ operator, threshold }: Comparison): boolean {
  return (
    (operator === '==' && threshold === 0) ||
    (operator === '<' && threshold > 0) ||
    (operator === '<=' && threshold >= 0)
  );
}
