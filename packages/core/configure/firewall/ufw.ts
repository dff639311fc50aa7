/** What `ufw status verbose` prints. */
import { overProtocol, toPort } from './conditions.ts';
import { contains, everything } from './networks.ts';

/** Networks that are let in to UDP 123, by the rules in their order. Null: ufw is switched off. */
export function ufwLetsIn(output: string): readonly string[] | null {
  if (!/^Status: active$/m.test(output)) return null;
  const opened: string[] = [];
  const denied: string[] = [];
  const decide = (isOpen: boolean, networks: readonly string[]): void => {
    const fresh = networks.filter((network) => ![...opened, ...denied].some((one) => contains(one, network)));
    (isOpen ? opened : denied).push(...fresh);
  };
  for (const line of output.split('\n')) {
    const [, to = '', action = '', from = ''] =
      /^(\S.*?) {2,}(ALLOW|DENY|REJECT|LIMIT)(?: IN)? {2,}(.*)$/.exec(line) ?? [];
    // LIMIT lets in until somebody asks often, as a client of NTP may: nothing to build on.
    if (action === 'LIMIT' || !isNtp(to)) continue;
    decide(action === 'ALLOW', networksOf(from));
  }
  if (/^Default: allow \(incoming\)/m.test(output)) decide(true, [everything[4], everything[6]]);
  // Where only a part is denied, the whole is not open.
  return opened.filter((network) => !denied.some((one) => contains(network, one)));
}

/** `123/udp`, `123`, `22,123/udp`, `Anywhere`, each with ` (v6)` after it; an interface or address makes it narrower. */
function isNtp(to: string): boolean {
  const [, ports = '', protocol = 'udp'] = /^(Anywhere|[\d,:]+)(?:\/(\w+))?(?: \(v6\))?$/.exec(to) ?? [];
  if (ports === '' || overProtocol(protocol) !== 'yes') return false;
  return ports === 'Anywhere' || toPort(ports) === 'yes';
}

function networksOf(from: string): readonly string[] {
  const [, source = '', rest = ''] = /^(\S+)((?: \(v6\))?)(?: +#.*| *)$/.exec(from) ?? [];
  if (source === 'Anywhere') return [everything[rest === '' ? 4 : 6]];
  // `Anywhere on eth0`, `10.0.0.1 123/udp`: only some of their packets.
  return /^[\d.:a-fA-F]+(\/\d+)?$/.test(source) ? [source] : [];
}
