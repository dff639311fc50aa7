import type { NodeSpec } from '@clockwarden/core/inventory';
import { clockOf, factsOfReport, parseReport } from '@clockwarden/core/node-report';
import { type Failure, failure, type Reading } from '@clockwarden/core/observe';
import type { SshConfig } from '@clockwarden/core/policy';
import type { Random, Source, SourceContext } from '@clockwarden/core/ports';
import { text } from '@clockwarden/core/text';
import { secondsOf } from '@clockwarden/core/time';
import { type Login, loginFor } from './command-line.ts';
import { failureOf } from './failure.ts';
import { runSession, type SessionOptions, type SessionResult } from './session.ts';
import { Slots } from './slots.ts';

/** Nodes by the system's OpenSSH; nothing is installed on them. */
export function createSshSource(config: SshConfig): Source {
  return new SshSource(config);
}

/** A login that has neither knocked nor heard a server by then waits for a resolver, or for a jump host. */
const LOGIN_PATIENCE_MS = 500;

/** Processes that may wait for silent hosts beside those that use the CPU. */
const MOST_SILENT = 128;

/**
 * Nodes whose clock is asked at once: more of them keep each other's answers waiting, and every wait widens a bound. One
 * that is not done by the time is far away, so it hardly uses this machine and the next may join in.
 */
const ASKED_AT_ONCE = 2;
const ASKING_PATIENCE_MS = 20;

class SshSource implements Source {
  readonly kind = 'ssh';
  readonly #config: SshConfig;
  readonly #logins: Slots;
  readonly #turns = new Slots({
    limit: ASKED_AT_ONCE,
    patienceMs: ASKING_PATIENCE_MS,
    most: Number.POSITIVE_INFINITY,
  });
  readonly #closing = new AbortController();
  /** Names of nodes that did not answer last time: they are asked after the others. */
  readonly #silent = new Set<string>();
  /** Names of nodes where sudo was refused: each refusal is an entry in the node's security log, so one is enough. */
  readonly #withoutSudo = new Set<string>();

  constructor(config: SshConfig) {
    this.#config = config;
    const limit = Math.max(1, config.concurrency);
    this.#logins = new Slots({ limit, patienceMs: LOGIN_PATIENCE_MS, most: limit + MOST_SILENT });
  }

  async collect(
    nodes: readonly NodeSpec[],
    context: SourceContext,
    emit: (node: NodeSpec, reading: Reading) => void,
  ): Promise<void> {
    const signal = AbortSignal.any([context.signal, this.#closing.signal]);
    const silentLast = [...nodes].sort((a, b) => Number(this.#isSilent(a)) - Number(this.#isSilent(b)));
    await Promise.all(
      silentLast.map(async (node) => {
        const reading = await this.#logins.run(async (onServer, onKnock) =>
          signal.aborted ? null : this.#read(node, { ...context, signal }, { onServer, onKnock }),
        );
        if (reading !== null && !signal.aborted) emit(node, reading);
      }),
    );
  }

  async close(): Promise<void> {
    this.#closing.abort();
  }

  #isSilent(node: NodeSpec): boolean {
    return this.#silent.has(node.name);
  }

  async #read(
    node: NodeSpec,
    context: SourceContext,
    told: Pick<SessionOptions, 'onServer' | 'onKnock'>,
  ): Promise<Reading> {
    const { timeBase, random, signal } = context;
    const started = timeBase.monotonic();
    const login = loginFor(node, this.#config);
    const target = `ssh ${login?.target ?? JSON.stringify(node.address)}`;
    const reading = (at: bigint, result: Reading['result']): Reading => {
      const tookSeconds = secondsOf(timeBase.monotonic() - started);
      return { source: 'ssh', target, at, tookSeconds, result };
    };
    if (login === null) return reading(started, { ok: false, failure: badName(node) });
    const marker = newMarker(random);
    const session = await runSession({
      program: 'ssh',
      args: [...login.args, 'sh -s'],
      marker,
      sudo: this.#withoutSudo.has(node.name) ? 'never' : this.#config.sudo,
      timeoutMs: this.#config.timeoutSeconds * 1000,
      timeBase,
      signal,
      ...told,
      turn: (asking) =>
        new Promise((begin) => {
          void this.#turns.run(async () => {
            begin();
            await asking;
          });
        }),
    });
    const result = this.#interpret(node, login, marker, session, timeBase.precisionSeconds);
    return reading(session.at ?? timeBase.monotonic(), result);
  }

  #interpret(
    node: NodeSpec,
    login: Login,
    marker: string,
    session: SessionResult,
    precisionSeconds: number,
  ): Reading['result'] {
    const { end, ready, exchanges } = session;
    const measured = clockOf(exchanges, precisionSeconds);
    const report = parseReport(end.stdout, marker);
    if (measured === null && report.size === 0) {
      const why = failureOf(end, ready, login, this.#config.timeoutSeconds);
      if (why.code === 'unreachable') this.#silent.add(node.name);
      return { ok: false, failure: why };
    }
    this.#silent.delete(node.name);
    for (const [name, { status }] of report) {
      if (name.startsWith('sudo ') && status !== 0) this.#withoutSudo.add(node.name);
    }
    const nodeTime = exchanges.at(-1)?.node.low;
    const facts = factsOfReport(
      report,
      measured?.clock ?? null,
      nodeTime === undefined ? null : secondsOf(nodeTime),
    );
    return { ok: true, facts };
  }
}

function newMarker(random: Random): string {
  return `=${Buffer.from(random.bytes(16)).toString('hex')}`;
}

function badName(node: NodeSpec): Failure {
  return failure(
    'unsupported',
    text(
      `${JSON.stringify(node.address)} (or its user) is no name that may be given to ssh.`,
      `${JSON.stringify(node.address)}(或其用户)不是可以交给 ssh 的名称。`,
    ),
    text(`It is defined at ${node.origin}.`, `它定义于 ${node.origin}。`),
  );
}
