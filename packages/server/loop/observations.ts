/** One observation a node, kept until there is a reason to make another: most nodes say nothing between two judgements. */
import type { NodeSpec } from '@clockwarden/core/inventory';
import { mergeReadings, type NodeObservation, type Reading } from '@clockwarden/core/observe';
import type { ClusterPolicy } from '@clockwarden/core/policy';
import { type MonotonicInstant, secondsOf } from '@clockwarden/core/time';
import { staleAfter } from './pace.ts';
import type { ReadingTable } from './reading-table.ts';

/** Every node is observed anew so often without being read, so that readings become stale in time. */
const RENEWED_EVERY_SECONDS = 5;
/** So many are cheap enough to be observed anew each time. */
const RENEWED_AT_LEAST = 400;

export class Observations {
  readonly #policy: ClusterPolicy;
  readonly #table: ReadingTable;
  #kept: readonly NodeObservation[] = [];
  #keptAt: MonotonicInstant = 0n;
  /** Place of the node whose turn it is. */
  #turn = 0;

  constructor(policy: ClusterPolicy, table: ReadingTable) {
    this.#policy = policy;
    this.#table = table;
  }

  /** In the order of the policy's nodes; those that were `read`, and those whose turn it is, as they are now. */
  at(now: MonotonicInstant, read: (nodeName: string) => boolean): readonly NodeObservation[] {
    const { nodes } = this.#policy;
    const due = Math.ceil((nodes.length * secondsOf(now - this.#keptAt)) / RENEWED_EVERY_SECONDS);
    const renewed = Math.min(nodes.length, Math.max(RENEWED_AT_LEAST, due));
    const isItsTurn = (index: number): boolean =>
      (index - this.#turn + nodes.length) % nodes.length < renewed;
    this.#kept = nodes.map((node, index) => {
      const kept = this.#kept[index];
      return kept === undefined || isItsTurn(index) || read(node.name) ? this.#observe(node, now) : kept;
    });
    this.#keptAt = now;
    this.#turn = nodes.length === 0 ? 0 : (this.#turn + renewed) % nodes.length;
    return this.#kept;
  }

  #observe(node: NodeSpec, now: MonotonicInstant): NodeObservation {
    const stale = (kind: Reading['source']): number => staleAfter(this.#policy, kind);
    return mergeReadings(node, this.#table.forMerge(node.name, now, stale), now, stale);
  }
}
