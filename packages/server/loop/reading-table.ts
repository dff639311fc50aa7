/** What the sources said last about each node. */
import type { NodeSpec } from '@clockwarden/core/inventory';
import type { Reading, SourceKind } from '@clockwarden/core/observe';
import { type MonotonicInstant, secondsOf } from '@clockwarden/core/time';

interface Entry {
  latest: Reading;
  /** The last one that succeeded: one lost poll does not take a clock away that was read a moment ago. */
  good: Reading | null;
}

export class ReadingTable {
  readonly #byNode = new Map<string, Map<SourceKind, Entry>>();

  record(node: NodeSpec, reading: Reading): void {
    let entries = this.#byNode.get(node.name);
    if (entries === undefined) {
      entries = new Map();
      this.#byNode.set(node.name, entries);
    }
    const good = reading.result.ok ? reading : (entries.get(reading.source)?.good ?? null);
    entries.set(reading.source, { latest: reading, good });
  }

  /** The latest of each source; beside a failure, the last success while it is fresh. */
  forMerge(
    nodeName: string,
    now: MonotonicInstant,
    staleAfterSeconds: (source: SourceKind) => number,
  ): readonly Reading[] {
    const readings: Reading[] = [];
    for (const { latest, good } of this.#byNode.get(nodeName)?.values() ?? []) {
      readings.push(latest);
      if (good === null || good === latest) continue;
      if (secondsOf(now - good.at) <= staleAfterSeconds(good.source)) readings.push(good);
    }
    return readings;
  }

  /** The latest of each source. */
  latestOf(nodeName: string): readonly Reading[] {
    return [...(this.#byNode.get(nodeName)?.values() ?? [])].map((entry) => entry.latest);
  }

  /** Forgets nodes and sources that are no longer asked. */
  keepOnly(nodes: readonly NodeSpec[], kinds: ReadonlySet<SourceKind>): void {
    const byName = new Map(nodes.map((node) => [node.name, node]));
    for (const [name, entries] of this.#byNode) {
      const wanted = byName.get(name);
      if (wanted === undefined) this.#byNode.delete(name);
      else
        for (const kind of entries.keys()) {
          if (!kinds.has(kind) || wanted.sources?.includes(kind) === false) entries.delete(kind);
        }
    }
  }
}
