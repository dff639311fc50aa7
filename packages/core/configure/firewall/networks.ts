/** Networks in CIDR notation, as firewalls print them and policies write them. */

export type Family = 4 | 6;

interface Network {
  readonly family: Family;
  /** The address with its host bits cleared. */
  readonly value: bigint;
  /** Length of the prefix. */
  readonly length: number;
}

/** All there is of a family, as walks and comparisons write it. */
export const everything: Readonly<Record<Family, string>> = { 4: '0.0.0.0/0', 6: '::/0' };

/** Null: not an address with or without the length of its prefix. */
function parse(text: string): Network | null {
  const [, address = '', prefix] = /^([0-9A-Fa-f.:]{2,45})(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const family: Family = address.includes(':') ? 6 : 4;
  const bits = family === 6 ? 128 : 32;
  const length = prefix === undefined ? bits : Number(prefix);
  const value = family === 6 ? parseIpv6(address) : parseIpv4(address);
  if (value === null || length > bits) return null;
  const hostBits = BigInt(bits - length);
  return { family, value: (value >> hostBits) << hostBits, length };
}

function parseIpv4(address: string): bigint | null {
  const parts = address.split('.');
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return null;
  return parts.reduce((value, part) => value * 256n + BigInt(part), 0n);
}

/** RFC 4291 section 2.2, without the form that ends in an IPv4 address: no firewall prints networks so. */
function parseIpv6(address: string): bigint | null {
  const [head = '', tail, ...more] = address.split('::');
  if (more.length > 0) return null;
  const groups = (part: string): readonly string[] => (part === '' ? [] : part.split(':'));
  const before = groups(head);
  const after = groups(tail ?? '');
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const all = [...before, ...Array.from({ length: missing }, () => '0'), ...after];
  if (all.some((group) => !/^[0-9A-Fa-f]{1,4}$/.test(group))) return null;
  return all.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

/** As every tool prints it: host bits cleared, IPv6 as in RFC 5952. Null: no network. */
export function canonicalNetwork(text: string): string | null {
  const network = parse(text);
  return network === null ? null : print(network);
}

function print({ family, value, length }: Network): string {
  if (family === 4) {
    const address = [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
    return length === 32 ? address : `${address}/${length}`;
  }
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
  );
  // The longest run of two or more zero groups, the first of equals.
  const runs = [...groups.join(':').matchAll(/(?<![0-9a-f])0(?::0(?![0-9a-f]))+/g)];
  const longest = runs.reduce((best, [run]) => (run.length > best.length ? run : best), '');
  const joined = groups.join(':');
  const at = longest === '' ? -1 : (runs.find(([run]) => run === longest)?.index ?? -1);
  const address =
    at < 0
      ? joined
      : `${joined.slice(0, at).replace(/:$/, '')}::${joined.slice(at + longest.length).replace(/^:/, '')}`;
  return length === 128 ? address : `${address}/${length}`;
}

/** Whether all of `inner` is in `outer`; false when either is no network. */
export function contains(outer: string, inner: string): boolean {
  const [whole, part] = [parse(outer), parse(inner)];
  if (whole === null || part === null || whole.family !== part.family || whole.length > part.length)
    return false;
  const shift = BigInt((whole.family === 6 ? 128 : 32) - whole.length);
  return whole.value >> shift === part.value >> shift;
}
