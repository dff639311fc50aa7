import { text } from '../../text/index.ts';
import type { Rule } from './rule.ts';

/** Whom the node follows against whom the policy names. */
export const sourceRule: Rule = (observation, { intended, policy }) => {
  const sync = observation.facts.sync;
  const followed = sync?.value.source ?? null;
  if (sync === null || followed === null || intended.length === 0) return [];
  const selected = observation.facts.chrony?.value.sources?.find((source) => source.state === 'selected');
  const names = [followed, selected?.name, selected?.address];
  if (intended.some((server) => names.includes(server))) return [];
  // An address may be that of a host name in the list, or a reference clock's: then nobody can tell. A node of the cluster
  // stands in the list with its address beside its name.
  const hidden = intended.filter(
    (name) => !isAddress(name) && !policy.nodes.some((node) => node.name === name),
  );
  if (names.every((name) => name === undefined || isAddress(name)) && hidden.length > 0) return [];
  if (selected?.mode === 'refclock') return [];
  return [
    {
      code: 'unintended-source',
      severity: 'warning',
      text: text(
        `Follows ${followed}, which the policy does not name (${intended.join(', ')}).`,
        `跟随 ${followed}，策略中没有它(${intended.join('、')})。`,
      ),
      endangers: null,
      evidence: { followed, intended: intended.join(' ') },
      source: sync.source,
      ageSeconds: sync.ageSeconds,
    },
  ];
};

/** IPv4 or IPv6 literal, as far as telling it from a host name goes. */
function isAddress(name: string): boolean {
  return /^[0-9.]+$/.test(name) || name.includes(':');
}
