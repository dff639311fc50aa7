/** A file of Prometheus rules, or a Kubernetes manifest with objects of kind PrometheusRule, as its rules. */
import type { OperatorErrorDetails } from '@clockwarden/core/errors';
import { lintPrometheusRules, type PrometheusRule } from '@clockwarden/core/lint';
import { isMap, isScalar, isSeq, type Scalar } from 'yaml';
import { readYaml, type YamlDocument } from './document.ts';
import type { ConfigLint } from './lint.ts';

/** The mistakes of a file that Prometheus reads. What is no rule there is passed over: promtool(1) tells of that. */
export function lintRulesFile(content: string, where: string): ConfigLint {
  const problems: OperatorErrorDetails[] = [];
  const rules: PrometheusRule[] = [];
  for (const { text, before } of documentsOf(content)) {
    const yaml = readYaml(text, where);
    if ('problems' in yaml) {
      problems.push(...yaml.problems.map((one) => ({ ...one, line: before + (one.line ?? 1) })));
    } else {
      rules.push(...rulesOf(yaml, text, before));
    }
  }
  return { problems, results: problems.length > 0 ? [] : lintPrometheusRules({ rules }) };
}

/** A manifest may hold several documents; each with the number of lines before it. */
function documentsOf(content: string): readonly { readonly text: string; readonly before: number }[] {
  const lines = content.split(/\r?\n/);
  const starts = [0, ...lines.flatMap((line, index) => (/^---(\s|$)/.test(line) ? [index] : []))];
  return starts.map((start, index) => ({
    // The line of dashes itself belongs to nobody, so that none has two.
    text: lines.slice(index === 0 ? start : start + 1, starts[index + 1]).join('\n'),
    before: index === 0 ? start : start + 1,
  }));
}

function rulesOf({ document, positionAt }: YamlDocument, text: string, before: number): PrometheusRule[] {
  const groups = document.getIn(['groups']) ?? document.getIn(['spec', 'groups']);
  const members = (list: unknown): readonly unknown[] => (isSeq(list) ? list.items : []);
  const written = members(groups).flatMap((group) => (isMap(group) ? members(group.get('rules')) : []));
  return written.flatMap((rule): readonly PrometheusRule[] => {
    if (!isMap(rule)) return [];
    const kind = rule.has('alert') ? 'alert' : 'record';
    const name = rule.get(kind);
    const expression = rule.get('expr', true);
    if (typeof name !== 'string' || !isText(expression)) return [];
    const placeOf = (word: string, index: number) => {
      const { line, column } = positionAt(offsetOf(expression, text, word, index));
      return { line: before + line, column };
    };
    return [{ kind, name, expression: expression.value, placeOf }];
  });
}

function isText(node: unknown): node is Scalar<string> {
  return isScalar(node) && typeof node.value === 'string';
}

/** Indentation and folding move a word, quoting changes none that a metric can have: it is as manieth as before. */
function offsetOf({ value, range }: Scalar<string>, text: string, word: string, index: number): number {
  const [start = 0, end = start] = range ?? [];
  const nth = value.slice(0, index).split(word).length;
  let at = start - 1;
  for (let count = 0; count < nth; count += 1) {
    at = text.indexOf(word, at + 1);
    if (at < 0 || at >= end) return start;
  }
  return at;
}
