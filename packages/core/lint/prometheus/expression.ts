/**
 * What can be told of a PromQL expression without parsing PromQL: which metrics it names, and plain comparisons of one of
 * them with a number. Whatever is not plain is passed over: `rate(…) > 1`, `x - y > 1`, a threshold that is computed.
 */

export interface Comparison {
  /** Where the metric begins in the expression. */
  readonly index: number;
  readonly operator: '==' | '>' | '>=' | '<' | '<=';
  /** In the metric's own unit: for `x * 1000 > 50` it is 0.05. */
  readonly threshold: number;
  /** `abs()` was taken. */
  readonly absolute: boolean;
}

/** Longer ones, and deeper parentheses, are written by machines. */
const MAX_LENGTH = 20_000;
const MAX_DEPTH = 16;

/** Metric → where it stands in the expression. */
export function metricsIn(expression: string): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  // A name before a parenthesis is a function's.
  for (const { 0: name, index } of bare(expression).matchAll(/(?<![\w:.])[a-z_:][\w:]*(?![\w:]|\s*\()/gi)) {
    const places = found.get(name);
    if (places === undefined) found.set(name, [index]);
    else places.push(index);
  }
  return found;
}

const NUMBER = String.raw`[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?`;
const COMPARED = new RegExp(
  String.raw`^\s*(?:\*\s*(${NUMBER})\s*)?(==|>=|<=|>|<)\s*(?:bool\s+)?(${NUMBER})\s*(?:$|\)|and\b|or\b|unless\b)`,
  'i',
);

export function comparisonsOf(expression: string, metric: string): readonly Comparison[] {
  const text = bare(expression);
  return (metricsIn(expression).get(metric) ?? []).flatMap((index): readonly Comparison[] => {
    const operand = widened(text, index, index + metric.length);
    if (operand === null) return [];
    const [, factor, operator, number] = COMPARED.exec(text.slice(operand.end)) ?? [];
    const scale = Number(factor ?? 1);
    if (operator === undefined || scale <= 0) return [];
    const threshold = Number(number) / scale;
    return [{ index, operator: operator as Comparison['operator'], threshold, absolute: operand.absolute }];
  });
}

/** Functions and aggregations whose result lies where their argument lies. */
const preserving: readonly string[] = [
  'max',
  'min',
  'avg',
  'max_over_time',
  'min_over_time',
  'avg_over_time',
  'last_over_time',
];

/** The end of the metric with the parentheses and functions around it; null: what stands there is not plain. */
function widened(text: string, start: number, end: number): { end: number; absolute: boolean } | null {
  let [from, to, absolute] = [start, end, false];
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
    const left = text.slice(0, from).trimEnd();
    if ('-+*/%^'.includes(left.at(-1) ?? ' ')) return null;
    const closing = /^\s*\)/.exec(text.slice(to))?.[0];
    if (!left.endsWith('(') || closing === undefined) return { end: to, absolute };
    const before = left.slice(0, -1).trimEnd();
    const word = /\w{1,30}$/.exec(before.slice(-30))?.[0].toLowerCase() ?? '';
    const isFunction = !['', 'and', 'or', 'unless', 'bool'].includes(word);
    if (word === 'abs') absolute = true;
    else if (isFunction && !preserving.includes(word)) return null;
    from = isFunction ? before.length - word.length : left.length - 1;
    to += closing.length;
  }
  return null;
}

/** The expression at its length, with blanks for strings, comments, label matchers, ranges, and lists of labels. */
function bare(expression: string): string {
  if (expression.length > MAX_LENGTH) return '';
  const blank = (part: string): string => ' '.repeat(part.length);
  const unquoted = expression.replace(
    /"(?:[^"\\]|\\.)*(?:"|$)|'(?:[^'\\]|\\.)*(?:'|$)|`[^`]*(?:`|$)|#[^\n]*/gs,
    blank,
  );
  return withoutNested(unquoted).replace(
    /\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^()]*\)/gi,
    blank,
  );
}

/** Blanks for whatever stands in braces and brackets. */
function withoutNested(text: string): string {
  let depth = 0;
  let kept = '';
  for (const character of text.split('')) {
    if (character === '{' || character === '[') depth += 1;
    kept += depth === 0 ? character : ' ';
    if ((character === '}' || character === ']') && depth > 0) depth -= 1;
  }
  return kept;
}
