import { displayStatus, type NodeAssessment } from '@clockwarden/core/assess';
import { boundOf } from '@clockwarden/core/time';
import type { ClusterLoop } from '../loop/index.ts';
import type { Family } from './metrics.ts';

export function nodeFamilies(loop: ClusterLoop): readonly Family[] {
  const labels = ['node', 'role'];
  const perNode = (value: (node: NodeAssessment) => number | null) => () =>
    loop.assessment.nodes.map((node) => [value(node), { node: node.node.name, role: node.role }] as const);
  const flag = (value: boolean | null | undefined): number | null =>
    value === null || value === undefined ? null : Number(value);
  return [
    {
      name: 'clockwarden_node_offset_seconds',
      help: "Node's clock minus the cluster median; positive = ahead. Absent where it is not known.",
      labels,
      values: perNode((node) => node.offset?.seconds ?? null),
    },
    {
      name: 'clockwarden_node_offset_bound_seconds',
      help: 'Half the width of the interval that holds the true offset.',
      labels,
      values: perNode((node) => (node.offset === null ? null : boundOf(node.offset))),
    },
    {
      name: 'clockwarden_node_verdict',
      help: '1 for the verdict that the node has now: ok, warning, critical, undetermined or unreachable.',
      labels: ['node', 'role', 'verdict'],
      values: () =>
        loop.assessment.nodes.map(
          (node) => [1, { node: node.node.name, role: node.role, verdict: displayStatus(node) }] as const,
        ),
    },
    {
      name: 'clockwarden_node_reachable',
      help: '1 when some source has something fresh to say about the node.',
      labels,
      values: perNode((node) => flag(node.reachable)),
    },
    {
      name: 'clockwarden_node_synchronized',
      help: '1 when the time daemon of the node follows a source, 0 when it does not.',
      labels,
      values: perNode((node) => flag(node.observation.facts.sync?.value.synchronized)),
    },
    {
      name: 'clockwarden_node_kernel_synchronized',
      help: '1 when the kernel flag STA_UNSYNC is clear, 0 when it is set.',
      labels,
      values: perNode((node) => {
        const unsync = node.observation.facts.kernel?.value.unsync;
        return flag(unsync === undefined ? null : !unsync);
      }),
    },
    {
      name: 'clockwarden_node_stratum',
      help: 'Stratum of the node as its time daemon says; absent where it is not known or follows nobody.',
      labels,
      values: perNode((node) => node.observation.facts.sync?.value.stratum ?? null),
    },
    {
      name: 'clockwarden_node_root_distance_seconds',
      help: "The time daemon's own bound against its reference: root dispersion and half the root delay.",
      labels,
      values: perNode((node) => node.observation.facts.sync?.value.rootDistanceSeconds ?? null),
    },
    {
      name: 'clockwarden_node_reading_age_seconds',
      help: 'Age of the clock reading that the offset stands on.',
      labels,
      values: perNode((node) => (node.clock === null ? null : loop.readingAge(node))),
    },
    {
      name: 'clockwarden_node_source_success',
      help: '1 when the last reading of a source succeeded for the node, 0 when it failed.',
      labels: ['node', 'source'],
      values: () =>
        loop.assessment.nodes.flatMap(({ node }) =>
          loop
            .latestReadings(node.name)
            .map(({ source, result }) => [Number(result.ok), { node: node.name, source }] as const),
        ),
    },
  ];
}
