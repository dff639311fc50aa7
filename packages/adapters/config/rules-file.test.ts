import { lintRules } from '@clockwarden/core/lint';
import { describe, expect, it } from 'vitest';
import { lintRulesFile } from './index.ts';

function found(content: string): readonly string[] {
  const { problems, results } = lintRulesFile(content, 'rules.yaml');
  expect(problems).toEqual([]);
  return results.map(({ rule, line, column }) => `${line}:${column} ${rule.code}`);
}

/** Alerts, each with one of these expressions, one a line from line 5 on. */
const alerts = (...expressions: readonly string[]): string =>
  `groups:\n  - name: clocks\n    interval: 30s\n    rules:\n${expressions
    .map((expression) => `      - {alert: A, expr: ${JSON.stringify(expression)}}\n`)
    .join('')}`;

/** What is found in one alert. */
const codes = (expression: string): readonly string[] =>
  lintRulesFile(alerts(expression), 'rules.yaml').results.map(({ rule }) => rule.code);

describe('Prometheus rules', () => {
  const rules = lintRules.filter(({ subject }) => subject === 'prometheus-rules');

  it.each(rules.map((rule) => [rule.code, rule] as const))('%s', (code, { bad, good }) => {
    const { results, problems } = lintRulesFile(bad, 'rules.yaml');
    expect(problems).toEqual([]);
    expect(results.map(({ rule }) => rule.code)).toEqual([code]);
    const metric = /chrony_\w+|node_timex_\w+/.exec(bad);
    const lines = bad.slice(0, metric?.index).split('\n');
    expect(results[0]).toMatchObject({ line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 });
    expect(found(good)).toEqual([]);
  });

  it('are found in a manifest of Kubernetes, in every document, however they are written', () => {
    const manifest = [
      'apiVersion: monitoring.coreos.com/v1',
      'kind: PrometheusRule',
      'spec:',
      '  groups:',
      '    - name: a # node_timex_offset_seconds',
      '      rules:',
      '        - alert: A',
      "          expr: 'vector(1) or abs(node_timex_offset_seconds) > 1'",
      '---',
      '# nothing',
      '---',
      'spec:',
      '  groups:',
      '    - rules:',
      '        - alert: B',
      '          expr: |-',
      '            up{job="node_timex_offset_seconds"} == 1 and',
      '              on (instance) max by (instance) (node_timex_offset_seconds{job="node"})',
      '              > 2 # or so',
      '        - record: x:y',
      '          expr: chrony_stratum',
    ].join('\n');
    expect(found(manifest)).toEqual([
      '8:35 prometheus-unreachable-threshold',
      '18:48 prometheus-unreachable-threshold',
      '21:17 prometheus-unknown-metric',
    ]);
  });

  it('that are no YAML are told where', () => {
    const { problems, results } = lintRulesFile('---\ngroups: []\n---\ngroups: [\n', 'rules.yaml');
    expect(problems[0]).toMatchObject({ where: 'rules.yaml', line: 5 });
    expect(results).toEqual([]);
  });

  it.each(['', '[]', 'groups: 1', 'groups: [1, {rules: 2}, {rules: [3, {alert: a}, {alert: [], expr: x}]}]'])(
    'that are none say nothing: %s',
    (content) => expect(found(content)).toEqual([]),
  );
});

describe('a threshold out of reach', () => {
  it.each([
    'node_timex_offset_seconds > 0.5',
    'node_timex_offset_seconds{job="node", x=~"a{2}"} >= 1',
    'node_timex_offset_seconds < -0.5',
    'abs(node_timex_offset_seconds) > bool .5',
    'max by (instance) (abs(node_timex_offset_seconds)) > 5e-1',
    'avg_over_time(node_timex_offset_seconds[5m]) > 1 and up == 1',
    '(up == 1) and (node_timex_offset_seconds * 1000 > 500)',
    'node_timex_offset_seconds == 1',
    'node_timex_maxerror_seconds > 16',
    'node_timex_frequency_adjustment_ratio > 100',
  ])('%s', (expression) => expect(codes(expression)).toEqual(['prometheus-unreachable-threshold']));

  it.each([
    'node_timex_maxerror_seconds >= 16',
    'min_over_time(node_timex_sync_status[5m]) == 0',
    'node_timex_frequency_adjustment_ratio > 1.0004',
    // What is not plain is passed over.
    'rate(node_timex_offset_seconds[5m]) > 1',
    'node_timex_offset_seconds - other > 1',
    '-node_timex_offset_seconds > 1',
    '1000 * node_timex_offset_seconds > 50',
    'node_timex_offset_seconds > other',
    'node_timex_offset_seconds > 1 * other',
    'sum(node_timex_offset_seconds) > 1',
    'count(node_timex_offset_seconds) > 1',
    'node_timex_offset_seconds > 1s',
    'label_replace(up, "a", "node_timex_offset_seconds > 1", "b", "c") == 0',
    'up == 0 # node_timex_offset_seconds > 1',
    'absent(node_timex_offset_seconds)',
  ])('is not %s', (expression) => expect(codes(expression)).toEqual([]));
});

describe('the offset that the kernel keeps', () => {
  const mixin =
    '(node_timex_offset_seconds > 0.05 and deriv(node_timex_offset_seconds[5m]) >= 0) or (node_timex_offset_seconds < -0.05 and deriv(node_timex_offset_seconds[5m]) <= 0)';

  it('is told once an alert', () => {
    expect(found(alerts(mixin, 'abs(node_timex_offset_seconds) > 0.1'))).toEqual([
      '5:28 prometheus-timex-offset',
      '6:31 prometheus-timex-offset',
    ]);
  });

  it('is not told to who watches chrony as well, or only records it', () => {
    expect(found(alerts(mixin, 'abs(chrony_tracking_system_time_seconds) > 0.05'))).toEqual([]);
    expect(found(alerts(mixin, 'chrony_stratum > 1'))).toHaveLength(2);
    expect(found('groups: [{rules: [{record: a:b, expr: node_timex_offset_seconds > 0.1}]}]')).toEqual([]);
  });
});

describe('the stratum of a chronyd that is not synchronised', () => {
  it.each([
    'chrony_tracking_stratum > 15',
    'chrony_tracking_stratum == 16',
    'max(chrony_tracking_stratum) >= 16',
  ])('is not %s', (expression) => expect(codes(expression)).toEqual(['prometheus-chrony-stratum']));

  it.each([
    'chrony_tracking_stratum == 0',
    'chrony_tracking_stratum < 1 or chrony_tracking_stratum >= 16',
    'chrony_tracking_stratum > 10',
  ])('may be sought by %s', (expression) => expect(codes(expression)).toEqual([]));
});

describe('metrics that nobody has', () => {
  const meant = (name: string): string | undefined =>
    lintRulesFile(alerts(`${name} == 0`), 'rules.yaml').results[0]?.detail?.en;

  it.each([
    ['chrony_synchronized', 'chrony_tracking_stratum'],
    ['chrony_stratum', 'chrony_tracking_stratum'],
    ['chrony_offset_seconds', 'chrony_tracking_last_offset_seconds'],
    ['chrony_root_delay_seconds', 'chrony_tracking_root_delay_seconds'],
    ['chrony_traking_stratum', 'chrony_tracking_stratum'],
    ['node_timex_offset', 'node_timex_offset_seconds'],
    ['node_timex_sync_state', 'node_timex_sync_status'],
    ['node_time', 'node_time_seconds'],
  ])('%s', (name, right) => expect(meant(name)).toBe(`\`A\`: \`${name}\`; is \`${right}\` meant?`));

  it('may have no neighbour', () => expect(meant('chrony_xyzzy')).toBe('`A`: `chrony_xyzzy`'));

  it.each([
    'chrony_tracking_stratum > 5',
    'chrony_system_time > 0.1',
    'chrony_sources_reachability > 0',
    'histogram_quantile(0.9, chrony_clients_ntp_interval_seconds_bucket) > 1024',
    'node_time_seconds - timestamp(node_time_seconds) > 1',
    'node_timezone > 1',
    'instance:chrony_clock_error_seconds:abs > 0.1',
    'up{job="chrony_exporter"} == 0',
    'sum by (chrony_zone) (up) without (chrony_x) > 1',
    'chrony_fn(up) > 1',
    'up{__name__=~"chrony_.*"} == 1',
  ])('are not in %s', (expression) => expect(codes(expression)).toEqual([]));

  it('may be recorded by the file itself', () => {
    expect(
      found('groups: [{rules: [{record: chrony_ok, expr: up}, {alert: a, expr: chrony_ok == 0}]}]'),
    ).toEqual([]);
  });
});
