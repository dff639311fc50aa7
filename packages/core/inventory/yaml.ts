/** Ansible's YAML inventory, already parsed into a tree that knows its lines → groups, hosts and variables. */
import { text } from '../text/index.ts';
import {
  addHosts,
  complexValue,
  emptyDraft,
  groupOf,
  type InventoryDraft,
  problem,
  setGroupVariable,
  type Variables,
  type VariableValue,
} from './draft.ts';

/** YAML without its syntax. Keys are as written; lines count from 1. */
export type YamlTree =
  | { readonly kind: 'map'; readonly line: number; readonly entries: readonly YamlEntry[] }
  | { readonly kind: 'scalar'; readonly line: number; readonly value: string | number | boolean | null }
  /** A list, or a value with a tag of Ansible's such as `!vault`. */
  | { readonly kind: 'other'; readonly line: number };

interface YamlEntry {
  readonly key: string;
  readonly line: number;
  readonly value: YamlTree;
}

/** Groups in groups deeper than this are a mistake or an attack. */
const MAX_DEPTH = 50;

/** What is read, and all that is wrong in `problems`. `where` names the file. */
export function readYamlInventory(tree: YamlTree, where: string): InventoryDraft {
  const draft = emptyDraft(where);
  if (tree.kind !== 'map' || tree.entries.length === 0) {
    problem(
      draft,
      { where, line: tree.line },
      text('a map of groups is wanted, usually starting with `all:`', '应为组的映射，通常以 `all:` 开头'),
    );
    return draft;
  }
  const plugin = tree.entries.find((entry) => entry.key === 'plugin');
  if (plugin !== undefined) {
    problem(
      draft,
      { where, line: plugin.line },
      text(
        'this configures an inventory plugin; give what it lists: ansible-inventory -i FILE --list --yaml',
        '这是清单插件的配置；请提供其输出：ansible-inventory -i 文件 --list --yaml',
      ),
    );
    return draft;
  }
  for (const entry of tree.entries) readGroup(draft, entry, where, 1);
  return draft;
}

function readGroup(
  draft: InventoryDraft,
  { key, line, value }: YamlEntry,
  where: string,
  depth: number,
): void {
  const group = groupOf(draft, key, { where, line });
  if (isNothing(value)) return;
  if (value.kind !== 'map' || depth > MAX_DEPTH) {
    problem(
      draft,
      { where, line },
      text(
        `the group \`${key}\` must be a map with \`hosts\`, \`children\` or \`vars\``,
        `组 \`${key}\` 应为含 \`hosts\`、\`children\` 或 \`vars\` 的映射`,
      ),
    );
    return;
  }
  for (const part of value.entries) {
    if (part.key !== 'hosts' && part.key !== 'children' && part.key !== 'vars') {
      problem(
        draft,
        { where, line: part.line },
        text(
          `\`${part.key}\`: a group has only \`hosts\`, \`children\` and \`vars\``,
          `\`${part.key}\`：组中只能有 \`hosts\`、\`children\` 和 \`vars\``,
        ),
      );
      continue;
    }
    const entries = entriesOf(draft, part, where);
    for (const entry of entries) {
      if (part.key === 'vars') {
        setGroupVariable(group, entry.key, {
          value: variableValue(entry.value),
          place: { where, line: entry.line },
        });
      } else if (part.key === 'hosts') {
        addHosts(draft, key, entry.key, variablesOf(draft, entry, where), { where, line: entry.line });
      } else {
        group.children.add(entry.key);
        readGroup(draft, entry, where, depth + 1);
      }
    }
  }
}

/** The entries of a map; nothing is none; a single name stands for itself without anything, as in Ansible. */
function entriesOf(
  draft: InventoryDraft,
  { key, line, value }: YamlEntry,
  where: string,
): readonly YamlEntry[] {
  if (isNothing(value)) return [];
  if (value.kind === 'map') return value.entries;
  if (value.kind === 'scalar' && typeof value.value === 'string') {
    return [{ key: value.value, line: value.line, value: { kind: 'scalar', line: value.line, value: null } }];
  }
  problem(
    draft,
    { where, line },
    text(
      `\`${key}\` must be a map, each name with a colon behind it, not a list`,
      `\`${key}\` 应为映射(每个名称后加冒号)，而不是列表`,
    ),
  );
  return [];
}

function isNothing(value: YamlTree): boolean {
  return value.kind === 'scalar' && value.value === null;
}

function variableValue(value: YamlTree): VariableValue {
  return value.kind === 'scalar' ? value.value : complexValue;
}

function variablesOf(draft: InventoryDraft, { key, line, value }: YamlEntry, where: string): Variables {
  if (value.kind === 'map') return readVariables(value, where);
  if (!isNothing(value)) {
    problem(
      draft,
      { where, line },
      text(`the host \`${key}\` must be a map of variables or empty`, `主机 \`${key}\` 应为变量的映射或为空`),
    );
  }
  return new Map();
}

/** The variables of a host, or of a file in group_vars or host_vars. Anything but a map has none. */
export function readVariables(tree: YamlTree, where: string): Variables {
  if (tree.kind !== 'map') return new Map();
  return new Map(
    tree.entries.map(({ key, line, value }) => [
      key,
      { value: variableValue(value), place: { where, line } },
    ]),
  );
}
