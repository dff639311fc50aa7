/**
 * The heart of `serve`: readings come in as the sources have them, the cluster is judged a few times a second at most,
 * and what became different goes to whoever listens.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Reference } from '@clockwarden/adapters/round';
import type { StreamEvent } from '@clockwarden/api/console';
import { isoOf, type NodeRow, snapshotOf } from '@clockwarden/api/snapshot';
import {
  type ClusterAssessment,
  ClusterJudge,
  displayStatus,
  type NodeAssessment,
} from '@clockwarden/core/assess';
import type { NodeSpec } from '@clockwarden/core/inventory';
import type { Reading, SourceKind } from '@clockwarden/core/observe';
import type { ClusterPolicy } from '@clockwarden/core/policy';
import type { HistoryStore, Random, Source, TimeBase } from '@clockwarden/core/ports';
import type { Text } from '@clockwarden/core/text';
import { type Instant, type MonotonicInstant, secondsOf } from '@clockwarden/core/time';
import { ChangeLog, clusterVerdictChange, type NewChange, nodeChanges, stepChange } from './changes.ts';
import { clusterHeaderOf } from './header.ts';
import { Observations } from './observations.ts';
import { paceOf, pauseAfter, staleAfter } from './pace.ts';
import { ReadingTable } from './reading-table.ts';
import { type RoundStatus, Rounds } from './rounds.ts';
import { differs, readingAge, rowOf } from './rows.ts';
import { Sampler } from './sampler.ts';
import { StepWatch } from './steps.ts';

export interface ClusterLoopOptions {
  readonly policy: ClusterPolicy;
  readonly sources: readonly Source[];
  readonly timeBase: TimeBase;
  readonly random: Random;
  readonly store: HistoryStore;
  readonly onBug: (what: string, error: unknown) => void;
}

/** Without readings the cluster is judged anew all the same: silence makes readings stale. */
const IDLE_MS = 2_000;
const IDLE_CHECK_MS = 1_000;
/** How long a beginning may last that some source never ends. */
const SETTLING_MS = 20_000;
/** How long sources have to end their rounds, and then to close. */
const STOP_MS = 1_000;

type Listener = (event: StreamEvent) => void;

interface Judged {
  readonly assessed: NodeAssessment;
  readonly since: string | null;
}

export class ClusterLoop {
  readonly #options: ClusterLoopOptions;
  #policy: ClusterPolicy;
  #sources: readonly Source[];
  #rounds: Rounds;
  #reference: Reference | null;
  #referenceTimer: ReturnType<typeof setInterval> | undefined;
  readonly #table = new ReadingTable();
  #observations: Observations;
  #judge: ClusterJudge;
  readonly #steps = new StepWatch();
  readonly #changes = new ChangeLog();
  readonly #sampler: Sampler;
  readonly #listeners = new Set<Listener>();
  /** Nodes that were read since the last publication, and by which sources. */
  #fresh = new Map<string, Set<SourceKind>>();
  readonly #judged = new Map<string, Judged>();
  /** Since when each node's status is what it is; restored from the history. */
  #since = new Map<string, { readonly status: string; readonly at: string }>();
  #assessment: ClusterAssessment;
  /** When that was made. */
  #assessedAt: MonotonicInstant;
  #settled = false;
  #stopped = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #idle: ReturnType<typeof setInterval> | undefined;
  #publishedAtMs = 0;
  #begunAtMs = 0;
  #costMs = 0;

  constructor(options: ClusterLoopOptions) {
    this.#options = options;
    this.#policy = options.policy;
    this.#sources = options.sources;
    this.#rounds = this.#newRounds();
    this.#reference = Reference.of(options.policy);
    this.#sampler = new Sampler(options.store);
    this.#observations = new Observations(options.policy, this.#table);
    this.#judge = new ClusterJudge(options.policy);
    this.#assessedAt = options.timeBase.monotonic();
    this.#assessment = this.#judge.assess([], options.timeBase.instantAt(this.#assessedAt));
  }

  /** Takes up what the history knows, then begins to ask. */
  async start(): Promise<void> {
    await this.#restore();
    this.#publish();
    this.#begin();
    this.#idle = setInterval(() => {
      if (performance.now() - this.#publishedAtMs > IDLE_MS) this.#publish();
    }, IDLE_CHECK_MS);
  }

  /** Ends the rounds and the sources; what they said last stays to be read. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    clearInterval(this.#idle);
    clearInterval(this.#referenceTimer);
    this.#listeners.clear();
    await this.#endSources();
  }

  /** Goes on with another policy: nodes that stay keep their readings and their history. */
  async replace(policy: ClusterPolicy, sources: readonly Source[]): Promise<void> {
    await this.#endSources();
    if (this.#stopped) {
      // Stopped meanwhile: a round begun now would never end.
      await Promise.allSettled(sources.map((source) => source.close()));
      return;
    }
    const addresses = new Map(this.#policy.nodes.map((node) => [node.name, node.address]));
    // Under the same name at another address stands another machine.
    const sameMachines = policy.nodes.filter((node) => addresses.get(node.name) === node.address);
    this.#policy = policy;
    this.#sources = sources;
    this.#reference = Reference.of(policy);
    this.#table.keepOnly(sameMachines, new Set(sources.map((source) => source.kind)));
    this.#observations = new Observations(policy, this.#table);
    this.#judge = new ClusterJudge(policy);
    this.#rounds = this.#newRounds();
    this.#begin();
    this.#publish();
  }

  get policy(): ClusterPolicy {
    return this.#policy;
  }

  get assessment(): ClusterAssessment {
    return this.#assessment;
  }

  /** The last judgement took every source into account. */
  get settled(): boolean {
    return this.#settled;
  }

  get rows(): readonly NodeRow[] {
    return this.#assessment.nodes.map((assessed) =>
      rowOf(assessed, this.#judged.get(assessed.node.name)?.since ?? null, this.#assessedAt),
    );
  }

  get header() {
    const shown = { ...this.#assessment, at: this.#assessedAtOfDay, nodes: [] };
    return clusterHeaderOf(snapshotOf(shown, this.#policy), this.#policy);
  }

  get rounds(): readonly RoundStatus[] {
    return this.#rounds.status();
  }

  /** CPU time that the last judgement took. */
  get assessSeconds(): number {
    return this.#costMs / 1000;
  }

  node(name: string): { readonly assessed: NodeAssessment; readonly since: string | null } | null {
    const judged = this.#judged.get(name);
    if (judged === undefined) return null;
    // One line a source: the success that is kept beside a failure is for the judgement only.
    const observation = { ...judged.assessed.observation, readings: this.#table.latestOf(name) };
    return { assessed: { ...judged.assessed, observation }, since: judged.since };
  }

  /** Age in seconds of what the node's clock, or else its state, is known from; null: nothing is. */
  readingAge(assessed: NodeAssessment): number | null {
    return readingAge(assessed, this.#assessedAt);
  }

  latestReadings(name: string): readonly Reading[] {
    return this.#table.latestOf(name);
  }

  stepsOf(name: string) {
    return this.#steps.of(name);
  }

  changesSince(since: string) {
    return this.#changes.since(since);
  }

  /** Unix seconds. */
  nowSeconds(): number {
    return Number(this.#now() / 1_000_000n) / 1000;
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(event: StreamEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }

  /** Records something that became different and tells it. */
  tell(change: NewChange): void {
    this.emit({ event: 'change', data: this.#changes.add(change) });
    const { at, ...rest } = change;
    this.#options.store.write({ changes: [{ ...rest, at: Date.parse(at) / 1000 }] });
  }

  tellNow(kind: NewChange['kind'], from: string | null, to: string | null, words: Text): void {
    this.tell({ at: isoOf(this.#now()), node: null, kind, from, to, text: words });
  }

  #now(): Instant {
    const { timeBase } = this.#options;
    return timeBase.timeOfDayAt(timeBase.monotonic());
  }

  /** When the last judgement was made, for people and for the history. */
  get #assessedAtOfDay(): Instant {
    return this.#options.timeBase.timeOfDayAt(this.#assessedAt);
  }

  #newRounds(): Rounds {
    return new Rounds({
      policy: this.#policy,
      sources: this.#sources,
      timeBase: this.#options.timeBase,
      random: this.#options.random,
      onReading: (node, reading) => this.#take(node, reading),
      onBug: (kind, error) => this.#options.onBug(`source ${kind}`, error),
    });
  }

  #begin(): void {
    this.#settled = false;
    this.#begunAtMs = performance.now();
    this.#rounds.start();
    clearInterval(this.#referenceTimer);
    const reference = this.#reference;
    if (reference === null) return;
    const { timeBase, random } = this.#options;
    const pace = paceOf(this.#policy, 'ntp');
    const measure = (): void => {
      const signal = AbortSignal.timeout(1000 * pace.timeoutSeconds);
      reference
        .measure({ timeBase, random, signal })
        .catch((error) => this.#options.onBug('reference', error));
    };
    measure();
    this.#referenceTimer = setInterval(measure, 1000 * Math.max(pace.intervalSeconds, pace.timeoutSeconds));
  }

  /** A source that does not end when told to keeps nobody waiting: what it still says is no longer listened to. */
  async #endSources(): Promise<void> {
    const limit = () => sleep(STOP_MS, undefined, { ref: false });
    await Promise.race([this.#rounds.stop(), limit()]);
    await Promise.race([this.#closeSources(), limit()]);
  }

  async #closeSources(): Promise<void> {
    const closing = [...this.#sources, ...(this.#reference === null ? [] : [this.#reference])];
    for (const result of await Promise.allSettled(closing.map((source) => source.close()))) {
      if (result.status === 'rejected') this.#options.onBug('closing a source', result.reason);
    }
  }

  async #restore(): Promise<void> {
    const { store } = this.#options;
    const dayAgo = secondsOf(this.#now()) - 86_400;
    const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();
    for (const { node, status, since } of await store.latest()) {
      this.#since.set(node, { status, at: iso(since) });
    }
    for (const step of await store.steps(dayAgo)) this.#steps.remember({ ...step, at: iso(step.at) });
    const changes = await store.changes(dayAgo);
    this.#changes.restore(changes.map((change) => ({ ...change, at: iso(change.at) }) as NewChange));
  }

  #take(node: NodeSpec, reading: Reading): void {
    this.#table.record(node, reading);
    const fresh = this.#fresh.get(node.name);
    if (fresh === undefined) this.#fresh.set(node.name, new Set([reading.source]));
    else fresh.add(reading.source);
    const step = this.#steps.look(node.name, reading, this.#options.timeBase.timeOfDayAt(reading.at));
    if (step !== null) {
      this.tell(stepChange(step));
      this.#options.store.write({ steps: [{ ...step, at: Date.parse(step.at) / 1000 }] });
    }
    this.#schedule();
  }

  #schedule(): void {
    if (this.#timer !== undefined) return;
    const wait = Math.max(20, this.#publishedAtMs + pauseAfter(this.#costMs) - performance.now());
    this.#timer = setTimeout(() => this.#publish(), wait);
  }

  #publish(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const startedAt = performance.now();
    const cpu = process.threadCpuUsage();
    const before = this.#assessment;
    this.#assessment = this.#assess();
    const atOfDay = this.#assessedAtOfDay;
    const at = isoOf(atOfDay);
    const changed = this.#diff(at);
    this.#fresh = new Map();
    if (this.#settled && before.verdict !== this.#assessment.verdict && before.nodes.length > 0) {
      this.tell(
        clusterVerdictChange(before.verdict, this.#assessment.verdict, this.#assessment.headline, at),
      );
    }
    this.emit({ event: 'cluster', data: this.header });
    if (changed.rows.length > 0 || changed.gone.length > 0) this.emit({ event: 'rows', data: changed });
    if (this.#settled) this.#sampler.sample(this.#assessment, atOfDay);
    if (this.#rounds.settled || startedAt - this.#begunAtMs > SETTLING_MS) this.#settled = true;
    this.#publishedAtMs = performance.now();
    // CPU, not time gone by: on a busy machine the judgement would otherwise put itself off further and further.
    const { user, system } = process.threadCpuUsage(cpu);
    this.#costMs = (user + system) / 1000;
  }

  #assess(): ClusterAssessment {
    const { timeBase } = this.#options;
    const now = timeBase.monotonic();
    const observations = this.#observations.at(now, (name) => this.#fresh.has(name));
    const reference = this.#reference?.estimateAt(now, staleAfter(this.#policy, 'ntp')) ?? null;
    this.#assessedAt = now;
    return this.#judge.assess(observations, timeBase.instantAt(now), reference);
  }

  /** Rows to send, with the changes between the last look and this one told on the way. */
  #diff(at: string): { readonly rows: readonly NodeRow[]; readonly gone: readonly string[] } {
    const rows: NodeRow[] = [];
    for (const assessed of this.#assessment.nodes) {
      const { name } = assessed.node;
      const known = this.#judged.get(name);
      if (known?.assessed === assessed && known.since !== null) continue;
      const since = this.#sinceOf(assessed, at);
      this.#judged.set(name, { assessed, since });
      const changed = known === undefined || since !== known.since || differs(known.assessed, assessed);
      const readAgain = assessed.clock !== null && this.#fresh.get(name)?.has(assessed.clock.source) === true;
      if (!changed && !readAgain) continue;
      const row = rowOf(assessed, since, this.#assessedAt);
      rows.push(row);
      if (!this.#settled || !changed || known === undefined) continue;
      const before = rowOf(known.assessed, known.since, this.#assessedAt);
      for (const change of nodeChanges(before, row, at)) this.tell(change);
    }
    return { rows, gone: this.#forgetGone() };
  }

  /** Names of nodes that the policy no longer has. */
  #forgetGone(): readonly string[] {
    const { nodes } = this.#assessment;
    if (this.#judged.size === nodes.length) return [];
    const names = new Set(nodes.map(({ node }) => node.name));
    const gone = [...this.#judged.keys()].filter((name) => !names.has(name));
    for (const name of gone) {
      this.#judged.delete(name);
      this.#since.delete(name);
    }
    return gone;
  }

  /** Null until every source was heard once: what is said before that is a beginning, not a change. */
  #sinceOf(assessed: NodeAssessment, at: string): string | null {
    const status = displayStatus(assessed);
    const known = this.#since.get(assessed.node.name);
    if (known?.status === status) return known.at;
    if (!this.#settled) return null;
    this.#since.set(assessed.node.name, { status, at });
    return at;
  }
}
