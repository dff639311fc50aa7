/** Which scraped target speaks of which node: the series of a Prometheus server, put together again by target. */
import type { NodeSpec } from '../inventory/index.ts';
import { labelOf } from './facts.ts';
import type { Labels, Sample, Series } from './page.ts';

/** An exporter as one server scrapes it. */
export interface Target {
  /** Scraper, job and instance. */
  readonly key: string;
  /**
   * The server that scraped it, by the external labels that tell servers apart; '' where there are none. Samples of two
   * servers carry the stamps of two clocks and are never compared.
   */
  readonly scraper: string;
  /** Those of the first series that was seen of it. */
  readonly labels: Labels;
  readonly series: Series;
}

/** Labels that Prometheus operators and their kin give to all that one server scrapes. */
const scraperLabels = ['cluster', 'prometheus', 'prometheus_replica', 'replica', '__replica__', 'tenant_id'];

function scraperOf(labels: Labels): string {
  let scraper = '';
  for (const name of scraperLabels) {
    const value = labelOf({ labels }, name);
    if (value !== null) scraper += `${scraper === '' ? '' : ', '}${name}="${value}"`;
  }
  return scraper;
}

const NO_LABELS: Labels = {};

/** Takes the answers to one query after the other, so that ten thousand targets are never in memory with all their labels. */
export class TargetTable {
  readonly #targets = new Map<string, Target>();
  readonly #samples = new Map<string, Map<string, Sample[]>>();

  /**
   * @param family the name under which {@link Target.series} gives the samples
   * @param isInfo the labels say something themselves, as those of `node_os_info`; of the others only the value is kept
   */
  add(family: string, samples: readonly Sample[], isInfo = false): void {
    for (const sample of samples) {
      const families = this.#familiesOf(sample.labels);
      const kept = isInfo ? sample : { labels: NO_LABELS, value: sample.value };
      const known = families.get(family);
      if (known === undefined) families.set(family, [kept]);
      else known.push(kept);
    }
  }

  get targets(): ReadonlyMap<string, Target> {
    return this.#targets;
  }

  #familiesOf(labels: Labels): Map<string, Sample[]> {
    const scraper = scraperOf(labels);
    const key = `${scraper}\n${labelOf({ labels }, 'job') ?? ''}\n${labelOf({ labels }, 'instance') ?? ''}`;
    const known = this.#samples.get(key);
    if (known !== undefined) return known;
    const families = new Map<string, Sample[]>();
    this.#samples.set(key, families);
    this.#targets.set(key, { key, scraper, labels, series: (family) => families.get(family) ?? [] });
    return families;
  }
}

/** Finds a node by the labels of a series: the first label of `nodeLabels` whose value is a node's name or address. */
export type FindNode = (labels: Labels) => NodeSpec | null;

export function nodeFinder(nodes: readonly NodeSpec[], nodeLabels: readonly string[]): FindNode {
  const byName = new Map<string, NodeSpec>();
  // Names go before addresses: they are unique.
  for (const node of nodes) byName.set(node.address.toLowerCase(), node);
  for (const node of nodes) byName.set(node.name.toLowerCase(), node);
  return (labels) => {
    for (const name of nodeLabels) {
      const value = labelOf({ labels }, name)?.toLowerCase();
      const node = value === undefined ? undefined : (byName.get(value) ?? byName.get(withoutPort(value)));
      if (node !== undefined) return node;
    }
    return null;
  };
}

/** `10.0.0.5:9100` → `10.0.0.5`, `[2001:db8::1]:9100` → `2001:db8::1`; a bare IPv6 address stays whole. */
function withoutPort(value: string): string {
  const bracketed = /^\[(.+)\](:\d+)?$/.exec(value)?.[1];
  if (bracketed !== undefined) return bracketed;
  return value.indexOf(':') === value.lastIndexOf(':') ? value.replace(/:\d+$/, '') : value;
}

export interface Assignment {
  readonly byNode: ReadonlyMap<NodeSpec, Target>;
  /** The server that was chosen. */
  readonly scraper: string;
  /** Nodes that only other servers scrape, with one of them. */
  readonly elsewhere: ReadonlyMap<NodeSpec, string>;
}

/**
 * One target for each node, all of the same scraper: the one that knows most nodes. Of several targets of a node (two
 * jobs scrape it) the freshest is taken.
 * @param stampOf when the target was scraped, in seconds; null: it tells nothing of a clock
 */
export function assignTargets(
  targets: Iterable<Target>,
  nodeOf: (target: Target) => NodeSpec | null,
  stampOf: (target: Target) => number | null,
): Assignment {
  const candidates: { node: NodeSpec; target: Target; stamp: number }[] = [];
  const nodesOf = new Map<string, Set<NodeSpec>>();
  for (const target of targets) {
    const stamp = stampOf(target);
    const node = stamp === null ? null : nodeOf(target);
    if (stamp === null || node === null) continue;
    candidates.push({ node, target, stamp });
    const known = nodesOf.get(target.scraper);
    if (known === undefined) nodesOf.set(target.scraper, new Set([node]));
    else known.add(node);
  }
  const scraper = mostNodes(nodesOf);
  const best = new Map<NodeSpec, { target: Target; stamp: number }>();
  const elsewhere = new Map<NodeSpec, string>();
  for (const { node, target, stamp } of candidates) {
    if (target.scraper !== scraper) {
      elsewhere.set(node, target.scraper);
      continue;
    }
    const rival = best.get(node);
    const wins =
      rival === undefined || stamp > rival.stamp || (stamp === rival.stamp && target.key < rival.target.key);
    if (wins) best.set(node, { target, stamp });
  }
  for (const node of best.keys()) elsewhere.delete(node);
  return { byNode: new Map([...best].map(([node, { target }]) => [node, target])), scraper, elsewhere };
}

/** The scraper with the most nodes; of equals the first by name, so that it stays the same from round to round. */
function mostNodes(nodesOf: ReadonlyMap<string, ReadonlySet<NodeSpec>>): string {
  let best = '';
  let count = 0;
  for (const [scraper, nodes] of [...nodesOf].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (nodes.size > count) {
      best = scraper;
      count = nodes.size;
    }
  }
  return best;
}
