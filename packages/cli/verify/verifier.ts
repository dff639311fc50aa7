/** How far each node has come, and how far it has to go: one code for `plan`, `apply`, `verify`, `resync` and `adopt`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { askAccess, askPtpPorts, type NodeLogins } from '@clockwarden/adapters/configure';
import {
  type ClusterDesign,
  type Correction,
  correctionOf,
  followedOffset,
  followedTime,
  islandLeader,
  type NodeDesign,
  type NodeOutcome,
  outcomeOf,
  type ServerAccess,
  type ServiceEvidence,
  settingsOf,
  timedOut,
} from '@clockwarden/core/configure';
import { primaryRole } from '@clockwarden/core/inventory';
import type { QueriedServer } from '@clockwarden/core/ntp';
import type { ClusterPolicy, TimesyncConfig } from '@clockwarden/core/policy';
import type { Text } from '@clockwarden/core/text';
import type { Estimate } from '@clockwarden/core/time';
import { isCertain, pauseSeconds, spellAfter, type WrongSpell } from './patience.ts';
import { type Survey, Surveyor } from './survey.ts';

export interface VerifierOptions {
  readonly policy: ClusterPolicy;
  readonly design: ClusterDesign;
  readonly timesync: TimesyncConfig;
  /** Without them each look logs in anew, and nobody can ask whom a server serves. */
  readonly logins: NodeLogins | undefined;
}

export interface MeasuredCorrection {
  /** Node against what it will follow, positive = ahead; null: not known, `correction` says why. */
  readonly offset: Estimate | null;
  /** What happens when its daemon is started with the designed configuration. */
  readonly correction: Correction;
}

/** By node, what is not there as it was designed. */
export type Missing = ReadonlyMap<string, readonly Text[]>;

interface Deadline {
  /** By `performance.now()`. */
  readonly deadline: number;
  readonly signal: AbortSignal;
}

interface WatchOptions extends Deadline {
  onLook(outcomes: readonly NodeOutcome[]): void;
}

export interface VerifyNodeOptions extends Deadline {
  onProgress(outcome: NodeOutcome): void;
}

export class Verifier {
  readonly #options: VerifierOptions;
  readonly #surveyor: Surveyor;
  readonly #access = new Map<string, ServerAccess>();

  constructor(options: VerifierOptions) {
    this.#options = options;
    this.#surveyor = new Surveyor(options.policy, options.design, options.logins);
  }

  /**
   * For each of these nodes what setting it right would do to its clock.
   * @param stepsBeyondSeconds a daemon that is asked to step does so from here on; undefined: as it does when it is started
   */
  async corrections(
    names: readonly string[],
    signal: AbortSignal,
    stepsBeyondSeconds?: number,
  ): Promise<ReadonlyMap<string, MeasuredCorrection>> {
    const { design, timesync } = this.#options;
    const { chosen, survey } = await this.#look(names, signal);
    return new Map(
      chosen.map((own) => {
        const followed = followedOffset(own, design, survey.measured);
        const makestep =
          stepsBeyondSeconds === undefined
            ? settingsOf(own, timesync).makestep
            : { thresholdSeconds: stepsBeyondSeconds, limit: -1 };
        const correction = correctionOf(followed, { daemon: own.daemon, makestep, corrections: 0 });
        return [own.node.name, { offset: followed.known ? followed.offset : null, correction }];
      }),
    );
  }

  /**
   * One look at these nodes.
   * @param missing by node, what is not there as designed; a node that is not in it: nobody looked
   */
  async outcomes(
    names: readonly string[],
    missing: Missing,
    signal: AbortSignal,
  ): Promise<readonly NodeOutcome[]> {
    const { chosen, survey } = await this.#look(names, signal);
    return Promise.all(chosen.map((own) => this.#judge(own, survey, missing, signal)));
  }

  /**
   * Looks until each node is what its design wants, something is certainly wrong with it, or the time is up; then what was
   * not good has timed out. Aborted: the last look. It never rejects for what nodes and networks do.
   */
  async watch(
    names: readonly string[],
    missing: Missing,
    { deadline, signal, onLook }: WatchOptions,
  ): Promise<readonly NodeOutcome[]> {
    const spells = new Map<string, WrongSpell | null>();
    let latest: readonly NodeOutcome[] = [];
    for (;;) {
      const outcomes = await this.outcomes(names, missing, signal);
      // A look that was cut short saw less than the one before it.
      if (signal.aborted && latest.length > 0) return latest;
      latest = outcomes;
      onLook(outcomes);
      const now = performance.now();
      for (const one of outcomes) spells.set(one.node, spellAfter(spells.get(one.node) ?? null, one, now));
      const pending = outcomes.filter(
        (one) => one.grade !== 'good' && !isCertain(one, spells.get(one.node) ?? null, now),
      );
      if (pending.length === 0 || signal.aborted) return outcomes;
      const left = (deadline - now) / 1_000;
      if (left <= 0) return outcomes.map((one) => (pending.includes(one) ? timedOut(one) : one));
      await pause(Math.min(...pending.map(pauseSeconds), left), signal);
    }
  }

  /** {@link watch} of a single node. */
  async verifyNode(name: string, options: VerifyNodeOptions): Promise<NodeOutcome> {
    const { deadline, signal, onProgress } = options;
    const onLook = (outcomes: readonly NodeOutcome[]): void => {
      for (const outcome of outcomes) onProgress(outcome);
    };
    const [outcome] = await this.watch([name], new Map(), { deadline, signal, onLook });
    if (outcome === undefined) throw new RangeError(`${name} is no node of this design`);
    return outcome;
  }

  async close(): Promise<void> {
    await this.#surveyor.close();
  }

  async #look(
    names: readonly string[],
    signal: AbortSignal,
  ): Promise<{ readonly chosen: readonly NodeDesign[]; readonly survey: Survey }> {
    const chosen = this.#options.design.nodes.filter(({ node }) => names.includes(node.name));
    const upstreams = await this.#surveyor.upstreams(signal);
    const witnesses = chosen.flatMap((own) => this.#witnesses(own, upstreams));
    return { chosen, survey: await this.#surveyor.look(names, signal, witnesses) };
  }

  /** Nodes whose clocks say what time it should be, where no upstream says it. */
  #witnesses(own: NodeDesign, upstreams: ReadonlyMap<string, QueriedServer>): readonly string[] {
    const { design } = this.#options;
    const leader = islandLeader(design);
    if (leader !== null) return [leader];
    if ([...upstreams.values()].some(({ ok }) => ok)) return [];
    return design.nodes.flatMap(({ node }) => (own.servers.includes(node.address) ? [node.name] : []));
  }

  async #judge(own: NodeDesign, survey: Survey, missing: Missing, signal: AbortSignal): Promise<NodeOutcome> {
    const { design, policy } = this.#options;
    const { name } = own.node;
    const assessment = survey.assessments.get(name);
    if (assessment === undefined) throw new Error(`${name} was not looked at`);
    const truth =
      islandLeader(design) === name ? null : followedTime(own, design, survey.measured, { ownWord: false });
    return outcomeOf({
      design: own,
      cluster: design,
      assessment,
      missing: missing.get(name) ?? null,
      truth: truth?.known === true ? truth : null,
      disagreement: truth?.known === false && truth.code === 'sources-disagree' ? truth.why : null,
      limitSeconds: policy.limits.roleSeconds[primaryRole(own.node.roles)],
      service: own.part === 'server' ? await this.#service(own, survey, signal) : null,
      ptpPorts: await this.#ptpPorts(own, signal),
    });
  }

  async #service(own: NodeDesign, survey: Survey, signal: AbortSignal): Promise<ServiceEvidence> {
    const { address, name } = own.node;
    const clients = this.#options.design.nodes.filter(({ servers }) => servers.includes(address));
    const polls = clients.flatMap(({ node }) => {
      const sources = survey.measured.observations.get(node.name)?.facts.chrony?.value.sources;
      const source = sources?.find(
        (one) => one.address === address || one.name === address || one.name === name,
      );
      return source === undefined ? [] : [{ client: node.name, heard: source.reach > 0 }];
    });
    const readings = survey.measured.observations.get(name)?.readings ?? [];
    return {
      answersCollector: readings.some(
        ({ source, result }) => source === 'ntp' && result.ok && result.facts.sync?.synchronized === true,
      ),
      heardBy: polls.flatMap(({ client, heard }) => (heard ? [client] : [])),
      silentTo: polls.flatMap(({ client, heard }) => (heard ? [] : [client])),
      access: await this.#accessOf(own, signal),
    };
  }

  /** Asked at each look: it takes a while until a grandmaster is found. */
  async #ptpPorts(
    { node, ptp, adopted }: NodeDesign,
    signal: AbortSignal,
  ): Promise<readonly string[] | null> {
    const { logins } = this.#options;
    if (ptp === null || adopted || logins === undefined) return null;
    return askPtpPorts(node, ptp.domain, logins, signal);
  }

  /** Asked once: it changes only with the configuration. */
  async #accessOf(own: NodeDesign, signal: AbortSignal): Promise<ServerAccess | null> {
    const { design, logins } = this.#options;
    const { name, address } = own.node;
    const known = this.#access.get(name);
    if (known !== undefined) return known;
    if (logins === undefined) return null;
    const clients = design.nodes.filter(({ servers }) => servers.includes(address)).map(({ node }) => node);
    const access = await askAccess(own.node, clients, own.allow, logins, signal);
    // A name that was not resolved may be so the next time.
    if (access?.unknown.length === 0) this.#access.set(name, access);
    return access;
  }
}

/** Ends early when it is aborted. */
async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  await sleep(seconds * 1_000, undefined, { signal }).catch(() => undefined);
}
