/** What `iptables-save` prints of the filter table, of each variant in use. */
import { cameInBy, inState, negatedIf, ofType, overProtocol, sentTo, toPort } from './conditions.ts';
import { everything, type Family } from './networks.ts';
import {
  type Chain,
  type LetIn,
  leastOf,
  type Meets,
  type Rule,
  type Source,
  type Verdict,
  walk,
} from './walk.ts';

export interface TableLetsIn {
  readonly family: Family;
  readonly variant: 'nft' | 'legacy';
  readonly letIn: LetIn;
}

/** Each table with `tool NAME VARIANT` before it; variants without a filter table have none. */
export function iptablesTables(output: string): readonly TableLetsIn[] {
  return output
    .split(/^tool /m)
    .slice(1)
    .flatMap((part): readonly TableLetsIn[] => {
      const family: Family = part.startsWith('ip6') ? 6 : 4;
      const variant = /^\S+ nft$/m.test(part) ? 'nft' : 'legacy';
      const chains = chainsOf(part);
      return chains.has('INPUT')
        ? [{ family, variant, letIn: walk(chains, 'INPUT', everything[family]) }]
        : [];
    });
}

function chainsOf(table: string): ReadonlyMap<string, Chain> {
  const chains = new Map<string, { readonly policy: 'accept' | 'drop'; readonly rules: Rule[] }>();
  for (const line of table.split('\n')) {
    const [, name, policy] = /^:(\S+) (\S+)/.exec(line) ?? [];
    if (name !== undefined) chains.set(name, { policy: policy === 'DROP' ? 'drop' : 'accept', rules: [] });
    const [, chain = '', words = ''] = /^-A (\S+) (.*)$/.exec(line) ?? [];
    const rule = ruleOf(wordsOf(words));
    if (rule !== null) chains.get(chain)?.rules.push(rule);
  }
  return chains;
}

/** Comments stand in quotes, with backslashes before those inside. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/"(?:[^"\\]|\\.)*"|\S+/g)].map(([word]) => word);
}

/** Conditions that choose nothing from what we ask about. */
const idle = /^(--comment|--icmp-type|--icmpv6-type|--dport-type)$/;

const conditions: Readonly<Record<string, (value: string) => Meets>> = {
  '-p': overProtocol,
  '-i': cameInBy,
  '-d': sentTo,
  '--dport': toPort,
  '--dports': toPort,
  '--ports': toPort,
  '--ctstate': (value) => inState(value.split(',')),
  '--state': (value) => inState(value.split(',')),
  '--dst-type': ofType,
  '--pkt-type': ofType,
};

function ruleOf(words: readonly string[]): Rule | null {
  const meets: Meets[] = [];
  let source: Source | null = null;
  let negated = false;
  for (let at = 0; at < words.length; at += 1) {
    const [word = '', value = ''] = words.slice(at, at + 2);
    if (word === '!') {
      negated = true;
      continue;
    }
    if (word === '-j' || word === '-g') {
      const verdict = verdictOf(word, value);
      return verdict === null ? null : { meets: leastOf(meets), source, verdict };
    }
    const condition = conditions[word];
    if (word === '-s') source = { networks: [value], except: negated };
    else if (condition !== undefined) meets.push(negatedIf(negated, condition(value)));
    else if (word !== '-m' && !idle.test(word)) meets.push('picked');
    // The value is skipped here; options without one are rare, and the word after them is an option again.
    if (!value.startsWith('-') && value !== '!') at += 1;
    negated = false;
  }
  return null;
}

/** Null: a target after which the packet goes on, as LOG and MARK. */
function verdictOf(option: string, target: string): Verdict | null {
  if (target === 'ACCEPT') return { kind: 'accept' };
  if (target === 'DROP' || target === 'REJECT') return { kind: 'drop' };
  if (target === 'RETURN') return { kind: 'return' };
  return { kind: option === '-g' ? 'goto' : 'jump', chain: target };
}
