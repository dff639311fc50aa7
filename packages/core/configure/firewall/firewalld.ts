/** Zones of firewalld, as `firewall-cmd --list-all-zones` prints them. */
import { overProtocol, toPort } from './conditions.ts';
import { everything } from './networks.ts';

interface Zone {
  readonly isActive: boolean;
  readonly isDefault: boolean;
  readonly acceptsAll: boolean;
  readonly sources: readonly string[];
  /** Whom it lets in to UDP 123. */
  readonly letsIn: readonly string[];
}

/**
 * Lines `default ZONE`, `runtime`, the zones, `permanent`, the zones. Networks that are let in by every zone which may rule
 * a packet from outside, now and after a reboot. Null: firewalld does not run.
 */
export function firewalldLetsIn(output: string): readonly string[] | null {
  const [, standard, runtime = '', permanent = ''] =
    /^default (\S+)\nruntime\n(.*?)^permanent\n(.*)$/ms.exec(output) ?? [];
  if (standard === undefined) return null;
  const now = zonesOf(runtime, standard);
  const later = zonesOf(permanent, standard);
  const ruling = [...now].filter(
    ([, { isActive, isDefault, acceptsAll }]) => (isActive || isDefault) && !acceptsAll,
  );
  const trusted = [...now.values()].flatMap(({ acceptsAll, sources }) => (acceptsAll ? sources : []));
  if (ruling.length === 0) return [everything[4], everything[6]];
  const [first = [], ...others] = ruling.flatMap(([name, zone]) => [
    zone.letsIn,
    later.get(name)?.letsIn ?? [],
  ]);
  return [...trusted, ...first.filter((network) => others.every((one) => one.includes(network)))];
}

function zonesOf(output: string, standard: string): ReadonlyMap<string, Zone> {
  return new Map(
    output.split(/^(?=\S)/m).flatMap((block): readonly (readonly [string, Zone])[] => {
      const [, name, marks = ''] = /^(\S+)(?: \(([^)]*)\))?\n/.exec(block) ?? [];
      if (name === undefined) return [];
      const words = (key: string): readonly string[] =>
        (new RegExp(`^ {2}${key}: ?(.*)$`, 'm').exec(block)?.[1] ?? '').split(' ').filter(Boolean);
      const zone: Zone = {
        isActive: marks.includes('active'),
        isDefault: name === standard,
        acceptsAll: words('target')[0] === 'ACCEPT',
        sources: words('sources'),
        letsIn: letsIn(words('services'), words('ports'), block),
      };
      return [[name, zone]];
    }),
  );
}

function letsIn(services: readonly string[], ports: readonly string[], block: string): readonly string[] {
  if (services.includes('ntp') || ports.some(isNtpPort)) return [everything[4], everything[6]];
  return block.split('\n').flatMap((line): readonly string[] => {
    if (!/^\s+rule .* accept$/.test(line)) return [];
    const [, port = '', protocol = ''] = / port port="([\d-]+)" protocol="(\w+)"/.exec(line) ?? [];
    if (!line.includes('service name="ntp"') && !isNtpPort(`${port}/${protocol}`)) return [];
    // A rule with conditions of its own: an address of the node, other sources than these, a rate.
    if (/destination |limit |source NOT|source (mac|ipset)/.test(line)) return [];
    const source = / source address="([^"]+)"/.exec(line)?.[1];
    if (source !== undefined) return [source];
    const family = / family="ipv([46])"/.exec(line)?.[1];
    return [...(family === '6' ? [] : [everything[4]]), ...(family === '4' ? [] : [everything[6]])];
  });
}

function isNtpPort(port: string): boolean {
  const [numbers = '', protocol = ''] = port.split('/');
  return numbers !== '' && overProtocol(protocol) === 'yes' && toPort(numbers) === 'yes';
}
