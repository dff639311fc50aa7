import type { YamlTree } from '@clockwarden/core/inventory';
import { isAlias, isMap, isNode, isScalar, type Node, type YAMLMap } from 'yaml';
import type { YamlDocument } from './document.ts';

type MapTree = Extract<YamlTree, { kind: 'map' }>;

/** A YAML document as core reads it: aliases followed, merge keys (`<<`) merged, every key with its line. */
export function treeOf(yaml: YamlDocument): YamlTree {
  // `readYaml` has already refused documents whose aliases multiply beyond measure.
  return convert(yaml.document.contents, yaml, 1);
}

function convert(node: unknown, yaml: YamlDocument, parentLine: number): YamlTree {
  const line = isNode(node) && node.range ? yaml.positionAt(node.range[0]).line : parentLine;
  if (node === null || node === undefined) return { kind: 'scalar', line, value: null };
  if (isAlias(node)) return convert(node.resolve(yaml.document), yaml, line);
  if (isMap(node)) return convertMap(node, yaml, line);
  if (isScalar(node) && !hasOwnTag(node)) {
    const { value } = node;
    if (typeof value === 'bigint') return { kind: 'scalar', line, value: String(value) };
    if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) {
      return { kind: 'scalar', line, value: value as string | number | boolean | null };
    }
    // PyYAML makes a date of 2026-01-01; nobody's address looks like one.
    return { kind: 'scalar', line, value: node.source ?? String(value) };
  }
  return { kind: 'other', line };
}

/** `!unsafe` is plain text; `!vault` is encrypted. */
function hasOwnTag(node: Node): boolean {
  return node.tag !== undefined && node.tag !== '!unsafe' && !node.tag.startsWith('tag:yaml.org,2002:');
}

function convertMap(map: YAMLMap, yaml: YamlDocument, line: number): MapTree {
  const entries = new Map<string, MapTree['entries'][number]>();
  const merged: MapTree['entries'][number][] = [];
  for (const { key, value } of map.items) {
    const at = isNode(key) && key.range ? yaml.positionAt(key.range[0]).line : line;
    const name = isScalar(key) ? (key.source ?? String(key.value)) : String(key);
    const converted = convert(value, yaml, at);
    if (name === '<<' && converted.kind === 'map') merged.push(...converted.entries);
    else entries.set(name, { key: name, line: at, value: converted });
  }
  for (const entry of merged) if (!entries.has(entry.key)) entries.set(entry.key, entry);
  return { kind: 'map', line, entries: [...entries.values()] };
}
