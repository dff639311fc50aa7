import { lintRules } from '@clockwarden/core/lint';
import { describe, expect, it } from 'vitest';
import { lintRulesFile, readRulesFile } from './index.ts';

function lint(content: string, ...others: readonly string[]) {
  const [file, ...rest] = [content, ...others].map((each) => readRulesFile(each, 'rules.yaml'));
  return lintRulesFile(file ?? { problems: [], rules: [] }, rest);
}

function found(content: string): readonly string[] {
  const { problems, results } = lint(content);
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
  lint(alerts(expression)).results.map(({ rule }) => rule.code);

describe('Prometheus rules', () => {
  const rules = lintRules.filter(({ subject }) => subject === 'prometheus-rules');

  it.each(rules.map((rule) => [rule.code, rule] as const))('%s', (code, { bad, good }) => {
    const { results, problems } = lint(bad);
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

  it('are found in what `kubectl get prometheusrules -o yaml` prints', () => {
    const group = { name: 'a', rules: [{ alert: 'A', expr: 'chrony_stratum > 1' }] };
    const applied = JSON.stringify({ kind: 'PrometheusRule', spec: { groups: [group] } });
    const list = [
      'apiVersion: v1',
      'kind: List',
      'items:',
      '- kind: PrometheusRule',
      '  metadata:',
      '    annotations:',
      '      kubectl.kubernetes.io/last-applied-configuration: |',
      `        ${applied}`,
      '  spec:',
      '    groups:',
      '    - name: a',
      '      rules:',
      '      - alert: A',
      '        expr: chrony_stratum > 1',
    ].join('\n');
    expect(found(list)).toEqual(['14:15 prometheus-unknown-metric']);
  });

  it('are found in the files that a ConfigMap holds, and are told where they stand in it', () => {
    const map = (expression: string) =>
      [
        '---',
        'kind: ConfigMap',
        'data:',
        '  note: "groups: of people"',
        '  clock.rules: |',
        '    groups:',
        '    - name: chrony_stratum',
        '      rules:',
        '      - alert: A',
        `        expr: ${expression}`,
      ].join('\n');
    expect(found(map('chrony_stratum > 1'))).toEqual(['10:15 prometheus-unknown-metric']);
    expect(lint(map('[')).problems).toMatchObject([{ where: 'rules.yaml', line: 5 }]);
  });

  it('that stand where none is looked for are not passed as faultless', () => {
    const { problems } = lint(
      'groups:\n- rules:\n    first:\n      alert: A\n      expr: chrony_stratum > 1\n',
    );
    expect(problems).toMatchObject([{ where: 'rules.yaml', line: 1 }]);
  });

  it('of several files are judged together', () => {
    const recorded = 'groups: [{rules: [{record: chrony_ok, expr: up}]}]';
    expect(lint(alerts('chrony_ok == 0')).results).toHaveLength(1);
    expect(lint(alerts('chrony_ok == 0'), recorded).results).toEqual([]);
    const offset = alerts('node_timex_offset_seconds > 0.1');
    expect(lint(offset, recorded).results).toHaveLength(1);
    expect(lint(offset, recorded, alerts('chrony_tracking_stratum == 0')).results).toEqual([]);
  });

  it('that are no YAML are told where', () => {
    const { problems, results } = lint('---\ngroups: []\n---\ngroups: [\n');
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
  const meant = (name: string): string | undefined => lint(alerts(`${name} == 0`)).results[0]?.detail?.en;

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
    'chrony_exporter_build_info == 1',
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
