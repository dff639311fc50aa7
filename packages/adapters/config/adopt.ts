/** `adopt: true` for some nodes, written into clockwarden.yaml as a person would: everything else stays as it stands. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '@clockwarden/core/errors';
import { text } from '@clockwarden/core/text';
import { type Document, isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';
import { checkConfig } from './load.ts';
import { readText } from './read-text.ts';
import { resolvePath } from './resolve-path.ts';

export interface AdoptedConfig {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/**
 * A node that has an entry of its own gets the key there; one of an inventory, or one written as `name=address`, below
 * `groups`. Throws OperatorError without a file, and where the result would be none.
 */
export function adoptInConfig(
  { cwd, configPath }: { readonly cwd: string; readonly configPath: string | undefined },
  names: readonly string[],
): AdoptedConfig {
  const path = configPath === undefined ? join(cwd, 'clockwarden.yaml') : resolvePath(cwd, configPath);
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    throw new OperatorError('config-not-found', { where: path });
  }
  const before = readText(path, 'config-not-found', 'config-invalid');
  const after = withAdopted(before, names);
  checkConfig(after, path);
  return { path, before, after };
}

export function withAdopted(content: string, names: readonly string[]): string {
  return names.reduce(withOneAdopted, content);
}

function withOneAdopted(content: string, name: string): string {
  const document = parseDocument(content);
  if (document.contents !== null && !isMap(document.contents)) {
    throw new OperatorError('config-invalid', { detail: text('it is no map', '不是映射') });
  }
  const layout = layoutOf(content);
  const plain = document.toString(layout);
  const parent = entryOf(document, name) ?? groupOf(document, name);
  parent.setIn(['timesync', 'adopt'], true);
  return onlyChange(content, plain, document.toString(layout));
}

/**
 * What the YAML writer would do to the layout by itself (blanks before a comment) is left undone: from `plain` to `after`
 * one stretch of lines changes, and only that one is changed in `content`, of which `plain` has the same lines.
 */
function onlyChange(content: string, plain: string, after: string): string {
  const lines = content.split('\n');
  const plainLines = plain.split('\n');
  const afterLines = after.split('\n');
  if (lines.length !== plainLines.length) return after;
  const shorter = Math.min(plainLines.length, afterLines.length);
  let head = 0;
  while (head < shorter && plainLines[head] === afterLines[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && plainLines.at(-1 - tail) === afterLines.at(-1 - tail)) tail += 1;
  return [
    ...lines.slice(0, head),
    ...afterLines.slice(head, afterLines.length - tail),
    ...lines.slice(lines.length - tail),
  ].join('\n');
}

/** Null: the node stands in no map of `nodes`. */
function entryOf(document: Document, name: string): YAMLMap | null {
  const nodes = document.get('nodes');
  if (!isSeq(nodes)) return null;
  for (const item of nodes.items) {
    if (isMap(item) && (item.get('name') ?? item.get('address')) === name) return item;
  }
  return null;
}

function groupOf(document: Document, name: string): YAMLMap {
  const path = ['groups', name];
  if (!isMap(document.getIn(path))) document.setIn(path, document.createNode({}));
  const group = document.getIn(path);
  if (!isMap(group)) throw new TypeError('a map was just put there');
  return group;
}

interface Layout {
  readonly lineWidth: 0;
  readonly indent: number;
  readonly indentSeq: boolean;
  readonly flowCollectionPadding: boolean;
}

const layouts: readonly Layout[] = [2, 4].flatMap((indent) =>
  [true, false].flatMap((indentSeq) =>
    [true, false].map((flowCollectionPadding) => ({
      lineWidth: 0 as const,
      indent,
      indentSeq,
      flowCollectionPadding,
    })),
  ),
);

/** The way of writing that leaves the most lines of the file as they are. */
function layoutOf(content: string): Layout {
  const document = parseDocument(content);
  const lines = new Set(content.split('\n'));
  const strange = (layout: Layout): number =>
    document
      .toString(layout)
      .split('\n')
      .filter((line) => !lines.has(line)).length;
  const [first, ...others] = layouts;
  if (first === undefined) throw new RangeError('there is no layout');
  return others.reduce((best, layout) => (strange(layout) < strange(best) ? layout : best), first);
}
