/** YAML as text → plain values, with the line and column of every one of them. */
import type { OperatorErrorDetails } from '@clockwarden/core/errors';
import { type Text, text } from '@clockwarden/core/text';
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
} from 'yaml';

interface Position {
  readonly line: number;
  readonly column: number;
}

export interface YamlDocument {
  readonly document: Document.Parsed;
  /** Where the value at this path stands, or that key of it; its nearest parent where there is none. */
  position(path: readonly PropertyKey[], key?: string): Position;
  positionAt(offset: number): Position;
}

interface YamlProblems {
  readonly problems: readonly OperatorErrorDetails[];
}

/** Beyond this the first problems are enough. */
const MAX_PROBLEMS = 100;

/**
 * Either the document or everything that is wrong with it. YAML 1.2 for our own file; 1.1 for Ansible's, which is what
 * PyYAML reads (`yes` is true, `0644` is octal).
 */
export function readYaml(
  content: string,
  where: string,
  version: '1.1' | '1.2' = '1.2',
): YamlDocument | YamlProblems {
  const lines = new LineCounter();
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  try {
    const document = withoutStacks(() =>
      parseDocument(content, {
        version,
        lineCounter: lines,
        prettyErrors: false,
        logLevel: 'silent',
        // The parser holds every key against every other: minutes for the hosts of a large inventory.
        uniqueKeys: false,
      }),
    );
    const twice = document.errors.length === 0 ? keysTwice(document, where, positionAt) : [];
    if (twice.length > 0) return { problems: twice.slice(0, MAX_PROBLEMS) };
    if (document.errors.length === 0) {
      const position = (path: readonly PropertyKey[], key?: string): Position =>
        positionAt(offsetOf(document, path, key));
      return { document, position, positionAt };
    }
    const problems = document.errors
      .slice(0, MAX_PROBLEMS)
      .map((error) => ({ where, ...positionAt(error.pos[0]), detail: inWords(error) }));
    return { problems };
  } catch (error) {
    // Brackets in brackets until the stack is full.
    if (error instanceof RangeError) return { problems: [{ where, detail: inWords(error) }] };
    throw error;
  }
}

/** The parser makes an error of every stray comma: their stacks, which nobody reads, are nine tenths of its work then. */
function withoutStacks<T>(parse: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return parse();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** YAML 1.2.2, 3.2.1.1: keys of one map are unique. A name that stands twice is mostly a slip, and only one would count. */
function keysTwice(
  document: Document.Parsed,
  where: string,
  positionAt: (offset: number) => Position,
): readonly OperatorErrorDetails[] {
  const problems: OperatorErrorDetails[] = [];
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) {
          const name = String(key.value);
          problems.push({
            where,
            ...positionAt(key.range?.[0] ?? 0),
            detail: text(`The key ${name} stands here a second time.`, `键 ${name} 在此重复出现。`),
          });
        }
        seen.add(key.value);
      }
    },
  });
  return problems;
}

/** The document as plain values, or why it has none: aliases of what is not there, or that multiply without measure. */
export function plainValue(
  { document }: YamlDocument,
  where: string,
): { readonly value: unknown } | YamlProblems {
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) as unknown };
  } catch (error) {
    if (!(error instanceof RangeError) && !(error instanceof ReferenceError)) throw error;
    return { problems: [{ where, detail: inWords(error) }] };
  }
}

/** The parser's own words exist in English only. */
function inWords({ message }: Error): Text {
  return text(message, `YAML 语法错误：${message}`);
}

function offsetOf(document: Document.Parsed, path: readonly PropertyKey[], key?: string): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range[0] ?? 0;
  for (const step of path) {
    node = child(document, node, step)?.value;
    if (!isNode(node)) return offset;
    offset = node.range?.[0] ?? offset;
  }
  if (key !== undefined) offset = child(document, node, key)?.offset ?? offset;
  return offset;
}

/** A value inside a map or list, and where its key starts. */
function child(document: Document.Parsed, parent: unknown, step: PropertyKey) {
  const node = isAlias(parent) ? parent.resolve(document) : parent;
  if (isMap(node)) {
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
    return pair && { value: pair.value, offset: isNode(pair.key) ? pair.key.range?.[0] : undefined };
  }
  if (isSeq(node)) return { value: node.items[Number(step)], offset: undefined };
  return undefined;
}
