import type { ClusterDesign } from '@clockwarden/core/configure';
import { OperatorError } from '@clockwarden/core/errors';
import { text } from '@clockwarden/core/text';

/** Names of the nodes that were named, or of all where none was. Throws OperatorError for a name that no node has. */
export function chosenNodes(design: ClusterDesign, wanted: readonly string[]): readonly string[] {
  const names = design.nodes.map(({ node }) => node.name);
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    const detail = text('no node of this cluster has this name', '集群中没有这个名称的节点');
    throw new OperatorError('not-found', ...unknown.map((where) => ({ where, detail })));
  }
  return wanted.length === 0 ? names : names.filter((name) => wanted.includes(name));
}
