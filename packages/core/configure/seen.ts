/** What of a node a plan rests on, and in what a node has become another since. */
import type { ConfigureFacts } from './facts.ts';

/** By a name that a person understands (`file /etc/chrony/chrony.conf`) the state as JSON. */
export type SeenFacts = Readonly<Record<string, string>>;

/** Nothing that moves by itself: what a repository offers changes with each update of its lists. */
export function seenOf(facts: ConfigureFacts): SeenFacts {
  const { os, privilege, packages, units, files, firewall, clockJobs } = facts;
  const entries = (prefix: string, values: Readonly<Record<string, unknown>>): readonly [string, string][] =>
    Object.entries(values).map(([name, value]) => [`${prefix} ${name}`, JSON.stringify(value)]);
  // A package that only a newer list of the repository knows is not on the node.
  const installed = Object.entries(packages)
    .filter(([, state]) => state.installed !== null || state.configFiles === true)
    .map(([name, state]) => [name, [state.installed, state.configFiles ?? false]] as const);
  return Object.fromEntries([
    ['system', JSON.stringify([os.id, os.like, privilege !== 'none'])],
    ...entries('package', Object.fromEntries(installed)),
    ...entries('unit', units),
    ...entries('file', files),
    ['firewall', JSON.stringify(firewall)],
    ...entries('clock job', clockJobs),
  ]);
}

/** Names of what differs; empty: the plan holds. */
export function changedSince(seen: SeenFacts, facts: ConfigureFacts): readonly string[] {
  const now = seenOf(facts);
  return [...new Set([...Object.keys(seen), ...Object.keys(now)])]
    .filter((name) => seen[name] !== now[name])
    .sort();
}
