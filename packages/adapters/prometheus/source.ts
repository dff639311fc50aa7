import type { NodeSpec } from '@clockwarden/core/inventory';
import { type Failure, failure, type Reading } from '@clockwarden/core/observe';
import type { PrometheusConfig } from '@clockwarden/core/policy';
import type { Source, SourceContext } from '@clockwarden/core/ports';
import { text } from '@clockwarden/core/text';
import { type MonotonicInstant, nanosecondsOf, secondsOf } from '@clockwarden/core/time';
import { createHttpClient } from '../http/index.ts';
import { Hosts, type NodeResult, readServer, resultsOf } from './round.ts';
import { type Answer, type Answered, QueryApi, ServerClock } from './server.ts';

/**
 * The server that answers must be the one that scrapes, or share its clock: the samples carry the stamps of the scraper's
 * clock, and what is measured here is the clock of the one who answers.
 * Throws OperatorError when a file with credentials cannot be read.
 */
export function createPrometheusSource(config: PrometheusConfig): Source {
  const client = createHttpClient(config);
  const clock = new ServerClock();
  const hosts = new Hosts();
  const underWay = new Set<() => void>();
  const endAll = (): void => {
    for (const end of underWay) end();
  };

  /** One round of queries for all nodes together. */
  async function ask(
    nodes: readonly NodeSpec[],
    { timeBase, signal }: SourceContext,
  ): Promise<ReadonlyMap<NodeSpec, NodeResult>> {
    const deadline = timeBase.monotonic() + nanosecondsOf(config.timeoutSeconds);
    const api = new QueryApi({ client, url: config.url, timeBase, underWay, signal, deadline });
    const all = (problem: Failure): ReadonlyMap<NodeSpec, NodeResult> =>
      new Map(nodes.map((node) => [node, { ok: false, failure: problem }]));
    const time = await quickestTime(api);
    if (!time.ok) return all(time.failure);
    const server = clock.learn(time.answer, timeBase);
    if (server === null) return all(noTime(config.url));
    const answer = await readServer(api, config, server, hosts);
    if (!answer.ok) return all(answer.failure);
    return resultsOf(nodes, answer.targets, config, server, hosts, answer.warning);
  }

  return {
    kind: 'prometheus',
    async collect(nodes, context, emit) {
      const { timeBase, signal } = context;
      if (signal.aborted || nodes.length === 0) return;
      signal.addEventListener('abort', endAll, { once: true });
      try {
        await client.refresh();
        const started = timeBase.monotonic();
        const results = await ask(nodes, context);
        const ended = timeBase.monotonic();
        for (const [node, result] of results) {
          if (!signal.aborted) emit(node, readingOf(config.url, result, started, ended));
        }
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

/** The server's clock is known as well as the answer is quick: the first may have to open a connection. */
const QUICK = nanosecondsOf(0.002);
const TRIES = 3;

async function quickestTime(api: QueryApi): Promise<Answered> {
  let best = await api.query('time()', null);
  for (let tries = 1; tries < TRIES && best.ok && tookOf(best.answer) > QUICK; tries += 1) {
    const next = await api.query('time()', null);
    if (next.ok && tookOf(next.answer) < tookOf(best.answer)) best = next;
  }
  return best;
}

function tookOf({ sent, received }: Answer): bigint {
  return received - sent;
}

function readingOf(
  url: string,
  result: NodeResult,
  started: MonotonicInstant,
  ended: MonotonicInstant,
): Reading {
  return {
    source: 'prometheus',
    target: url,
    at: result.ok ? result.at : ended,
    tookSeconds: secondsOf(ended - started),
    result: result.ok ? { ok: true, facts: result.facts } : { ok: false, failure: result.failure },
  };
}

function noTime(url: string): Failure {
  return failure(
    'malformed',
    text(`${url} answers time() with something that is no time.`, `${url} 对 time() 的回答不是时间。`),
  );
}
