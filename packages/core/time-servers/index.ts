/** What the names of time servers tell, whatever daemon asks them. */

/** A name of the NTP pool: one that gives other addresses every time. `0.cn.pool.ntp.org` and vendors' zones too. */
export function isPoolName(name: string): boolean {
  return /(^|\.)pool\.ntp\.org\.?$/i.test(name);
}

/** Servers known to smear leap seconds over hours: Google, Amazon, Meta. */
export function isSmeared(name: string): boolean {
  return /^(time\d?\.google\.com|time\.android\.com|time\.aws\.com|169\.254\.169\.123|time\d?\.facebook\.com)\.?$/i.test(
    name,
  );
}

/** Loopback, but for the 127.127.x.y of ntpd, which are no addresses. */
export function isSelf(name: string): boolean {
  return /^(localhost|::1|127\.(?!127\.)[\d.]+)$/i.test(name);
}
