import type { NodeSpec } from '@clockwarden/core/inventory';
import {
  mergeReadings,
  type NodeObservation,
  type Reading,
  type SourceKind,
} from '@clockwarden/core/observe';
import type { MonotonicInstant } from '@clockwarden/core/time';

/** The latest reading of each source for each node. */
export class LatestReadings {
  readonly #byNode = new Map<string, Map<SourceKind, Reading>>();

  record(node: NodeSpec, reading: Reading): void {
    let readings = this.#byNode.get(node.name);
    if (readings === undefined) {
      readings = new Map();
      this.#byNode.set(node.name, readings);
    }
    readings.set(reading.source, reading);
  }

  readingsOf(nodeName: string): readonly Reading[] {
    return [...(this.#byNode.get(nodeName)?.values() ?? [])];
  }

  /** One observation a node, all aged to the same instant. */
  observe(
    nodes: readonly NodeSpec[],
    now: MonotonicInstant,
    staleAfterSeconds: (source: SourceKind) => number,
  ): readonly NodeObservation[] {
    return nodes.map((node) => mergeReadings(node, this.readingsOf(node.name), now, staleAfterSeconds));
  }
}
