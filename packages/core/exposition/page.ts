/**
 * Prometheus text exposition format 0.0.4 → the few series that are asked for. A page of node_exporter has a thousand
 * lines of which twenty matter: each family is found by a search for its name, the rest is never looked at.
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  readonly labels: Labels;
  /** May be NaN or infinite, as the format allows. */
  readonly value: number;
}

/** The samples of a family in the page's order; empty when it is not there. */
export type Series = (name: string) => readonly Sample[];

export type PageResult =
  | { readonly ok: true; readonly series: Series }
  /** `line` is what cannot be read, cut to 200 characters; null: no exposition page at all (HTML, JSON, nothing). */
  | { readonly ok: false; readonly line: string | null };

/** Longer lines are no exporter's: the longest labels seen in the field have some hundred characters. */
const MAX_LINE = 16_384;
const MAX_SAMPLES = 256;

/**
 * @param names families to read, best in the page's order (sorted, as client_golang writes them): then the page is
 *   walked once
 */
export function readPage(page: string, names: readonly string[]): PageResult {
  const found = new Map<string, readonly Sample[]>();
  let from = 0;
  for (const name of names) {
    const at = findFamily(page, name, from);
    if (at < 0) continue;
    const family = readFamily(page, name, at);
    if (!family.ok) return family;
    found.set(name, family.samples);
    // Back by one: the search wants the line break before the next name.
    from = Math.max(0, family.end - 1);
  }
  if (found.size === 0 && !looksLikePage(page)) return { ok: false, line: null };
  return { ok: true, series: (name) => found.get(name) ?? [] };
}

function looksLikePage(page: string): boolean {
  return /^(# (HELP|TYPE|EOF)\b|[a-zA-Z_:][a-zA-Z0-9_:]*(\{[^\n]*\})? [-+0-9IN])/m.test(page.slice(0, 4_096));
}

/** Position of the family's first sample, at `from` or later, or anywhere before when it is not there; −1: nowhere. */
function findFamily(page: string, name: string, from: number): number {
  const after = search(page, name, from);
  return after < 0 && from > 0 ? search(page, name, 0) : after;
}

function search(page: string, name: string, from: number): number {
  if (from === 0 && page.startsWith(name) && endsName(page, name.length)) return 0;
  const wanted = `\n${name}`;
  for (let at = page.indexOf(wanted, from); at >= 0; at = page.indexOf(wanted, at + wanted.length)) {
    if (endsName(page, at + wanted.length)) return at + 1;
  }
  return -1;
}

function endsName(page: string, at: number): boolean {
  const next = page[at];
  return next === ' ' || next === '{' || next === '\t';
}

type FamilyResult =
  | { readonly ok: true; readonly samples: readonly Sample[]; readonly end: number }
  | { readonly ok: false; readonly line: string };

/** All samples of a family: the format keeps them together. */
function readFamily(page: string, name: string, at: number): FamilyResult {
  const samples: Sample[] = [];
  let start = at;
  while (page.startsWith(name, start) && endsName(page, start + name.length)) {
    const end = page.indexOf('\n', start);
    const line = page.slice(start, end < 0 ? page.length : end);
    // The last line of a page ends in a line break too; without one the page was cut, perhaps within a number.
    const sample = end < 0 || line.length > MAX_LINE ? null : readSample(line, name.length);
    if (sample === null || samples.length === MAX_SAMPLES) return { ok: false, line: line.slice(0, 200) };
    samples.push(sample);
    start = end + 1;
  }
  return { ok: true, samples, end: start };
}

/** `name{label="value",…} value [timestamp]`, from after the name. */
function readSample(line: string, nameEnd: number): Sample | null {
  const labels: Record<string, string> = {};
  const valueStart = line[nameEnd] === '{' ? readLabels(line, nameEnd + 1, labels) : nameEnd;
  if (valueStart < 0) return null;
  const rest = /^[ \t]+([^ \t\r]{1,64})(?:[ \t]+-?\d{1,19})?[ \t\r]*$/.exec(line.slice(valueStart));
  const value = rest?.[1] === undefined ? null : readNumber(rest[1]);
  return value === null ? null : { labels, value };
}

/** Reads labels from after `{`; returns the position after `}`, −1 when they are malformed. */
function readLabels(line: string, start: number, labels: Record<string, string>): number {
  const name = /[ \t]*([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"/y;
  let at = start;
  for (;;) {
    while (line[at] === ' ' || line[at] === '\t') at += 1;
    if (line[at] === '}') return at + 1;
    name.lastIndex = at;
    const key = name.exec(line)?.[1];
    if (key === undefined) return -1;
    const end = closingQuote(line, name.lastIndex);
    if (end < 0) return -1;
    setOwn(labels, key, unescaped(line.slice(name.lastIndex, end)));
    at = end + 1;
    while (line[at] === ' ' || line[at] === '\t') at += 1;
    if (line[at] === ',') at += 1;
    else if (line[at] !== '}') return -1;
  }
}

/** A label named `__proto__` is a label. */
function setOwn(labels: Record<string, string>, key: string, value: string): void {
  Object.defineProperty(labels, key, { value, enumerable: true, configurable: true, writable: true });
}

function closingQuote(line: string, from: number): number {
  for (let at = from; at < line.length; at += 1) {
    if (line[at] === '\\') at += 1;
    else if (line[at] === '"') return at;
  }
  return -1;
}

function unescaped(value: string): string {
  if (!value.includes('\\')) return value;
  return value.replace(/\\([\\"n])/g, (_, character: string) => (character === 'n' ? '\n' : character));
}

/** A number as Go prints it: decimal, `NaN`, `+Inf`, `-Inf`. Null when it is none. */
export function readNumber(token: string): number | null {
  if (/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,4})?$/.test(token)) return Number(token);
  if (token === 'NaN') return Number.NaN;
  if (token === '+Inf' || token === 'Inf') return Number.POSITIVE_INFINITY;
  return token === '-Inf' ? Number.NEGATIVE_INFINITY : null;
}
