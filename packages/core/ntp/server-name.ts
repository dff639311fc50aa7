/** Servers as people type them. */

export interface ServerName {
  /** Name or literal address; IPv6 without brackets, with its `%zone` if it has one. */
  readonly host: string;
  readonly port: number;
}

export const NTP_PORT = 123;

/** Letters, digits, `-`, `_` and dots, as resolvers take them; also IPv4. */
const namePattern = /^(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\.[A-Za-z0-9_-]{1,63})*\.?$/;
const ipv6Pattern = /^(?=[^:]*:[^:]*:)[0-9A-Fa-f:.]{2,45}(%[A-Za-z0-9_.-]{1,15})?$/;

/**
 * `host`, `host:123`, `10.0.0.1:123`, `2001:db8::1`, `[2001:db8::1]`, `[fe80::1%eth0]:123`. Null for anything else.
 *
 * @param defaultPort where none is typed
 */
export function parseServerName(typed: string, defaultPort = NTP_PORT): ServerName | null {
  const parsed = parseHostPort(typed);
  if (parsed === null || parsed.port === 0) return null;
  return { host: parsed.host, port: parsed.port ?? defaultPort };
}

/** The same with any port from 0 (to listen on: whichever is free); `port` is null where none is typed. */
export function parseHostPort(typed: string): { readonly host: string; readonly port: number | null } | null {
  const bracketed = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(typed);
  if (bracketed !== null) {
    const host = bracketed[1] ?? '';
    return ipv6Pattern.test(host) ? withPort(host, bracketed[2]) : null;
  }
  if (ipv6Pattern.test(typed)) return { host: typed, port: null };
  const plain = /^([^:]+)(?::(\d{1,5}))?$/.exec(typed);
  const host = plain?.[1] ?? '';
  return namePattern.test(host) ? withPort(host, plain?.[2]) : null;
}

/** The reverse, always with the port: `10.0.0.1:123`, `[2001:db8::1]:123`. */
export function serverText(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function withPort(host: string, digits: string | undefined): ReturnType<typeof parseHostPort> {
  const port = digits === undefined ? null : Number(digits);
  return port === null || port <= 65_535 ? { host, port } : null;
}
