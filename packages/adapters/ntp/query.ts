import {
  clockOf,
  failureOf,
  middleOf,
  type QueriedServer,
  reportOf,
  type ServerName,
  serverText,
  unresolvedFailure,
} from '@clockwarden/core/ntp';
import type { SourceContext } from '@clockwarden/core/ports';
import { secondsOf } from '@clockwarden/core/time';
import { askHost } from './ask-host.ts';
import { type Asking, type NtpClient, takeNtpClient } from './client.ts';
import { resolveHost } from './resolve.ts';

export interface QueryOptions {
  /** Good answers wanted of each server, 1..64. */
  readonly samples: number;
  readonly timeoutSeconds: number;
  readonly version: 3 | 4;
  /** Which addresses of a name to use; 0: whichever the system prefers. */
  readonly family: 0 | 4 | 6;
}

/** `address`: the one that was asked; null when the name did not resolve. */
export type QueryResult = QueriedServer & { readonly address: string | null };

/**
 * Asks all servers at once, one burst each, and tells each result as it comes, by the server's index. Resolves when
 * all were told, or soon after an abort. Never rejects for what a network does.
 */
export async function queryServers(
  servers: readonly ServerName[],
  options: QueryOptions,
  context: SourceContext,
  told: (index: number, result: QueryResult) => void,
): Promise<void> {
  const { client, release } = takeNtpClient();
  const askings = new Set<Asking>();
  const aborted = new Promise<void>((resolve) => {
    context.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  try {
    const all = servers.map(async (server, index) => {
      const result = await queryServer(client, server, options, context, askings);
      if (!context.signal.aborted) told(index, result);
    });
    if (!context.signal.aborted) await Promise.race([Promise.all(all), aborted]);
  } finally {
    for (const asking of askings) asking.cancel();
    await release();
  }
}

async function queryServer(
  client: NtpClient,
  { host, port }: ServerName,
  options: QueryOptions,
  { timeBase, random, signal }: SourceContext,
  askings: Set<Asking>,
): Promise<QueryResult> {
  const { timeoutSeconds, family } = options;
  const startedAt = timeBase.monotonic();
  const resolved = await resolveHost(host, timeoutSeconds, signal, family);
  if (!resolved.ok) return { ok: false, address: null, failure: unresolvedFailure(host, resolved.detail) };
  const left = timeoutSeconds - secondsOf(timeBase.monotonic() - startedAt);
  const question = { ...options, port, random, timeoutSeconds: Math.max(0.1, left) };
  const answer = await askHost(client, resolved.addresses, question, (asking) => askings.add(asking));
  const { address, outcome } = answer;
  if (outcome.kind === 'measured') {
    const measured = {
      clock: clockOf(outcome, answer.stampedBy, timeBase),
      at: middleOf(outcome.best),
      report: reportOf(outcome.best.packet),
      asked: outcome.asked,
      rateLimited: outcome.kiss === 'RATE',
    };
    return { ok: true, address, measured };
  }
  return { ok: false, address, failure: failureOf(outcome, serverText(host, port), timeoutSeconds) };
}
