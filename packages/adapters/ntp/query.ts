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
  /** Ask every address of a name, as `ntpdate -q` does, or the first that can be reached, as a daemon does. */
  readonly addresses: 'all' | 'first';
}

/** `address`: the one that was asked; null when the name did not resolve. */
export type QueryResult = QueriedServer & { readonly address: string | null };

/**
 * Asks all servers at once, one burst each, and tells each result as it comes, by the server's index: one for a server, or
 * one for each of its addresses. Resolves when all were told, or soon after an abort. Never rejects for what a network
 * does.
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
    const all = servers.map((server, index) =>
      queryServer(client, server, options, context, askings, (result) => {
        if (!context.signal.aborted) told(index, result);
      }),
    );
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
  tell: (result: QueryResult) => void,
): Promise<void> {
  const { timeoutSeconds, family } = options;
  const startedAt = timeBase.monotonic();
  const resolved = await resolveHost(host, timeoutSeconds, signal, family);
  if (!resolved.ok) {
    tell({ ok: false, address: null, failure: unresolvedFailure(host, resolved.detail) });
    return;
  }
  const left = timeoutSeconds - secondsOf(timeBase.monotonic() - startedAt);
  const question = { ...options, port, random, timeoutSeconds: Math.max(0.1, left) };
  const groups =
    options.addresses === 'all' ? resolved.addresses.map((address) => [address]) : [resolved.addresses];
  await Promise.all(
    groups.map(async (addresses) => {
      const answer = await askHost(client, addresses, question, (asking) => askings.add(asking));
      tell(resultOf(answer, serverText(host, port), timeoutSeconds, timeBase));
    }),
  );
}

function resultOf(
  { address, outcome, stampedBy }: Awaited<ReturnType<typeof askHost>>,
  server: string,
  timeoutSeconds: number,
  timeBase: SourceContext['timeBase'],
): QueryResult {
  if (outcome.kind !== 'measured') {
    return { ok: false, address, failure: failureOf(outcome, server, timeoutSeconds) };
  }
  const measured = {
    clock: clockOf(outcome, stampedBy, timeBase),
    at: middleOf(outcome.best),
    report: reportOf(outcome.best.packet),
    asked: outcome.asked,
    rateLimited: outcome.kiss === 'RATE',
  };
  return { ok: true, address, measured };
}
