import type { NodeSpec } from '@clockwarden/core/inventory';
import { NTP_PORT, parseServerName } from '@clockwarden/core/ntp';
import type { Reading } from '@clockwarden/core/observe';
import { type ClusterPolicy, defaultSources } from '@clockwarden/core/policy';
import type { Source, SourceContext } from '@clockwarden/core/ports';
import { aged, type Estimate, type MonotonicInstant, secondsOf, widen } from '@clockwarden/core/time';
import { createSources } from '../registry/index.ts';

/** The NTP server that the whole cluster is held against (`reference:` of the policy). */
export class Reference {
  readonly #source: Source;
  readonly #server: NodeSpec;
  #latest: Reading | null = null;

  private constructor(source: Source, server: NodeSpec) {
    this.#source = source;
    this.#server = server;
  }

  /** Null when the policy names none. */
  static of(policy: ClusterPolicy): Reference | null {
    if (policy.reference === null) return null;
    const { host, port } = parseServerName(policy.reference) ?? { host: policy.reference, port: NTP_PORT };
    const ntp = { ...(policy.sources.ntp ?? defaultSources.ntp), port };
    const source = createSources({ ...policy, sources: { ntp } }).find(
      (candidate) => candidate.kind === 'ntp',
    );
    if (source === undefined) return null;
    return new Reference(source, {
      name: policy.reference,
      address: host,
      roles: [],
      ssh: {},
      origin: 'reference',
    });
  }

  async measure(context: SourceContext): Promise<void> {
    await this.#source.collect([this.#server], context, (_, reading) => {
      if (reading.result.ok || this.#latest === null) this.#latest = reading;
    });
  }

  /**
   * True time by this reference against the collector's time base, at `now`; null when it was never measured or the
   * server is not synchronised itself. The bound includes the server's own root distance.
   */
  estimateAt(now: MonotonicInstant, staleAfterSeconds: number): Estimate | null {
    const reading = this.#latest;
    if (reading === null || !reading.result.ok) return null;
    const ageSeconds = secondsOf(now - reading.at);
    const { clock, sync } = reading.result.facts;
    if (clock === null || sync?.synchronized === false || ageSeconds > staleAfterSeconds) return null;
    return widen(aged(clock.offset, ageSeconds), sync?.rootDistanceSeconds ?? 0);
  }

  close(): Promise<void> {
    return this.#source.close();
  }
}
