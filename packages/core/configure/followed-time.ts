/**
 * Where the time is that a node is meant to follow, against the collector's time base: from the collector's own questions to
 * the upstreams, else from servers of the cluster that follow them, else from what the node's daemon says.
 */
import { LOCAL_REFERENCE } from '../chrony/index.ts';
import { agreementOf, compareServers, type QueriedServer } from '../ntp/index.ts';
import type { NodeObservation } from '../observe/index.ts';
import { type Text, text } from '../text/index.ts';
import {
  aged,
  difference,
  type Estimate,
  estimate,
  type Interval,
  type MonotonicInstant,
  secondsOf,
  widen,
} from '../time/index.ts';
import type { FollowedOffset } from './correction.ts';
import type { ClusterDesign, NodeDesign } from './design.ts';

export interface Measured {
  /** Answers of outside servers to the collector, by the name that the design has for them. */
  readonly upstreams: ReadonlyMap<string, QueriedServer>;
  /** By node name; those that were asked. */
  readonly observations: ReadonlyMap<string, NodeObservation>;
  /** When the observations were aged to. */
  readonly now: MonotonicInstant;
}

export type FollowedTime =
  | {
      readonly known: true;
      /** True time minus the collector's time base. */
      readonly time: Estimate;
      /** Who says so: upstreams or nodes. */
      readonly by: readonly string[];
      /** Upstreams that contradict the majority. */
      readonly falsetickers: readonly string[];
    }
  | { readonly known: false; readonly code: 'sources-disagree' | 'no-source'; readonly why: Text };

/** A node's clock against what it is meant to follow. */
export function followedOffset(
  design: NodeDesign,
  cluster: ClusterDesign,
  measured: Measured,
): FollowedOffset {
  const own = measured.observations.get(design.node.name);
  const clock = own?.facts.clock?.value.offset;
  if (islandLeader(cluster) === design.node.name) return { known: true, offset: estimate(0, 0) };
  const followed = followedTime(design, cluster, measured, { ownWord: true });
  if (!followed.known) return followed;
  // timesyncd follows one of its list and cannot notice that it lies.
  const liars = followed.falsetickers.filter((name) => design.upstreams.includes(name));
  if (design.daemon === 'systemd-timesyncd' && liars.length > 0) return disagreement(design.upstreams);
  if (clock !== undefined) return { known: true, offset: difference(clock, followed.time) };
  const told = own?.facts.sync?.value.referenceOffset;
  if (told !== null && told !== undefined) return { known: true, offset: told };
  const why = text('Its clock cannot be read.', '无法读取其时钟。');
  return { known: false, code: 'no-clock', why };
}

/** @param ownWord whether the node's own daemon may be believed where nobody else can be asked */
export function followedTime(
  design: NodeDesign,
  cluster: ClusterDesign,
  measured: Measured,
  { ownWord }: { readonly ownWord: boolean },
): FollowedTime {
  if (cluster.topology === 'island') return timeOfIsland(cluster, measured);
  const outside = timeOfUpstreams(upstreamsBehind(design, cluster), measured);
  if (outside !== null) return outside;
  const servers = cluster.nodes.filter(({ node }) => design.servers.includes(node.address));
  const voters = [...servers, ...(ownWord ? [design] : [])].flatMap(({ node }) => {
    const time = trueTimeBy(measured.observations.get(node.name));
    return time === null ? [] : [{ name: node.name, time }];
  });
  return agreed(voters) ?? nobody(design, cluster);
}

/** Those that it follows itself, or those of the servers that it follows: they are corrected before it. */
function upstreamsBehind(design: NodeDesign, cluster: ClusterDesign): readonly string[] {
  if (design.upstreams.length > 0) return design.upstreams;
  const servers = cluster.nodes.filter(({ node }) => design.servers.includes(node.address));
  return [...new Set(servers.flatMap(({ upstreams }) => upstreams))];
}

/** Null: none of them told the time to the collector. */
function timeOfUpstreams(names: readonly string[], { upstreams, now }: Measured): FollowedTime | null {
  const asked = names.flatMap((name) => {
    const server = upstreams.get(name);
    return server === undefined ? [] : [{ name, server }];
  });
  const { agreement, servers } = compareServers(
    asked.map(({ server }) => server),
    now,
  );
  const namesOf = (indexes: readonly number[]): readonly string[] =>
    indexes.map((index) => asked[index]?.name ?? '');
  if (agreement.kind === 'no-majority') {
    return disagreement(asked.flatMap(({ name, server }) => (server.ok ? [name] : [])));
  }
  const falsetickers = agreement.kind === 'majority' ? namesOf(agreement.falsetickers) : [];
  const voters = asked.flatMap(({ name, server }, index) =>
    server.ok && servers[index]?.fitness === 'fit' ? [{ name, time: timeBy(server.measured, now) }] : [],
  );
  if (voters.length === 0) return null;
  const where = agreement.kind === 'majority' ? agreement.interval : undefined;
  return {
    known: true,
    time: middle(
      voters.map(({ time }) => time),
      where,
    ),
    by: voters.map(({ name }) => name),
    falsetickers,
  };
}

function timeBy(
  { clock, at, report }: Extract<QueriedServer, { ok: true }>['measured'],
  now: MonotonicInstant,
): Estimate {
  return widen(aged(clock.offset, secondsOf(now - at)), report.rootDistanceSeconds);
}

/** True time as a node's daemon knows it: its clock, less what the daemon says that it is off. Null: it follows nobody outside. */
function trueTimeBy(observation: NodeObservation | undefined): Estimate | null {
  const sync = observation?.facts.sync?.value;
  const clock = observation?.facts.clock?.value.offset;
  if (sync?.synchronized !== true || sync.referenceOffset === null || clock === undefined) return null;
  if (sync.refId === LOCAL_REFERENCE || isOrphanStratum(sync.stratum)) return null;
  return difference(clock, sync.referenceOffset);
}

/** Servers without a reference call themselves stratum 10 (`local stratum 10 orphan`), whoever follows them 11 and more. */
const ORPHAN_STRATUM = 10;

export function isOrphanStratum(stratum: number | null): boolean {
  return stratum !== null && stratum >= ORPHAN_STRATUM;
}

interface Voter {
  readonly name: string;
  readonly time: Estimate;
}

function agreed(voters: readonly Voter[]): FollowedTime | null {
  const [first] = voters;
  if (first === undefined) return null;
  const agreement = agreementOf(voters.map(({ time }) => time));
  if (agreement.kind === 'no-majority') return disagreement(voters.map(({ name }) => name));
  const by = agreement.kind === 'majority' ? voters.filter((_, i) => agreement.agreeing.includes(i)) : voters;
  return {
    known: true,
    time: middle(
      by.map(({ time }) => time),
      agreement.kind === 'majority' ? agreement.interval : undefined,
    ),
    by: by.map(({ name }) => name),
    falsetickers: [],
  };
}

/** The tightest of them, by the interval in which they meet where they do. */
function middle(times: readonly Estimate[], where: Interval | undefined): Estimate {
  const [tightest = estimate(0, Number.POSITIVE_INFINITY)] = [...times].sort(
    (a, b) => a.high - a.low - (b.high - b.low),
  );
  if (where === undefined) return tightest;
  return { seconds: Math.min(where.high, Math.max(where.low, tightest.seconds)), ...where };
}

function timeOfIsland(cluster: ClusterDesign, { observations }: Measured): FollowedTime {
  const servers = cluster.nodes.filter(({ part }) => part === 'server').map(({ node }) => node.name);
  const leader = islandLeader(cluster);
  const voters = (leader === null ? servers : [leader]).flatMap((name): readonly Voter[] => {
    const time = observations.get(name)?.facts.clock?.value.offset;
    return time === undefined ? [] : [{ name, time }];
  });
  const why = text(
    `The clock of ${(leader ?? servers.join(', ')) || 'its servers'}, which leads the island, cannot be read.`,
    `无法读取主导孤岛的 ${(leader ?? servers.join('、')) || '服务端'} 的时钟。`,
  );
  return agreed(voters) ?? { known: false, code: 'no-source', why };
}

/**
 * The node whose clock an island follows. Orphan servers agree on the one with the smallest reference ID (chrony.conf(5),
 * `local`), which for IPv4 is the address itself. Null: no island, or it cannot be told from here.
 */
export function islandLeader(cluster: Pick<ClusterDesign, 'topology' | 'nodes'>): string | null {
  if (cluster.topology !== 'island') return null;
  const servers = cluster.nodes.filter(({ part }) => part === 'server').map(({ node }) => node);
  if (servers.length === 1) return servers[0]?.name ?? null;
  const ranked = servers.map(({ name, address }) => ({ name, id: ipv4Number(address) }));
  if (ranked.some(({ id }) => id === null)) return null;
  return ranked.sort((a, b) => (a.id ?? 0) - (b.id ?? 0))[0]?.name ?? null;
}

function ipv4Number(address: string): number | null {
  const parts = address.split('.').map(Number);
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(address) || parts.some((part) => part > 255)) return null;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

function disagreement(names: readonly string[]): Extract<FollowedTime, { known: false }> {
  return {
    known: false,
    code: 'sources-disagree',
    why: text(
      `The sources contradict each other, and nobody can tell which is right: ${names.join(', ')}.`,
      `各时间源互相矛盾，无法判断谁是对的：${names.join('、')}。`,
    ),
  };
}

function nobody(design: NodeDesign, cluster: ClusterDesign): FollowedTime {
  const names = upstreamsBehind(design, cluster).join(', ');
  return {
    known: false,
    code: 'no-source',
    why: text(
      `Nobody tells the time that it will follow: ${names || 'its servers'} cannot be reached from here, and no daemon follows them yet.`,
      `无法得知它将跟随的时间：从本机无法访问${names === '' ? '其服务端' : ` ${names.replaceAll(', ', '、')}`}，且尚无守护进程跟随它们。`,
    ),
  };
}
