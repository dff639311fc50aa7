import type { NodeSpec } from '@clockwarden/core/inventory';
import type { Reading } from '@clockwarden/core/observe';
import type { NodeExporterConfig } from '@clockwarden/core/policy';
import type { Source } from '@clockwarden/core/ports';
import { secondsOf } from '@clockwarden/core/time';
import { createHttpClient, Pace } from '../http/index.ts';
import { type Known, type Scraper, scrape, urlOf } from './scrape.ts';

/** A healthy exporter answers within milliseconds; with this many at once its answer is stamped without delay. */
const AT_ONCE = 32;
const PATIENCE_MS = 100;
/** Connections to so many nodes are kept open between rounds; beyond, they would take more memory than they save time. */
const MOST_KEPT = 1_000;

/** Throws OperatorError when a file with credentials cannot be read. */
export function createNodeExporterSource(config: NodeExporterConfig): Source {
  const client = createHttpClient(config);
  const memory = new Map<string, Known>();
  const underWay = new Set<() => void>();
  const endAll = (): void => {
    for (const end of underWay) end();
  };
  return {
    kind: 'node-exporter',
    asksByParts: true,
    async collect(nodes, { timeBase, signal }, emit) {
      if (signal.aborted) return;
      signal.addEventListener('abort', endAll, { once: true });
      try {
        await client.refresh();
        const pace = new Pace(AT_ONCE, PATIENCE_MS);
        const scraper: Scraper = { client, config, timeBase, underWay, keep: nodes.length <= MOST_KEPT };
        const readNode = async (node: NodeSpec): Promise<void> => {
          if (signal.aborted) return;
          const reading = await read(node, knownOf(memory, node), scraper);
          if (!signal.aborted) emit(node, reading);
        };
        await Promise.all(nodes.map((node) => pace.run(() => readNode(node))));
      } finally {
        signal.removeEventListener('abort', endAll);
      }
    },
    async close() {
      endAll();
      client.close();
    },
  };
}

function knownOf(memory: Map<string, Known>, { address }: NodeSpec): Known {
  const known = memory.get(address);
  if (known !== undefined) return known;
  const fresh: Known = { missing: new Set(), unfiltered: false, host: null, hostReadAt: null };
  memory.set(address, fresh);
  return fresh;
}

async function read({ address }: NodeSpec, known: Known, scraper: Scraper): Promise<Reading> {
  const { timeBase } = scraper;
  const started = timeBase.monotonic();
  const scraped = await scrape(address, known, scraper);
  const ended = timeBase.monotonic();
  return {
    source: 'node-exporter',
    target: urlOf(address, scraper.config),
    at: scraped.ok ? scraped.at : ended,
    tookSeconds: secondsOf(ended - started),
    result: scraped.ok ? { ok: true, facts: scraped.facts } : { ok: false, failure: scraped.failure },
  };
}
