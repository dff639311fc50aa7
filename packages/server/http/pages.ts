/** What the console asks for, made from the state of the loop. */
import type { ClusterPage, NodePage, ServerStatus, Topology } from '@clockwarden/api/console';
import { isoOf, nodeSnapshotOf } from '@clockwarden/api/snapshot';
import { type ExpertPurpose, expertCommands } from '@clockwarden/core/expert-commands';
import type { NodeObservation, Sourced } from '@clockwarden/core/observe';
import type { ClusterLoop } from '../loop/index.ts';

export function clusterPage(loop: ClusterLoop, status: ServerStatus): ClusterPage {
  return { cluster: loop.header, rows: [...loop.rows], status };
}

/** Null: there is no such node. */
export function nodePage(
  loop: ClusterLoop,
  name: string,
  projection: NodePage['projection'],
): NodePage | null {
  const found = loop.node(name);
  if (found === null) return null;
  const { observation } = found.assessed;
  const { facts } = observation;
  const bits = facts.kernel?.value.statusBits ?? null;
  return {
    node: nodeSnapshotOf(found.assessed),
    since: found.since,
    chrony: plain(facts.chrony),
    timesync: plain(facts.timesync),
    timedatectl: plain(facts.timedatectl),
    timezone: plain(facts.timezone),
    daemons: plain(facts.daemons),
    host: plain(facts.host),
    kernelBits: facts.kernel === null || bits === null ? null : plain({ ...facts.kernel, value: bits }),
    configFiles:
      facts.configFiles === null ? null : { ...facts.configFiles, value: [...facts.configFiles.value] },
    raw: plain(facts.raw),
    steps: [...loop.stepsOf(name)],
    projection,
    commands: commandsFor(observation),
  };
}

function plain<T>(fact: Sourced<T> | null): { value: T; source: string; ageSeconds: number } | null {
  return fact === null ? null : { ...fact };
}

const purposes: readonly ExpertPurpose[] = [
  'state',
  'sources',
  'measure',
  'logs',
  'configuration',
  'network',
  'timezone',
];

/** What an expert would type to see for himself; nothing that changes the node. */
function commandsFor({ node, facts }: NodeObservation): NodePage['commands'] {
  const daemon = facts.sync?.value.daemon ?? facts.daemons?.value.find((one) => one.running)?.kind ?? null;
  const server = facts.chrony?.value.sources?.[0]?.address ?? facts.sync?.value.source ?? node.address;
  const seen = new Set<string>();
  return purposes
    .flatMap((purpose) => expertCommands(facts.host?.value ?? null, daemon, purpose, server))
    .filter(({ command }) => !seen.has(command) && seen.add(command))
    .map(({ command, meaning }) => ({ command, meaning }));
}

/** Who follows whom: what every daemon says about its sources, nodes recognised by name and address. */
export function topologyOf(loop: ClusterLoop): Topology {
  const { nodes } = loop.assessment;
  const byAddress = new Map(
    nodes.flatMap(({ node }) => [
      [node.name, node.name],
      [node.address, node.name],
    ]),
  );
  const members = new Map<string, Topology['members'][number]>();
  for (const { node, verdict, reachable, observation } of nodes) {
    const stratum = observation.facts.sync?.value.stratum ?? null;
    members.set(node.name, { id: node.name, kind: 'node', stratum, verdict, reachable });
  }
  const edges: Topology['edges'] = [];
  const follow = (
    from: string,
    names: readonly string[],
    stratum: number | null,
    edge: Pick<Topology['edges'][number], 'state' | 'reach'>,
  ): void => {
    const to = names.map((name) => byAddress.get(name)).find((name) => name !== undefined) ?? names[0];
    if (to === undefined || to === from) return;
    if (!members.has(to)) {
      members.set(to, { id: to, kind: 'upstream', stratum, verdict: null, reachable: null });
    }
    edges.push({ from, to, ...edge });
  };
  for (const { node, observation } of nodes) {
    const { chrony, timesync, sync } = observation.facts;
    const sources = chrony?.value.sources ?? null;
    for (const source of sources ?? []) {
      follow(node.name, [source.name, source.address], source.stratum, {
        state: edgeStates[source.state],
        reach: source.reach,
      });
    }
    if (sources !== null) continue;
    const server = timesync?.value.server ?? sync?.value.source ?? null;
    if (server === null) continue;
    const names = [server, timesync?.value.serverAddress ?? server];
    follow(node.name, names, timesync?.value.stratum ?? null, { state: 'selected', reach: null });
  }
  return { members: [...members.values()], edges };
}

const edgeStates = {
  selected: 'selected',
  combined: 'usable',
  'not-combined': 'usable',
  unusable: 'rejected',
  falseticker: 'rejected',
  jittery: 'rejected',
} as const;

export function isoOrNull(instant: bigint | null): string | null {
  return instant === null ? null : isoOf(instant);
}
