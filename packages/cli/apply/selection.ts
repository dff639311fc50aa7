import type { NodeDesign } from '@clockwarden/core/configure';
import { OperatorError } from '@clockwarden/core/errors';
import { text } from '@clockwarden/core/text';

export interface NodeSelection {
  /** Empty: all. */
  readonly nodes: readonly string[];
  readonly except: readonly string[];
}

/** Throws OperatorError for names that are no node of the cluster, and when none is left. */
export function selectNodes(
  designs: readonly NodeDesign[],
  { nodes, except }: NodeSelection,
): readonly NodeDesign[] {
  requireNames(
    [...nodes, ...except],
    designs.map(({ node }) => node.name),
  );
  const chosen = designs.filter(
    ({ node }) => (nodes.length === 0 || nodes.includes(node.name)) && !except.includes(node.name),
  );
  if (chosen.length === 0) {
    throw new OperatorError('usage', { detail: text('No node is left.', '没有剩余的节点。') });
  }
  return chosen;
}

/** `--nodes a,b` and `--nodes a --nodes b` alike. */
export function namesOf(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...value.split(',').flatMap((name) => name.trim() || [])];
}

/** Throws OperatorError that lists the names which no node has. */
export function requireNames(wanted: readonly string[], known: readonly string[]): void {
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const detail = text('no such node', '没有该节点');
  throw new OperatorError('not-found', ...unknown.map((where) => ({ where, detail })));
}
