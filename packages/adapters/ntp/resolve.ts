import { lookup } from 'node:dns';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

export type Resolved =
  | { readonly ok: true; readonly addresses: readonly string[] }
  | { readonly ok: false; readonly detail: string };

/**
 * The addresses of a host, in the order that the system prefers; a literal is its own. getaddrinfo(3) cannot be called
 * off: past the deadline, or once aborted, its answer is no longer waited for.
 *
 * @param family 0 for both
 */
export function resolveHost(
  host: string,
  timeoutSeconds: number,
  signal: AbortSignal,
  family: 0 | 4 | 6 = 0,
): Promise<Resolved> {
  if (isIP(host) !== 0) return Promise.resolve({ ok: true, addresses: [unmapped(host)] });
  if (signal.aborted) return Promise.resolve({ ok: false, detail: 'ABORTED' });
  return new Promise((resolve) => {
    const end = (resolved: Resolved): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
      resolve(resolved);
    };
    const aborted = (): void => end({ ok: false, detail: 'ABORTED' });
    const timer = setTimeout(() => end({ ok: false, detail: 'ETIMEOUT' }), timeoutSeconds * 1_000);
    signal.addEventListener('abort', aborted, { once: true });
    lookup(host, { all: true, family }, (error, found) => {
      if (error !== null) end({ ok: false, detail: error.code ?? error.message });
      else if (found.length === 0) end({ ok: false, detail: 'ENOTFOUND' });
      else end({ ok: true, addresses: found.map((entry) => unmapped(entry.address)) });
    });
  });
}

/** `::ffff:10.0.0.1` is an IPv4 host and must be asked by IPv4. */
function unmapped(address: string): string {
  if (!/^::ffff:/i.test(address)) return address;
  return ipaddr.process(address).toString();
}

const KEEP_SECONDS = 60;

/** Remembers names for a minute, and for longer while the name service does not answer. */
export class NameCache {
  readonly #known = new Map<string, { readonly addresses: readonly string[]; readonly until: bigint }>();

  async addressesOf(host: string, timeoutSeconds: number, signal: AbortSignal): Promise<Resolved> {
    const known = this.#known.get(host);
    const now = process.hrtime.bigint();
    if (known !== undefined && now < known.until) return { ok: true, addresses: known.addresses };
    const resolved = await resolveHost(host, timeoutSeconds, signal);
    if (!resolved.ok) return known === undefined ? resolved : { ok: true, addresses: known.addresses };
    if (isIP(host) === 0) {
      const until = now + BigInt(KEEP_SECONDS) * 1_000_000_000n;
      this.#known.set(host, { addresses: resolved.addresses, until });
    }
    return resolved;
  }
}
