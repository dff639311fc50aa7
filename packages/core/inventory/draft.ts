/** An inventory while it is read: groups, hosts and variables as written, with the place of each, and what is wrong. */
import type { OperatorErrorDetails } from '../errors/index.ts';
import { type Text, text } from '../text/index.ts';
import { splitHostPattern } from './pattern.ts';

export interface Place {
  /** The file. */
  readonly where: string;
  readonly line: number;
}

/** A list, a map or something encrypted: no variable that is needed here may be one. */
export const complexValue = { complex: true } as const;

export type VariableValue = string | number | boolean | null | typeof complexValue;

export interface Variable {
  readonly value: VariableValue;
  readonly place: Place;
}

export type Variables = Map<string, Variable>;

export interface Group {
  readonly name: string;
  readonly variables: Variables;
  readonly children: Set<string>;
  /** ansible_group_priority: of groups at the same depth the greater wins. */
  priority: number;
  /** Where it is first named. */
  readonly place: Place;
}

interface Host {
  readonly name: string;
  readonly variables: Variables;
  readonly groups: Set<string>;
  readonly place: Place;
}

export interface InventoryDraft {
  readonly groups: Map<string, Group>;
  readonly hosts: Map<string, Host>;
  readonly problems: OperatorErrorDetails[];
  /** How often hosts were named so far, ranges counted out. */
  mentions: number;
}

/** Ranges multiply: `n[1:1000][1:1000]` is a million hosts in twenty characters. */
const MAX_HOSTS = 100_000;
/** A host stands in a handful of groups. */
const MAX_MENTIONS = 10 * MAX_HOSTS;
/** Beyond this the first problems are enough. */
const MAX_PROBLEMS = 100;

const tooManyHosts = text(
  `more than ${MAX_HOSTS} hosts: is a range too wide?`,
  `主机超过 ${MAX_HOSTS} 台：范围是否过大？`,
);

export function emptyDraft(where: string): InventoryDraft {
  const draft: InventoryDraft = { groups: new Map(), hosts: new Map(), problems: [], mentions: 0 };
  for (const name of ['all', 'ungrouped']) groupOf(draft, name, { where, line: 1 });
  return draft;
}

export function problem(draft: InventoryDraft, { where, line }: Place, detail: Text): void {
  if (draft.problems.length < MAX_PROBLEMS) draft.problems.push({ where, line, detail });
}

/** The group of that name, made when it is new. */
export function groupOf(draft: InventoryDraft, name: string, place: Place): Group {
  const known = draft.groups.get(name);
  if (known !== undefined) return known;
  const group: Group = { name, variables: new Map(), children: new Set(), priority: 1, place };
  draft.groups.set(name, group);
  return group;
}

export function setGroupVariable(group: Group, name: string, variable: Variable): void {
  const priority = Number(variable.value);
  if (name !== 'ansible_group_priority') group.variables.set(name, variable);
  else if (Number.isInteger(priority)) group.priority = priority;
}

/** Adds the hosts of a pattern to a group. A host may be named many times: variables of later lines win. */
export function addHosts(
  draft: InventoryDraft,
  groupName: string,
  pattern: string,
  variables: Variables,
  place: Place,
): void {
  if (draft.mentions > MAX_MENTIONS) return;
  const split = splitHostPattern(pattern, MAX_HOSTS);
  if ('problem' in split) {
    problem(draft, place, split.problem);
    return;
  }
  draft.mentions += split.hosts.length;
  for (const name of split.hosts) {
    const host = draft.hosts.get(name) ?? { name, variables: new Map(), groups: new Set(), place };
    draft.hosts.set(name, host);
    if (draft.hosts.size > MAX_HOSTS || draft.mentions > MAX_MENTIONS) {
      draft.mentions = Number.POSITIVE_INFINITY;
      problem(draft, place, tooManyHosts);
      return;
    }
    // As Ansible: only the first mention of a host can give its port in this short form.
    if (split.port !== null && host.place === place && !host.variables.has('ansible_port')) {
      host.variables.set('ansible_port', { value: split.port, place });
    }
    host.groups.add(groupName);
    for (const [key, variable] of variables) host.variables.set(key, variable);
  }
}
