/** Looks at a cluster from outside: what the nodes say, and what the servers say that they are to follow. */
import type { NodeLogins } from '@clockwarden/adapters/configure';
import { queryServers } from '@clockwarden/adapters/ntp';
import { createSources } from '@clockwarden/adapters/registry';
import { cryptoRandom, LatestReadings, runRound } from '@clockwarden/adapters/round';
import { createTimeBase } from '@clockwarden/adapters/time-base';
import { assessCluster, type NodeAssessment } from '@clockwarden/core/assess';
import type { ClusterDesign, Measured } from '@clockwarden/core/configure';
import type { NodeSpec } from '@clockwarden/core/inventory';
import { parseServerName, type QueriedServer } from '@clockwarden/core/ntp';
import type { Reading, SourceKind } from '@clockwarden/core/observe';
import { type ClusterPolicy, defaultSources, withoutSudo } from '@clockwarden/core/policy';
import type { Source, SourceContext } from '@clockwarden/core/ports';

export interface Survey {
  readonly measured: Measured;
  /** Of the nodes that were looked at, by name. */
  readonly assessments: ReadonlyMap<string, NodeAssessment>;
}

/** Public servers are not to be asked by every look. */
const UPSTREAMS_KEPT_MS = 60_000;

/** As long as the shortest pause between two looks: nobody waits for what has long come about. */
const WITNESS_KEPT_MS = 2_000;

type NodeReading = readonly [node: NodeSpec, reading: Reading];

export class Surveyor {
  readonly #policy: ClusterPolicy;
  readonly #design: ClusterDesign;
  readonly #sources: readonly Source[];
  readonly #nodes: readonly NodeSpec[];
  readonly #context: Omit<SourceContext, 'signal'>;
  #upstreams: { readonly at: number; readonly answers: Promise<ReadonlyMap<string, QueriedServer>> } | null =
    null;
  readonly #witnesses = new Map<
    string,
    { readonly at: number; readonly readings: Promise<readonly NodeReading[]> }
  >();

  /** @param logins shared connections; undefined: one login for each look */
  constructor(policy: ClusterPolicy, design: ClusterDesign, logins: NodeLogins | undefined) {
    this.#policy = policy;
    this.#design = design;
    const { local, ssh, ntp } = policy.sources;
    this.#nodes = design.nodes.map(({ node, part }) => ({
      ...node,
      sources: sourcesFor(node, part === 'server' || ntp !== undefined),
    }));
    const asked: ClusterPolicy = {
      ...policy,
      sources: {
        local: local ?? defaultSources.local,
        ssh: logins?.config ?? ssh ?? defaultSources.ssh,
        ntp: ntp ?? defaultSources.ntp,
      },
    };
    this.#sources = createSources(withoutSudo(asked));
    this.#context = { timeBase: createTimeBase(), random: cryptoRandom };
  }

  /**
   * Asks these nodes, and the upstreams of the design, at the same time.
   * @param witnesses further nodes that are looked at; one that another look asks, or asked a moment ago, is not asked again
   */
  async look(
    names: readonly string[],
    signal: AbortSignal,
    witnesses: readonly string[] = [],
  ): Promise<Survey> {
    const looked = new Set([...names, ...witnesses]);
    const nodes = this.#nodes.filter(({ name }) => looked.has(name));
    const own = nodes.filter(({ name }) => names.includes(name));
    const others = nodes.filter((node) => !own.includes(node));
    const [upstreams, ...parts] = await Promise.all([
      this.upstreams(signal),
      this.#read(own, signal),
      ...others.map((node) => this.#witness(node, signal)),
    ]);
    const latest = new LatestReadings();
    for (const [node, reading] of parts.flat()) latest.record(node, reading);
    const now = this.#context.timeBase.monotonic();
    const observations = latest.observe(nodes, now, () => Number.POSITIVE_INFINITY);
    const { nodes: assessed } = assessCluster(
      this.#policy,
      observations,
      this.#context.timeBase.instantAt(now),
    );
    return {
      measured: {
        upstreams,
        now,
        observations: new Map(observations.map((one) => [one.node.name, one])),
      },
      assessments: new Map(assessed.map((one) => [one.node.name, one])),
    };
  }

  /** What the upstreams told lately, by their names in the design. */
  upstreams(signal: AbortSignal): Promise<ReadonlyMap<string, QueriedServer>> {
    const now = performance.now();
    if (this.#upstreams === null || now - this.#upstreams.at > UPSTREAMS_KEPT_MS) {
      this.#upstreams = { at: now, answers: this.#query(signal) };
    }
    return this.#upstreams.answers;
  }

  async close(): Promise<void> {
    await Promise.all(this.#sources.map((source) => source.close()));
  }

  async #read(nodes: readonly NodeSpec[], signal: AbortSignal): Promise<readonly NodeReading[]> {
    const readings: NodeReading[] = [];
    const context = { ...this.#context, signal };
    await runRound({ ...this.#policy, nodes }, this.#sources, context, (node, reading) => {
      readings.push([node, reading]);
    });
    return readings;
  }

  /** Every client of a server wants to know the server's time, many of them at once. */
  #witness(node: NodeSpec, signal: AbortSignal): Promise<readonly NodeReading[]> {
    const now = performance.now();
    const known = this.#witnesses.get(node.name);
    if (known !== undefined && now - known.at < WITNESS_KEPT_MS) return known.readings;
    const readings = this.#read([node], signal);
    this.#witnesses.set(node.name, { at: now, readings });
    return readings;
  }

  async #query(signal: AbortSignal): Promise<ReadonlyMap<string, QueriedServer>> {
    const names = [...new Set(this.#design.nodes.flatMap(({ upstreams }) => upstreams))];
    const asked = names.flatMap((name) => {
      const server = parseServerName(name);
      return server === null ? [] : [{ name, server }];
    });
    const answers = new Map<string, QueriedServer>();
    await queryServers(
      asked.map(({ server }) => server),
      { samples: 4, timeoutSeconds: 3, version: 4, family: 0, addresses: 'first' },
      { ...this.#context, signal },
      (index, result) => {
        answers.set(asked[index]?.name ?? '', result);
      },
    );
    return answers;
  }
}

/** What runs on a node only the node can tell; its clock is told by NTP as well, where that is allowed. */
function sourcesFor(node: NodeSpec, byNtp: boolean): readonly SourceKind[] {
  const near: SourceKind = node.sources?.includes('local') === true ? 'local' : 'ssh';
  const mayAsk = node.sources === undefined || node.sources.includes('ntp');
  return byNtp && mayAsk ? [near, 'ntp'] : [near];
}
