/** Which firewall rules incoming packets, and whom it already lets in to UDP 123, from what its own tool prints. */
import type { ConfigureFacts, FirewallBackend } from './facts.ts';

type Firewall = ConfigureFacts['firewall'];

/** What was printed, by tool; null: the tool is absent or failed. */
export interface FirewallOutputs {
  /** `firewall-cmd --state`, then `--list-services`, `--list-ports`, `--list-rich-rules`, one after the other. */
  readonly firewalld: string | null;
  /** `ufw status`. */
  readonly ufw: string | null;
  /** `iptables -S INPUT` and `ip6tables -S INPUT`. */
  readonly iptables: string | null;
  /** `nft list ruleset`. */
  readonly nftables: string | null;
}

/** Managers before the tables that they fill. Null: nothing drops or rejects what comes in. */
export function firewallOf(outputs: FirewallOutputs): Firewall {
  return (
    firewalld(outputs.firewalld) ??
    ufw(outputs.ufw) ??
    iptables(outputs.iptables) ??
    nftables(outputs.nftables)
  );
}

function found(backend: FirewallBackend, opened: readonly (string | undefined)[]): Firewall {
  return { backend, opened: [...new Set(opened.flatMap((network) => network ?? []))] };
}

function firewalld(output: string | null): Firewall {
  if (output === null || !/^running\b/.test(output)) return null;
  const everybody = /^(.*\s)?(ntp|123\/udp)(\s.*)?$/m.test(output.replace(/^rule .*$/gm, ''));
  const rules = output
    .split('\n')
    .filter((line) => /^rule .*(service name="ntp"|port="123").*accept/.test(line));
  return found('firewalld', [
    everybody ? 'all' : undefined,
    ...rules.map((rule) => /source address="([^"]+)"/.exec(rule)?.[1] ?? 'all'),
  ]);
}

function ufw(output: string | null): Firewall {
  if (output === null || !/^Status: active$/m.test(output)) return null;
  const rules = [...output.matchAll(/^(?:123\/udp|123)(?: \(v6\))?\s+ALLOW(?: IN)?\s+(\S+)/gm)];
  return found(
    'ufw',
    rules.map((rule) => (rule[1] === 'Anywhere' ? 'all' : rule[1])),
  );
}

function iptables(output: string | null): Firewall {
  if (output === null) return null;
  const lines = output.split('\n');
  // Chains that other programs hang into INPUT may drop as well, so any jump away from ACCEPT counts.
  if (
    !lines.some((line) => /^-P INPUT (DROP|REJECT)/.test(line) || /^-A INPUT .*-j (DROP|REJECT)/.test(line))
  )
    return null;
  const rules = lines.filter((line) => /^-A INPUT .*--dport 123\b.*-j ACCEPT/.test(line));
  return found(
    'iptables',
    rules.map((rule) => /(?:^|\s)-s (\S+)/.exec(rule)?.[1] ?? 'all'),
  );
}

function nftables(output: string | null): Firewall {
  if (output === null) return null;
  // Only base chains on the input hook, each from its head to its closing brace.
  const chains = [
    ...output.matchAll(/^\tchain [^\n]*\{\n\t\ttype filter hook input[^\n]*\n(?:\t\t[^\n]*\n|\n)*\t\}/gm),
  ].map(([chain]) => chain);
  if (!chains.some((chain) => /policy drop|\b(drop|reject)\b/.test(chain))) return null;
  const rules = chains.flatMap((chain) =>
    chain.split('\n').filter((line) => /udp dport (123|ntp)\b.*accept/.test(line)),
  );
  return found(
    'nftables',
    rules.map((rule) => /ip6? saddr (\S+)/.exec(rule)?.[1] ?? 'all'),
  );
}
