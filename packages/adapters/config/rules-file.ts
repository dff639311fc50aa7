/** A file of Prometheus rules, or manifests of Kubernetes that hold some, as their rules. */
import type { OperatorErrorDetails } from '@clockwarden/core/errors';
import { lintPrometheusRules, type PrometheusRule } from '@clockwarden/core/lint';
import { text as words } from '@clockwarden/core/text';
import { type Document, isMap, isScalar, isSeq, type Scalar, visit } from 'yaml';
import { readYaml } from './document.ts';
import type { ConfigLint } from './lint.ts';

export interface RulesFile {
  /** What makes the file unusable; then nothing else is said. */
  readonly problems: readonly OperatorErrorDetails[];
  readonly rules: readonly PrometheusRule[];
}

/** What is no rule there is passed over: promtool(1) tells of that. */
export function readRulesFile(content: string, where: string): RulesFile {
  const parts = documentsOf(content).map(({ text, before }) => readDocument(text, before, where));
  const problems = parts.flatMap((part) => part.problems);
  const rules = parts.flatMap((part) => part.rules);
  // Else it would pass for one without mistakes.
  if (problems.length + rules.length === 0 && hasExpression(content)) {
    const detail = words(
      'No rule was found: one stands in a list `rules` and has `alert` or `record`, and `expr`.',
      '没有找到规则：规则应写在 `rules` 列表中，包含 `alert` 或 `record`，以及 `expr`。',
    );
    return { problems: [{ where, line: 1, detail }], rules };
  }
  return { problems, rules };
}

/** @param all the files that the same Prometheus reads: what one of them records, another may use */
export function lintRulesFile(file: RulesFile, all: readonly RulesFile[]): ConfigLint {
  const { problems, rules } = file;
  if (problems.length > 0) return { problems, results: [] };
  const beside = all.flatMap((other) => (other === file ? [] : other.rules));
  return { problems, results: lintPrometheusRules({ rules, beside }) };
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

/** @param before number of lines before the text */
function readDocument(text: string, before: number, where: string): RulesFile {
  const yaml = readYaml(text, where);
  if ('problems' in yaml) {
    return { problems: yaml.problems.map((one) => ({ ...one, line: before + (one.line ?? 1) })), rules: [] };
  }
  const placeAt = (offset: number) => {
    const { line, column } = yaml.positionAt(offset);
    return { line: before + line, column };
  };
  const rules = rulesOf(yaml.document, (expression, word, index) =>
    placeAt(offsetOf(expression, text, word, index)),
  );
  const problems: OperatorErrorDetails[] = [];
  for (const file of filesIn(yaml.document)) {
    const inner = readYaml(file.value, where);
    if ('problems' in inner) {
      problems.push(
        ...inner.problems.slice(0, 1).map((one) => ({ ...one, ...placeAt(file.range?.[0] ?? 0) })),
      );
      continue;
    }
    const inside = rulesOf(inner.document, (expression, word, index) =>
      placeAt(offsetOf(file, text, word, offsetOf(expression, file.value, word, index))),
    );
    rules.push(...inside);
  }
  return { problems, rules };
}

type PlaceOf = (
  expression: Scalar<string>,
  ...at: Parameters<PrometheusRule['placeOf']>
) => ReturnType<PrometheusRule['placeOf']>;

/** Wherever they stand: in a file of rules, a PrometheusRule, a List of those, the values of a chart. */
function rulesOf(document: Document, placeOf: PlaceOf): PrometheusRule[] {
  const rules: PrometheusRule[] = [];
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || key.value !== 'rules' || !isSeq(value)) return;
      for (const rule of value.items) {
        if (!isMap(rule)) continue;
        const kind = rule.has('alert') ? 'alert' : 'record';
        const name = rule.get(kind);
        const expression = rule.get('expr', true);
        if (typeof name !== 'string' || !isText(expression)) continue;
        const { value: written } = expression;
        rules.push({
          kind,
          name,
          expression: written,
          placeOf: (word, index) => placeOf(expression, word, index),
        });
      }
    },
  });
  return rules;
}

/** Files of rules that are values, as in the `data` of a ConfigMap. */
function filesIn(document: Document): readonly Scalar<string>[] {
  const files: Scalar<string>[] = [];
  visit(document, {
    Scalar(_, node) {
      if (isText(node) && /^["']?groups["']?[ \t]*:/m.test(node.value) && hasExpression(node.value))
        files.push(node);
    },
  });
  return files;
}

function hasExpression(content: string): boolean {
  return /^[ \t]*(?:-[ \t]+)?["']?expr["']?[ \t]*:/m.test(content);
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
