/** An inventory file and the group_vars and host_vars beside it → nodes. */
import { readdirSync, statSync } from 'node:fs';
import { dirname, extname, join, sep } from 'node:path';
import { OperatorError, type OperatorErrorDetails } from '@clockwarden/core/errors';
import {
  type InventoryDraft,
  type NodeSpec,
  readIniInventory,
  readVariables,
  readYamlInventory,
  resolveInventory,
  type VariableFiles,
  type Variables,
} from '@clockwarden/core/inventory';
import { text } from '@clockwarden/core/text';
import { readYaml } from './document.ts';
import { duplicateNames } from './nodes.ts';
import { readText } from './read-text.ts';
import { resolvePath } from './resolve-path.ts';
import { treeOf } from './tree.ts';

/** Throws OperatorError that lists every mistake with its file and line. */
export function readInventory(path: string, cwd: string): readonly NodeSpec[] {
  const content = readText(path, 'inventory-not-found', 'inventory-invalid');
  const problems: OperatorErrorDetails[] = [];
  const draft = readDraft(content, path);
  const resolved = resolveInventory(draft, variableFiles(dirname(path), problems));
  const all = [...problems, ...resolved.problems, ...duplicateNames(resolved.nodes)];
  if (all.length > 0)
    throw new OperatorError('inventory-invalid', ...all.sort((a, b) => byPlace(a, b, path)));
  // As Ansible: the key of a host is relative to where the command runs.
  return resolved.nodes.map((node) =>
    node.ssh.identityFile === undefined
      ? node
      : { ...node, ssh: { ...node.ssh, identityFile: resolvePath(cwd, node.ssh.identityFile) } },
  );
}

/** The inventory itself first, then the files beside it. */
function byPlace(a: OperatorErrorDetails, b: OperatorErrorDetails, main: string): number {
  const [first = '', second = ''] = [a.where, b.where];
  if (first !== second) return first === main || (second !== main && first < second) ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0);
}

function readDraft(content: string, path: string): InventoryDraft {
  if (content.startsWith('#!')) {
    const detail = text(
      'this is a program; give what it lists: ansible-inventory -i FILE --list --yaml',
      '这是程序；请提供其输出：ansible-inventory -i 文件 --list --yaml',
    );
    throw new OperatorError('inventory-invalid', { where: path, line: 1, detail });
  }
  if (!isYaml(content, path)) return readIniInventory(content, path);
  const yaml = readYaml(content, path, '1.1');
  if ('problems' in yaml) throw new OperatorError('inventory-invalid', ...yaml.problems);
  const tree = treeOf(yaml);
  if (tree === null) throw new OperatorError('inventory-invalid', tooMuch(path));
  return readYamlInventory(tree, path);
}

function tooMuch(where: string): OperatorErrorDetails {
  return { where, detail: text('it stands for too many values', '展开后的内容过多') };
}

/** By its ending; a file without one (kubeasz's `hosts`) by its first line that says something. */
function isYaml(content: string, path: string): boolean {
  if (['.yaml', '.yml', '.json'].includes(extname(path))) return true;
  if (extname(path) !== '') return false;
  const first = content.split('\n').find((line) => !/^\s*([#;].*)?$/.test(line)) ?? '';
  return /^(---|\{|["']?[\w.-]+["']?:\s*(#.*)?$)/.test(first.trimEnd());
}

function variableFiles(folder: string, problems: OperatorErrorDetails[]): VariableFiles {
  const read = (kind: string) => {
    const known = new Map<string, Variables>();
    const present = isFolder(join(folder, kind));
    return (name: string): Variables => {
      if (!present) return none;
      const variables = known.get(name) ?? variablesOf(join(folder, kind), name, problems);
      known.set(name, variables);
      return variables;
    };
  };
  return { group: read('group_vars'), host: read('host_vars') };
}

const none: Variables = new Map();

/** The endings that Ansible tries, in its order; the first that exists is read, a folder with everything in it. */
const endings = ['', '.yml', '.yaml', '.json'];

function variablesOf(folder: string, name: string, problems: OperatorErrorDetails[]): Variables {
  // Names come from the inventory: they name a file in this folder, never a path out of it.
  if (name.includes('/') || name.includes(sep) || name === '.' || name === '..') return none;
  const found = endings.map((ending) => join(folder, name + ending)).find(exists);
  if (found === undefined) return none;
  const variables: Variables = new Map();
  for (const file of isFolder(found) ? filesBelow(found) : [found]) {
    for (const [key, variable] of readVariableFile(file, problems)) variables.set(key, variable);
  }
  return variables;
}

function readVariableFile(file: string, problems: OperatorErrorDetails[]): Variables {
  const content = readText(file, 'inventory-not-found', 'inventory-invalid');
  // Encrypted files hold secrets; how to reach a host is not one, and we have no key.
  if (content.startsWith('$ANSIBLE_VAULT;')) return none;
  const yaml = readYaml(content, file, '1.1');
  if ('problems' in yaml) {
    problems.push(...yaml.problems);
    return none;
  }
  const tree = treeOf(yaml);
  if (tree === null) problems.push(tooMuch(file));
  return tree === null ? none : readVariables(tree, file);
}

/** As Ansible: sorted, hidden files and backups left out, only files that look like YAML, folders without a dot. */
function filesBelow(folder: string, depth = 0): readonly string[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.') && !name.endsWith('~'))
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      if (isFolder(path)) return extname(name) === '' && depth < 10 ? filesBelow(path, depth + 1) : [];
      return endings.includes(extname(name)) ? [path] : [];
    });
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
