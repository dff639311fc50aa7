/** Readings of nodes that answer NTP. */
import type { NodeSpec } from '@clockwarden/core/inventory';
import { readingOf, serverText, unresolvedFailure } from '@clockwarden/core/ntp';
import type { Reading } from '@clockwarden/core/observe';
import type { NtpConfig } from '@clockwarden/core/policy';
import type { Source, SourceContext } from '@clockwarden/core/ports';
import { secondsOf } from '@clockwarden/core/time';
import { askHost } from './ask-host.ts';
import { type Asking, takeNtpClient } from './client.ts';
import { NameCache } from './resolve.ts';

/** Works everywhere; with kernel stamps where there are any. */
export function createNtpSource(config: NtpConfig): Source {
  return new NtpSource(config);
}

type Emit = (node: NodeSpec, reading: Reading) => void;

class NtpSource implements Source {
  readonly kind = 'ntp';
  readonly asksByParts = true;
  readonly #config: NtpConfig;
  readonly #taken = takeNtpClient();
  /** By target: shown again, with its age, while a server wants to be left alone. */
  readonly #lastGood = new Map<string, Reading>();
  readonly #names = new NameCache();

  constructor(config: NtpConfig) {
    this.#config = config;
  }

  async collect(nodes: readonly NodeSpec[], context: SourceContext, emit: Emit): Promise<void> {
    if (context.signal.aborted) return;
    const askings = new Set<Asking>();
    let abort = (): void => {};
    const aborted = new Promise<void>((resolve) => {
      abort = () => {
        for (const asking of askings) asking.cancel();
        resolve();
      };
    });
    context.signal.addEventListener('abort', abort, { once: true });
    const emitUnlessAborted: Emit = (node, reading) => {
      if (!context.signal.aborted) emit(node, reading);
    };
    try {
      const all = nodes.map((node) => this.#read(node, context, askings, emitUnlessAborted));
      await Promise.race([Promise.all(all), aborted]);
    } finally {
      context.signal.removeEventListener('abort', abort);
    }
  }

  close(): Promise<void> {
    return this.#taken.release();
  }

  async #read(node: NodeSpec, context: SourceContext, askings: Set<Asking>, emit: Emit): Promise<void> {
    const { timeBase, random, signal } = context;
    const { port, samples, timeoutSeconds } = this.#config;
    const startedAt = timeBase.monotonic();
    const target = serverText(node.address, port);
    const resolved = await this.#names.addressesOf(node.address, timeoutSeconds / 2, signal);
    if (signal.aborted) return;
    if (!resolved.ok) {
      const failure = unresolvedFailure(node.address, resolved.detail);
      const at = timeBase.monotonic();
      const tookSeconds = secondsOf(at - startedAt);
      emit(node, { source: 'ntp', target, at, tookSeconds, result: { ok: false, failure } });
      return;
    }
    const left = timeoutSeconds - secondsOf(timeBase.monotonic() - startedAt);
    const question = { port, version: 4, samples, timeoutSeconds: Math.max(0.1, left), random } as const;
    const answer = await askHost(this.#taken.client, resolved.addresses, question, (asking) =>
      askings.add(asking),
    );
    const reading = readingOf(answer, { target, timeoutSeconds, startedAt }, timeBase);
    if (reading.result.ok) this.#lastGood.set(target, reading);
    const shown = answer.outcome.kind === 'paused' ? (this.#lastGood.get(target) ?? reading) : reading;
    emit(node, shown);
  }
}
