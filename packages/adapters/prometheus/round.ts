import {
  assignTargets,
  chronySyncOf,
  clockOfScrape,
  hostOf,
  kernelOf,
  labelOf,
  nodeFinder,
  singleValue,
  type Target,
  TargetTable,
} from '@clockwarden/core/exposition';
import type { NodeSpec } from '@clockwarden/core/inventory';
import { type Failure, failure, type HostState, type NodeFacts, noFacts } from '@clockwarden/core/observe';
import type { PrometheusConfig } from '@clockwarden/core/policy';
import { text } from '@clockwarden/core/text';
import { type MonotonicInstant, nanosecondsOf } from '@clockwarden/core/time';
import {
  chronyQueries,
  clockQuery,
  DURATION,
  EXCESS,
  hostQueries,
  kernelQueries,
  PART,
  type Query,
  STAMP,
} from './queries.ts';
import type { QueryApi, ServerTime } from './server.ts';

/** Host facts are asked for this often, and when a target appears that is not known. */
const HOSTS_EVERY = nanosecondsOf(600);
const NEW_HOSTS_EVERY = nanosecondsOf(60);

interface KnownHost {
  readonly host: HostState | null;
  readonly nodename: string | null;
}

/** What was learnt about the targets' hosts in earlier rounds. */
export class Hosts {
  #known: ReadonlyMap<string, KnownHost> = new Map();
  #readAt: MonotonicInstant | null = null;

  get(target: Target): KnownHost | undefined {
    return this.#known.get(target.key);
  }

  isDue(targets: Iterable<Target>, now: MonotonicInstant): boolean {
    if (this.#readAt === null || now - this.#readAt > HOSTS_EVERY) return true;
    if (now - this.#readAt < NEW_HOSTS_EVERY) return false;
    for (const target of targets) if (!this.#known.has(target.key)) return true;
    return false;
  }

  /** @param about the host families of those of the targets that have any */
  learn(
    targets: ReadonlyMap<string, Target>,
    about: ReadonlyMap<string, Target>,
    now: MonotonicInstant,
  ): void {
    const known = new Map<string, KnownHost>();
    for (const key of targets.keys()) {
      const series = about.get(key)?.series ?? (() => []);
      const [uname] = series('node_uname_info');
      known.set(key, {
        host: hostOf(series),
        nodename: uname === undefined ? null : labelOf(uname, 'nodename'),
      });
    }
    this.#known = known;
    this.#readAt = now;
  }
}

export type NodeResult =
  | { readonly ok: true; readonly facts: NodeFacts; readonly at: MonotonicInstant }
  | { readonly ok: false; readonly failure: Failure };

export type Read =
  | { readonly ok: true; readonly targets: ReadonlyMap<string, Target>; readonly warning: string | null }
  | { readonly ok: false; readonly failure: Failure };

/** Asks what is needed for all nodes, one query after the other. A failure of the clock query is one of every node. */
export async function readServer(
  api: QueryApi,
  config: PrometheusConfig,
  server: ServerTime,
  hosts: Hosts,
): Promise<Read> {
  const table = new TargetTable();
  // Facts beside the clock: where the server cannot give them, the clock is still known.
  const ask = async ({ family, promql }: Query, into: TargetTable): Promise<void> => {
    const answered = await api.query(promql, server.evaluatedSeconds);
    if (answered.ok) into.add(family, answered.answer.samples, family.endsWith('_info'));
  };
  const clocks = await api.query(clockQuery(config.selector), server.evaluatedSeconds);
  if (!clocks.ok) return clocks;
  for (const part of [EXCESS, STAMP, DURATION]) {
    table.add(
      part,
      clocks.answer.samples.filter((sample) => labelOf(sample, PART) === part),
    );
  }
  for (const query of kernelQueries(config.selector)) await ask(query, table);
  for (const query of chronyQueries(config.selector)) await ask(query, table);
  if (hosts.isDue(table.targets.values(), server.at)) {
    const about = new TargetTable();
    for (const query of hostQueries(config.selector)) await ask(query, about);
    hosts.learn(table.targets, about.targets, server.at);
  }
  return { ok: true, targets: table.targets, warning: clocks.answer.warnings[0] ?? null };
}

/** What the server says of each node. */
export function resultsOf(
  nodes: readonly NodeSpec[],
  targets: ReadonlyMap<string, Target>,
  config: PrometheusConfig,
  server: ServerTime,
  hosts: Hosts,
  warning: string | null,
): ReadonlyMap<NodeSpec, NodeResult> {
  const findNode = nodeFinder(nodes, config.nodeLabels);
  const nodeOf = (target: Target): NodeSpec | null => {
    const nodename = hosts.get(target)?.nodename ?? null;
    return findNode(nodename === null ? target.labels : { nodename, ...target.labels });
  };
  const stampOf = ({ series }: Target): number | null =>
    singleValue(series, EXCESS) === null ? null : singleValue(series, STAMP);
  const { byNode, elsewhere, scraper } = assignTargets(targets.values(), nodeOf, stampOf);
  const chrony = assignTargets(
    [...targets.values()].filter((target) => target.scraper === scraper),
    nodeOf,
    ({ series }) => (singleValue(series, 'chrony_tracking_stratum') === null ? null : 0),
  );
  return new Map(
    nodes.map((node): [NodeSpec, NodeResult] => {
      const target = byNode.get(node);
      if (target === undefined) {
        const other = elsewhere.get(node);
        const missing =
          other === undefined
            ? unknownNode(node, config, byNode.size, warning)
            : otherServer(node, other, scraper);
        return [node, { ok: false, failure: missing }];
      }
      return [node, resultOf(node, target, chrony.byNode.get(node), server, hosts)];
    }),
  );
}

function resultOf(
  node: NodeSpec,
  target: Target,
  chrony: Target | undefined,
  server: ServerTime,
  hosts: Hosts,
): NodeResult {
  const { series } = target;
  const stamp = singleValue(series, STAMP);
  const excessSeconds = singleValue(series, EXCESS);
  const durationSeconds = singleValue(series, DURATION);
  if (stamp === null || excessSeconds === null || durationSeconds === null) {
    return { ok: false, failure: incomplete(node) };
  }
  const ageSeconds = server.evaluatedSeconds - stamp;
  const at = server.at - nanosecondsOf(Math.max(0, ageSeconds));
  if (server.trustFrom !== null && at < server.trustFrom) return { ok: false, failure: serverWasSet(node) };
  const offset = clockOfScrape({ excessSeconds, durationSeconds, ageSeconds }, server.offset);
  if (offset === null) return { ok: false, failure: incomplete(node) };
  return {
    ok: true,
    at,
    facts: {
      ...noFacts,
      clock: { offset, delaySeconds: null, stampedBy: 'scrape', samples: 1 },
      kernel: kernelOf(series),
      host: hosts.get(target)?.host ?? null,
      sync: chrony === undefined ? null : chronySyncOf(chrony.series),
    },
  };
}

function unknownNode(
  node: NodeSpec,
  config: PrometheusConfig,
  found: number,
  warning: string | null,
): Failure {
  const labels = config.nodeLabels.join(', ');
  const also = warning === null ? '' : ` ${config.url}: ${warning}`;
  return failure(
    'no-data',
    text(
      `No fresh series node_time_seconds belongs to ${node.name} (${node.address}); ${found} other nodes have one.${also}`,
      `没有属于 ${node.name}(${node.address})的新鲜 node_time_seconds 序列；另有 ${found} 个节点有该序列。${also}`,
    ),
    text(
      `Is its node_exporter up and scraped (\`up\`)? One of the labels ${labels} must be the node's name or address; set \`nodeLabels\` and \`selector\` otherwise.`,
      `该节点的 node_exporter 是否在运行并被抓取(\`up\`)?标签 ${labels} 之一必须是节点的名称或地址；否则请设置 \`nodeLabels\` 和 \`selector\`。`,
    ),
  );
}

function otherServer(node: NodeSpec, other: string, chosen: string): Failure {
  return failure(
    'no-data',
    text(
      `${node.name} is scraped by another server (${other}); most nodes are scraped by the one with ${chosen || 'no such label'}, and samples of two servers cannot be compared.`,
      `${node.name} 由另一台服务器抓取(${other})；多数节点由标签为 ${chosen || '(无)'} 的服务器抓取，两台服务器的样本不可比较。`,
    ),
    text(
      'Narrow `selector` to one server, or let one scrape all nodes.',
      '请用 `selector` 限定为一台服务器，或由一台服务器抓取所有节点。',
    ),
  );
}

function incomplete(node: NodeSpec): Failure {
  return failure(
    'no-data',
    text(
      `The series of ${node.name} do not bound its clock: node_time_seconds and scrape_duration_seconds of one scrape are needed.`,
      `${node.name} 的序列不足以界定其时钟：需要同一次抓取的 node_time_seconds 和 scrape_duration_seconds。`,
    ),
  );
}

function serverWasSet(node: NodeSpec): Failure {
  return failure(
    'no-data',
    text(
      `The clock of the Prometheus server was set; the next scrape of ${node.name} will be the first that can be trusted.`,
      `Prometheus 服务器的时钟被调整过；需等待对 ${node.name} 的下一次抓取，其结果才可信。`,
    ),
  );
}
