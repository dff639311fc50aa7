/**
 * Follows a new packet from outside to UDP 123 of a node through the chains of a firewall: whom is it let in from, and is a
 * stranger kept out? The chains of Docker, kube-proxy or fail2ban drop packets too, but picked ones: they keep nobody out.
 */
import { contains } from './networks.ts';

/**
 * How surely such a packet meets the conditions of a rule, its source apart. `some`: it depends on the interface or the
 * address it came to. `picked`: only packets chosen by a mark, a set, a rate.
 */
export type Meets = 'yes' | 'some' | 'picked' | 'no';

export interface Source {
  readonly networks: readonly string[];
  /** All others are meant. */
  readonly except: boolean;
}

export type Verdict =
  | { readonly kind: 'accept' | 'drop' | 'return' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string };

export interface Rule {
  readonly meets: Meets;
  /** Null: anywhere. */
  readonly source: Source | null;
  readonly verdict: Verdict;
}

export interface Chain {
  readonly policy: 'accept' | 'drop';
  readonly rules: readonly Rule[];
}

export interface LetIn {
  readonly keepsOut: boolean;
  /** Networks whose packets certainly pass. */
  readonly networks: readonly string[];
}

const order: readonly Meets[] = ['yes', 'some', 'picked', 'no'];

export function leastOf(all: readonly Meets[]): Meets {
  return order[Math.max(0, ...all.map((meets) => order.indexOf(meets)))] ?? 'no';
}

/** What a node says may be of any shape: chains that call each other for ever, or a million times. Kernels go 16 deep. */
const MOST_STEPS = 100_000;
const DEEPEST = 64;

/** @param everybody the network that is the whole family */
export function walk(chains: ReadonlyMap<string, Chain>, base: string, everybody: string): LetIn {
  const state: State = { chains, steps: 0, keepsOut: false, left: [everybody], opened: [], denied: [] };
  const chain = chains.get(base);
  if (chain === undefined) return { keepsOut: false, networks: [everybody] };
  if (follow(state, chain, { meets: 'yes', only: null, depth: 0 }) !== 'ended')
    decide(state, chain.policy, null);
  return { keepsOut: state.keepsOut, networks: [...new Set(state.opened)] };
}

interface State {
  readonly chains: ReadonlyMap<string, Chain>;
  steps: number;
  keepsOut: boolean;
  /** Whoever has not been dropped: everybody, or the networks that a rule `drop all but these` has left. */
  left: readonly string[];
  readonly opened: string[];
  readonly denied: string[];
}

interface Way {
  readonly meets: Meets;
  /** The packets that came this way are from these networks; null: from anywhere. */
  readonly only: readonly string[] | null;
  /** Calls that led here. */
  readonly depth: number;
}

/** `ended`: a stranger's packet goes no further; `back`: it left the chain; `through`: it came to the chain's end. */
function follow(state: State, chain: Chain, way: Way): 'ended' | 'back' | 'through' {
  for (const rule of chain.rules) {
    state.steps += 1;
    if (state.steps > MOST_STEPS || way.depth > DEEPEST) return 'ended';
    const meets = leastOf([way.meets, rule.meets]);
    if (meets === 'no') continue;
    const { verdict, source } = rule;
    const only = narrowed(way.only, source);
    if (verdict.kind === 'accept' || verdict.kind === 'drop') {
      if (source?.except === true) dropOthers(state, verdict.kind, source, meets);
      else if (act(state, verdict.kind, only, meets)) return 'ended';
      continue;
    }
    const isForAny = only === null && source === null && meets !== 'picked';
    const isForAll = isForAny && meets === 'yes';
    if (!('chain' in verdict)) {
      if (isForAll) return 'back';
      continue;
    }
    const next = state.chains.get(verdict.chain);
    if (next === undefined) continue;
    const depth = way.depth + 1;
    const end = follow(state, next, { meets: source?.except === true ? 'picked' : meets, only, depth });
    // Where it depends on the interface, only a drop ends it.
    if (isForAny && end === 'ended') return 'ended';
    if (isForAll && verdict.kind === 'goto') return 'through';
  }
  return 'through';
}

/** @returns whether a stranger's packet goes no further */
function act(
  state: State,
  verdict: 'accept' | 'drop',
  only: readonly string[] | null,
  meets: Meets,
): boolean {
  // A rule for one interface may keep out whom we mean, and may let in somebody else.
  if (meets === 'picked' || (meets === 'some' && verdict === 'accept')) return false;
  decide(state, verdict, only);
  return only === null;
}

function decide(state: State, verdict: 'accept' | 'drop', only: readonly string[] | null): void {
  if (verdict === 'drop') {
    if (only === null) state.keepsOut = true;
    else state.denied.push(...only);
    return;
  }
  const isDenied = (network: string): boolean => state.denied.some((denied) => contains(denied, network));
  state.opened.push(...(only ?? state.left).filter((network) => !isDenied(network)));
}

/** `drop all but these`: only they go on. Accepting all but some is nothing to build on. */
function dropOthers(state: State, verdict: 'accept' | 'drop', source: Source, meets: Meets): void {
  if (verdict === 'accept' || meets === 'picked') return;
  state.keepsOut = true;
  state.left = state.left.flatMap((network) => narrowed([network], { ...source, except: false }) ?? []);
}

function narrowed(only: readonly string[] | null, source: Source | null): readonly string[] | null {
  if (source === null || source.except) return only;
  if (only === null) return source.networks;
  return [
    ...source.networks.filter((network) => only.some((outer) => contains(outer, network))),
    ...only.filter(
      (network) =>
        !source.networks.includes(network) && source.networks.some((outer) => contains(outer, network)),
    ),
  ];
}
