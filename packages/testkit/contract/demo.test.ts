import { createDemoCluster } from '../demo-cluster/index.ts';
import { sourceContract } from './index.ts';

for (const kind of ['ntp', 'ssh'] as const) {
  sourceContract(kind, async () => {
    const { sources, nodes } = createDemoCluster({ nodes: 101_000 });
    const source = sources.find((candidate) => candidate.kind === kind);
    const living = nodes.find((node) => node.condition === 'fine')?.spec;
    const graves = nodes.filter((node) => node.condition === 'unreachable');
    if (source === undefined || living === undefined) throw new Error('the demo cluster has both');
    const dead = (index: number) => {
      const spec = graves[index]?.spec;
      if (spec === undefined) throw new Error('the demo cluster has enough of them');
      return spec;
    };
    return { source, living, dead, timeoutSeconds: 5, stop: async () => undefined };
  });
}
