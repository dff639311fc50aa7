import type { NodeDesign } from './design.ts';

/**
 * The order in which nodes are best changed: servers one by one, then one worker as canary, then workers in batches, then
 * the rest of the control plane one by one. Nodes of one wave may be changed at the same time.
 * @param batch share of the workers in one wave, 0..1; at least one node
 */
export function wavesOf(designs: readonly NodeDesign[], batch: number): readonly (readonly string[])[] {
  const isControlPlane = ({ node }: NodeDesign): boolean =>
    node.roles.includes('control-plane') || node.roles.includes('etcd');
  const names = (wanted: (design: NodeDesign) => boolean): readonly string[] =>
    designs.filter(wanted).map(({ node }) => node.name);
  const servers = names((design) => design.part === 'server');
  const workers = names((design) => design.part === 'client' && !isControlPlane(design));
  const others = names((design) => design.part === 'client' && isControlPlane(design));
  const [canary, ...rest] = workers;
  const size = Math.max(1, Math.floor(workers.length * batch));
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
