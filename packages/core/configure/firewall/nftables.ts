/** Tables of nftables with a base chain on the input hook, as `nft -j list table` prints them. */
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

interface NftTable {
  readonly family: string;
  readonly name: string;
  readonly chains: readonly NftChain[];
  /** By name the elements of sets and maps. */
  readonly sets: ReadonlyMap<string, readonly unknown[]>;
}

interface NftChain {
  readonly name: string;
  /** Type, hook and policy of a base chain; null: others jump to it. */
  readonly base: { readonly isInputFilter: boolean; readonly policy: 'accept' | 'drop' } | null;
  readonly rules: (readonly unknown[])[];
}

/** Whom each base chain lets in, by family of addresses. Lines that are no JSON of nft are passed over. */
export function nftTables(
  output: string,
  isOthers: (family: string, table: string) => boolean,
): readonly { readonly family: Family; readonly letIn: LetIn }[] {
  return output.split('\n').flatMap((line) => {
    const table = tableOf(line);
    if (table === null || isOthers(table.family, table.name)) return [];
    const families: readonly Family[] = table.family === 'ip' ? [4] : table.family === 'ip6' ? [6] : [4, 6];
    const bases = table.chains.filter(({ base }) => base?.isInputFilter === true);
    return families.flatMap((family) => {
      const chains = chainsFor(table, family);
      return bases.map(({ name }) => ({ family, letIn: walk(chains, name, everything[family]) }));
    });
  });
}

function tableOf(line: string): NftTable | null {
  const items = list(at(json(line), 'nftables'));
  const head = items.map((item) => at(item, 'table')).find((table) => table !== undefined);
  const [family, name] = [at(head, 'family'), at(head, 'name')];
  if (typeof family !== 'string' || typeof name !== 'string') return null;
  const chains = new Map<string, NftChain>();
  const sets = new Map<string, readonly unknown[]>();
  for (const item of items) {
    const chain = at(item, 'chain');
    if (chain !== undefined) chains.set(String(at(chain, 'name')), chainOf(chain));
    const set = at(item, 'set') ?? at(item, 'map');
    if (set !== undefined) sets.set(String(at(set, 'name')), list(at(set, 'elem')));
    const rule = at(item, 'rule');
    if (rule !== undefined) chains.get(String(at(rule, 'chain')))?.rules.push(list(at(rule, 'expr')));
  }
  return { family, name, chains: [...chains.values()], sets };
}

function chainOf(chain: unknown): NftChain {
  const hook = at(chain, 'hook');
  return {
    name: String(at(chain, 'name')),
    base:
      hook === undefined
        ? null
        : {
            isInputFilter: hook === 'input' && at(chain, 'type') === 'filter',
            policy: at(chain, 'policy') === 'drop' ? 'drop' : 'accept',
          },
    rules: [],
  };
}

function chainsFor(table: NftTable, family: Family): ReadonlyMap<string, Chain> {
  return new Map(
    table.chains.map(({ name, base, rules }) => [
      name,
      {
        policy: base?.policy ?? 'accept',
        rules: rules.flatMap((statements) => rulesOf(statements, table, family)),
      },
    ]),
  );
}

/** One rule, or one for each entry of a verdict map. */
function rulesOf(statements: readonly unknown[], table: NftTable, family: Family): readonly Rule[] {
  const meets: Meets[] = [];
  let source: Source | null = null;
  const take = (left: unknown, right: unknown, negated: boolean): void => {
    const values = valuesOf(right, table);
    if (isField(left, family === 4 ? 'ip' : 'ip6', 'saddr') && values !== null) {
      source = { networks: values, except: negated };
    } else meets.push(negatedIf(negated, meetsMatch(left, values, family)));
  };
  for (const statement of statements) {
    const match = at(statement, 'match');
    if (match !== undefined) take(at(match, 'left'), at(match, 'right'), at(match, 'op') === '!=');
    const map = at(statement, 'vmap');
    if (map !== undefined) {
      const before: { readonly meets: readonly Meets[]; readonly source: Source | null } = {
        meets: [...meets],
        source,
      };
      return entriesOf(map, table).flatMap(([key, result]): readonly Rule[] => {
        meets.splice(0, meets.length, ...before.meets);
        source = before.source;
        take(at(map, 'key'), key, false);
        const verdict = verdictOf(result);
        return verdict === null ? [] : [{ meets: leastOf(meets), source, verdict }];
      });
    }
    if (at(statement, 'limit') !== undefined || at(statement, 'xt') !== undefined) meets.push('picked');
    const verdict = verdictOf(statement);
    if (verdict !== null) return [{ meets: leastOf(meets), source, verdict }];
  }
  return [];
}

function verdictOf(statement: unknown): Verdict | null {
  const has = (key: string): boolean =>
    typeof statement === 'object' && statement !== null && key in statement;
  if (has('accept')) return { kind: 'accept' };
  if (has('drop') || has('reject')) return { kind: 'drop' };
  if (has('return')) return { kind: 'return' };
  for (const kind of ['jump', 'goto'] as const) {
    const target = at(at(statement, kind), 'target');
    if (typeof target === 'string') return { kind, chain: target };
  }
  return null;
}

/** Every value of the right side as text, networks as `a/len`, ranges as `a-b`; null: more than text can say. */
function valuesOf(right: unknown, table: NftTable): readonly string[] | null {
  if (typeof right === 'number') return [String(right)];
  if (typeof right === 'string') {
    if (!right.startsWith('@')) return [right];
    const elements = table.sets.get(right.slice(1));
    return elements === undefined ? null : valuesOf({ set: elements }, table);
  }
  const prefix = at(right, 'prefix');
  if (prefix !== undefined) return [`${at(prefix, 'addr')}/${at(prefix, 'len')}`];
  const range = at(right, 'range');
  if (range !== undefined) return [list(range).join('-')];
  const element = at(right, 'elem');
  if (element !== undefined) return valuesOf(at(element, 'val'), table);
  const members = Array.isArray(right) ? right : at(right, 'set');
  if (!Array.isArray(members)) return null;
  const all = members.map((member) => valuesOf(member, table));
  return all.some((one) => one === null) ? null : all.flatMap((one) => one ?? []);
}

function entriesOf(map: unknown, table: NftTable): readonly (readonly [unknown, unknown])[] {
  const data = at(map, 'data');
  const entries = typeof data === 'string' ? table.sets.get(data.slice(1)) : list(at(data, 'set'));
  return (entries ?? []).flatMap((entry) => {
    const [key, verdict] = list(entry);
    return [[at(at(key, 'elem'), 'val') ?? key, verdict] as const];
  });
}

function meetsMatch(left: unknown, values: readonly string[] | null, family: Family): Meets {
  if (values === null) return 'picked';
  const any = (meets: (value: string) => Meets): Meets => {
    const all = values.map(meets);
    return (['yes', 'some', 'picked'] as const).find((one) => all.includes(one)) ?? 'no';
  };
  const meta = at(at(left, 'meta'), 'key');
  if (meta === 'iifname' || meta === 'iif') return any(cameInBy);
  if (meta === 'l4proto') return any(overProtocol);
  if (meta === 'nfproto') return any((value) => (value === `ipv${family}` ? 'yes' : 'no'));
  if (meta === 'protocol') return any((value) => (value === (family === 4 ? 'ip' : 'ip6') ? 'yes' : 'no'));
  if (meta === 'pkttype') return any(ofType);
  if (at(at(left, 'ct'), 'key') === 'state') return inState(values);
  if (at(at(left, 'fib'), 'result') === 'type') return any(ofType);
  return meetsPayload(at(left, 'payload'), any, family);
}

function meetsPayload(
  payload: unknown,
  any: (meets: (value: string) => Meets) => Meets,
  family: Family,
): Meets {
  const [protocol, field] = [at(payload, 'protocol'), at(payload, 'field')];
  if (typeof protocol !== 'string') return 'picked';
  if (protocol === 'ip' || protocol === 'ip6') {
    if (protocol !== (family === 4 ? 'ip' : 'ip6')) return 'no';
    if (field === 'daddr') return any(sentTo);
    return field === 'protocol' || field === 'nexthdr' ? any(overProtocol) : 'picked';
  }
  // A field of another protocol is found in its packets only.
  if (protocol !== 'udp' && protocol !== 'th') return 'no';
  return field === 'dport' ? any(toPort) : 'picked';
}

function isField(left: unknown, protocol: string, field: string): boolean {
  const payload = at(left, 'payload');
  return at(payload, 'protocol') === protocol && at(payload, 'field') === field;
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
