import type { YamlTree } from '@clockwarden/core/inventory';
import { isAlias, isMap, isNode, isScalar, type Node, type YAMLMap } from 'yaml';
import type { YamlDocument } from './document.ts';

type MapTree = Extract<YamlTree, { kind: 'map' }>;

/** Aliases multiply: a short file can stand for any number of values. */
const MAX_VALUES = 2_000_000;
const MAX_DEPTH = 100;

/**
 * A YAML document as core reads it: aliases followed, merge keys (`<<`) merged, every key with its line. Null when it
 * stands for more values, or deeper ones, than any inventory has.
 */
export function treeOf(yaml: YamlDocument): YamlTree | null {
  let left = MAX_VALUES;
  const convert = (node: unknown, parentLine: number, depth: number): YamlTree => {
    left -= 1;
    const line = isNode(node) && node.range ? yaml.positionAt(node.range[0]).line : parentLine;
    if (left < 0 || depth > MAX_DEPTH) {
      left = -1;
      return { kind: 'other', line };
    }
    if (isAlias(node)) return convert(node.resolve(yaml.document), line, depth + 1);
    if (isMap(node)) return convertMap(node, line, depth);
    return leaf(node, line);
  };
  const convertMap = (map: YAMLMap, line: number, depth: number): MapTree => {
    const entries = new Map<string, MapTree['entries'][number]>();
    const merged: MapTree['entries'][number][] = [];
    for (const { key, value } of map.items) {
      const at = isNode(key) && key.range ? yaml.positionAt(key.range[0]).line : line;
      const name = isScalar(key) ? (key.source ?? String(key.value)) : '';
      const converted = convert(value, at, depth + 1);
      if (name === '<<' && converted.kind === 'map') merged.push(...converted.entries);
      else entries.set(name, { key: name, line: at, value: converted });
    }
    for (const entry of merged) if (!entries.has(entry.key)) entries.set(entry.key, entry);
    return { kind: 'map', line, entries: [...entries.values()] };
  };
  const tree = convert(yaml.document.contents, 1, 0);
  return left < 0 ? null : tree;
}

function leaf(node: unknown, line: number): YamlTree {
  if (node === null || node === undefined) return { kind: 'scalar', line, value: null };
  if (!isScalar(node) || hasOwnTag(node)) return { kind: 'other', line };
  const { value } = node;
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
  ) {
    return { kind: 'scalar', line, value };
  }
  // A date of PyYAML's, or a number too large: nobody's address looks like one.
  return { kind: 'scalar', line, value: node.source ?? String(value) };
}

/** `!unsafe` is plain text; `!vault` is encrypted. */
function hasOwnTag(node: Node): boolean {
  return node.tag !== undefined && node.tag !== '!unsafe' && !node.tag.startsWith('tag:yaml.org,2002:');
}
