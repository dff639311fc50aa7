import type { NodeDesign } from './design.ts';

/** How many workers are changed at once: a share of them (0..1), or so many. At least one. */
export type BatchSize = number | { readonly nodes: number };

type OrderedNode = Pick<NodeDesign, 'node' | 'part'>;

/**
 * The order in which nodes are best changed: servers one by one, then one worker as canary, then workers in batches, then
 * the rest of the control plane one by one. Nodes of one wave may be changed at the same time.
 * @param singly nodes that are changed one by one whatever their role, since etcd or an apiserver was found there
 */
export function wavesOf(
  designs: readonly OrderedNode[],
  batch: BatchSize,
  singly: ReadonlySet<string> = new Set(),
): readonly (readonly string[])[] {
  const isControlPlane = ({ node }: OrderedNode): boolean =>
    node.roles.includes('control-plane') || node.roles.includes('etcd') || singly.has(node.name);
  const names = (wanted: (design: OrderedNode) => boolean): readonly string[] =>
    designs.filter(wanted).map(({ node }) => node.name);
  const servers = names((design) => design.part === 'server');
  const workers = names((design) => design.part === 'client' && !isControlPlane(design));
  const others = names((design) => design.part === 'client' && isControlPlane(design));
  const [canary, ...rest] = workers;
  const wanted = typeof batch === 'number' ? workers.length * batch : batch.nodes;
  const size = Math.max(1, Math.floor(wanted));
  const batches = Array.from({ length: Math.ceil(rest.length / size) }, (_, index) =>
    rest.slice(index * size, (index + 1) * size),
  );
  const single = (node: string): readonly string[] => [node];
  return [
    ...servers.map(single),
    ...(canary === undefined ? [] : [[canary]]),
    ...batches,
    ...others.map(single),
  ];
}
