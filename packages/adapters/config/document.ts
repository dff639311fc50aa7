/** YAML as text → plain values, with the line and column of every one of them. */
import type { OperatorErrorDetails } from '@clockwarden/core/errors';
import { text } from '@clockwarden/core/text';
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';

interface Position {
  readonly line: number;
  readonly column: number;
}

export interface YamlDocument {
  readonly value: unknown;
  readonly document: Document.Parsed;
  /** Where the value at this path stands, or that key of it; its nearest parent where there is none. */
  position(path: readonly PropertyKey[], key?: string): Position;
  positionAt(offset: number): Position;
}

/**
 * Either the document or everything that is wrong with it. YAML 1.2 for our own file; 1.1 for Ansible's, which is what
 * PyYAML reads (`yes` is true, `0644` is octal).
 */
export function readYaml(
  content: string,
  where: string,
  version: '1.1' | '1.2' = '1.2',
): YamlDocument | { readonly problems: readonly OperatorErrorDetails[] } {
  const lines = new LineCounter();
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  // The parser's own words exist in English only.
  const problem = (words: string) => text(words, `YAML 语法错误:${words}`);
  try {
    const document = parseDocument(content, {
      version,
      lineCounter: lines,
      prettyErrors: false,
      merge: version === '1.1',
      logLevel: 'silent',
    });
    if (document.errors.length > 0) {
      return {
        problems: document.errors.map((error) => ({
          where,
          ...positionAt(error.pos[0]),
          detail: problem(error.message),
        })),
      };
    }
    return {
      value: document.toJS({ maxAliasCount: 100 }) as unknown,
      document,
      position: (path, key) => positionAt(offsetOf(document, path, key)),
      positionAt,
    };
  } catch (error) {
    // A bomb of aliases (ReferenceError) or of brackets (RangeError: the stack is full).
    if (error instanceof RangeError || error instanceof ReferenceError) {
      return { problems: [{ where, detail: problem(error.message) }] };
    }
    throw error;
  }
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
