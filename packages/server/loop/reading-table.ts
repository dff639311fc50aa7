/** What the sources said last about each node. */
import type { NodeSpec } from '@clockwarden/core/inventory';
import { noFacts, type Reading, type SourceKind } from '@clockwarden/core/observe';
import { type MonotonicInstant, secondsOf } from '@clockwarden/core/time';

interface Entry {
  latest: Reading;
  /** The last one that succeeded: one lost poll does not take a clock away that was read a moment ago. */
  good: Reading | null;
  /** Of a clock: the last good one from before another source read it; the clock alone, the rest of it is out of date. */
  before: Reading | null;
}

export class ReadingTable {
  readonly #byNode = new Map<string, Map<SourceKind, Entry>>();

  record(node: NodeSpec, reading: Reading): void {
    let entries = this.#byNode.get(node.name);
    if (entries === undefined) {
      entries = new Map();
      this.#byNode.set(node.name, entries);
    }
    const known = entries.get(reading.source);
    if (!reading.result.ok) {
      entries.set(reading.source, {
        latest: reading,
        good: known?.good ?? null,
        before: known?.before ?? null,
      });
      return;
    }
    const last = known?.good ?? null;
    const before = last !== null && isReadSince(last, entries) ? clockAlone(last) : (known?.before ?? null);
    entries.set(reading.source, { latest: reading, good: reading, before });
  }

  /** The latest of each source; beside a failure, the last success while it is fresh; the clock as it was before that. */
  forMerge(
    nodeName: string,
    now: MonotonicInstant,
    staleAfterSeconds: (source: SourceKind) => number,
  ): readonly Reading[] {
    const readings: Reading[] = [];
    const isFresh = ({ at, source }: Reading): boolean => secondsOf(now - at) <= staleAfterSeconds(source);
    for (const { latest, good, before } of this.#byNode.get(nodeName)?.values() ?? []) {
      readings.push(latest);
      if (good !== null && good !== latest && isFresh(good)) readings.push(good);
      if (before !== null && isFresh(before)) readings.push(before);
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

/** Another source has read the clock since. */
function isReadSince({ at, source }: Reading, entries: ReadonlyMap<SourceKind, Entry>): boolean {
  for (const { good } of entries.values()) {
    if (good !== null && good.source !== source && good.at >= at && hasClock(good)) return true;
  }
  return false;
}

function hasClock({ result }: Reading): boolean {
  return result.ok && result.facts.clock !== null;
}

function clockAlone(reading: Reading): Reading | null {
  const { result } = reading;
  if (!result.ok || result.facts.clock === null) return null;
  return { ...reading, result: { ok: true, facts: { ...noFacts, clock: result.facts.clock } } };
}
