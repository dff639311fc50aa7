/** Decides which judgements are worth a line of history. */
import {
  type ClusterAssessment,
  displayStatus,
  NODES_FOR_A_MEDIAN,
  type NodeAssessment,
} from '@clockwarden/core/assess';
import type { HistorySample, HistoryStore } from '@clockwarden/core/ports';
import type { Instant } from '@clockwarden/core/time';

/** A node is kept at most this often, and all nodes together at most so many times a second: 10,000 nodes, once a minute. */
const SHORTEST_SECONDS = 5;
const SAMPLES_PER_SECOND = 170;

interface Kept {
  readonly at: number;
  readonly status: string;
}

export class Sampler {
  readonly #store: HistoryStore;
  readonly #kept = new Map<string, Kept>();

  constructor(store: HistoryStore) {
    this.#store = store;
  }

  /**
   * Writes the nodes whose turn it is, and those whose status is different now.
   * @param instant the time of day of the judgement, which may go back when this machine's clock is set
   */
  sample(assessment: ClusterAssessment, instant: Instant): void {
    const at = Number(instant / 1_000_000n) / 1000;
    const every = Math.max(SHORTEST_SECONDS, assessment.nodes.length / SAMPLES_PER_SECOND);
    const samples: HistorySample[] = [];
    for (const node of assessment.nodes) {
      const { name } = node.node;
      const status = displayStatus(node);
      const kept = this.#kept.get(name);
      if (kept !== undefined && kept.status === status && Math.abs(at - kept.at) < every) continue;
      this.#kept.set(name, { at, status });
      samples.push(sampleOf(node, at, assessment.nodes.length));
    }
    if (samples.length > 0) this.#store.write({ samples });
  }
}

function sampleOf(node: NodeAssessment, at: number, nodes: number): HistorySample {
  const { chrony, kernel, sync } = node.observation.facts;
  const selected = chrony?.value.sources?.find((source) => source.state === 'selected');
  return {
    node: node.node.name,
    at,
    // One or two nodes have no median: what their own daemons say is then the best there is.
    offset: nodes < NODES_FOR_A_MEDIAN ? (sync?.value.referenceOffset ?? null) : node.offset,
    frequencyPpm: chrony?.value.tracking?.frequencyPpm ?? kernel?.value.frequencyPpm ?? null,
    reach: selected?.reach ?? null,
    status: displayStatus(node),
  };
}
