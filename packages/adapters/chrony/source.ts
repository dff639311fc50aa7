import { syncStateOf } from '@clockwarden/core/chrony';
import type { NodeSpec } from '@clockwarden/core/inventory';
import { type NodeFacts, noFacts, type Reading } from '@clockwarden/core/observe';
import type { SourcesConfig } from '@clockwarden/core/policy';
import type { Source, SourceContext } from '@clockwarden/core/ports';
import { secondsOf } from '@clockwarden/core/time';
import { type ChronyAnswer, readChronyd } from './client.ts';

type ChronyConfig = NonNullable<SourcesConfig['chrony']>;

/** Sockets open at once. With fewer dead nodes than this nobody waits for them. */
const MOST_AT_ONCE = 512;

/** chronyd's own view of each node; it measures no clock of ours, so `clock` stays null. */
export function createChronySource(config: ChronyConfig): Source {
  const closing = new AbortController();
  return {
    kind: 'chrony',
    asksByParts: true,
    async collect(nodes, context, emit) {
      const queue = [...nodes];
      const signal = AbortSignal.any([context.signal, closing.signal]);
      const worker = async (): Promise<void> => {
        for (let node = queue.shift(); node !== undefined && !signal.aborted; node = queue.shift()) {
          const reading = await readNode(node, config, { ...context, signal });
          if (!signal.aborted) emit(node, reading);
        }
      };
      await Promise.all(Array.from({ length: Math.min(MOST_AT_ONCE, nodes.length) }, worker));
    },
    async close() {
      closing.abort();
    },
  };
}

async function readNode(node: NodeSpec, config: ChronyConfig, context: SourceContext): Promise<Reading> {
  const { timeBase, random, signal } = context;
  const monotonic = (): bigint => timeBase.monotonic();
  const started = monotonic();
  const answer = await readChronyd(
    { host: node.address, port: config.port },
    { timeoutMs: config.timeoutSeconds * 1000, signal, random, monotonic },
  );
  const ended = monotonic();
  return {
    source: 'chrony',
    target: `${node.address.includes(':') ? `[${node.address}]` : node.address}:${config.port}`,
    at: answer.ok ? answer.at : ended,
    tookSeconds: secondsOf(ended - started),
    result: answer.ok ? { ok: true, facts: factsOf(answer) } : { ok: false, failure: answer.failure },
  };
}

function factsOf({ state }: Extract<ChronyAnswer, { ok: true }>): NodeFacts {
  return { ...noFacts, chrony: state, sync: state.tracking === null ? null : syncStateOf(state.tracking) };
}
