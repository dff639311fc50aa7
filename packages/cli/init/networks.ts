/** More networks than a person would look through. */
const MOST = 16;

/** The /24 networks that hold these addresses, for a person to check; empty when one has no IPv4 address, or they are many. */
export function networksOf(addresses: readonly string[]): readonly string[] {
  const networks = addresses.map((address) => /^((?:\d{1,3}\.){3})\d{1,3}$/.exec(address)?.[1]);
  if (networks.includes(undefined)) return [];
  const distinct = [...new Set(networks.map((prefix) => `${prefix}0/24`))].sort();
  return distinct.length > MOST ? [] : distinct;
}
