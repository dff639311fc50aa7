/** Which firewall rules incoming packets, whom it lets in to UDP 123, and who remembers its rules over a reboot. */
import type { FirewallBackend, FirewallFacts } from './facts.ts';
import { firewalldLetsIn } from './firewall/firewalld.ts';
import { iptablesTables, type TableLetsIn } from './firewall/iptables.ts';
import { canonicalNetwork, contains, everything, type Family } from './firewall/networks.ts';
import { nftTables } from './firewall/nftables.ts';
import { ufwLetsIn } from './firewall/ufw.ts';
import type { LetIn } from './firewall/walk.ts';

/** What was printed, by section of the script; null: the tool is absent or failed. */
export interface FirewallOutputs {
  /** `default ZONE`, then `runtime` and `permanent`, each with `firewall-cmd --list-all-zones` after it. */
  readonly firewalld: string | null;
  /** `ufw status verbose`. */
  readonly ufw: string | null;
  /** `tool NAME VARIANT`, then the filter table as `NAME-save` prints it, for each variant of each family. */
  readonly iptables: string | null;
  /** `nft -j list table`, a line for each table with a base chain on the input hook. */
  readonly nftables: string | null;
  /** Units that restore rules at boot from a file that is there. */
  readonly keepers: string | null;
}

/** Managers before the tables that they fill. Null: nobody is kept out. */
export function firewallOf(outputs: FirewallOutputs): FirewallFacts | null {
  const tables = iptablesTables(outputs.iptables ?? '');
  const managed = managedBy(outputs) ?? iptablesOf(tables, outputs);
  // What firewalld and iptables have made is seen through them.
  const isOthers = (family: string, table: string): boolean =>
    (managed?.backend === 'firewalld' && table === 'firewalld') ||
    tables.some(
      (one) => one.variant === 'nft' && table === 'filter' && family === (one.family === 6 ? 'ip6' : 'ip'),
    );
  const nftables = passing(nftTables(outputs.nftables ?? '', isOthers));
  if (nftables === null) return managed;
  const native = found('nftables', nftables, keeperOf(outputs, ['nftables.service']));
  return managed === null ? native : { ...managed, also: native };
}

function managedBy(outputs: FirewallOutputs): FirewallFacts | null {
  const firewalld = firewalldLetsIn(outputs.firewalld ?? '');
  if (firewalld !== null) return found('firewalld', firewalld, 'firewalld.service');
  const ufw = ufwLetsIn(outputs.ufw ?? '');
  return ufw === null ? null : found('ufw', ufw, 'ufw.service');
}

function iptablesOf(tables: readonly TableLetsIn[], outputs: FirewallOutputs): FirewallFacts | null {
  const opened = passing(tables);
  const keepers = ['netfilter-persistent.service', 'iptables.service'];
  return opened === null ? null : found('iptables', opened, keeperOf(outputs, keepers));
}

function keeperOf(outputs: FirewallOutputs, units: readonly string[]): string | null {
  const keepers = (outputs.keepers ?? '').split('\n');
  return units.find((unit) => keepers.includes(unit)) ?? null;
}

interface Passed {
  readonly family: Family;
  readonly letIn: LetIn;
}

/** Networks that pass all tables of their family; null: no table keeps anybody out. */
function passing(tables: readonly Passed[]): readonly string[] | null {
  if (!tables.some(({ letIn }) => letIn.keepsOut)) return null;
  return ([4, 6] as const).flatMap((family) => {
    const all = tables.flatMap((one) => (one.family === family ? [one.letIn.networks] : []));
    const candidates = [everything[family], ...all.flat()];
    return candidates.filter((network) =>
      all.every((networks) => networks.some((one) => contains(one, network))),
    );
  });
}

function found(backend: FirewallBackend, opened: readonly string[], keeper: string | null): FirewallFacts {
  const networks = [...new Set(opened.flatMap((network) => canonicalNetwork(network) ?? []))].sort();
  const isAll = [everything[4], everything[6]].every((network) => networks.includes(network));
  return { backend, opened: isAll ? ['all'] : networks, keeper };
}

/** Those of `networks`, written as every tool prints them, that the firewall does not let in yet. What is no network is left out. */
export function networksToOpen(firewall: FirewallFacts, networks: readonly string[]): readonly string[] {
  if (firewall.opened.includes('all')) return [];
  const wanted = networks.flatMap((network) => canonicalNetwork(network) ?? []);
  return [...new Set(wanted)].filter((network) => !firewall.opened.some((open) => contains(open, network)));
}
