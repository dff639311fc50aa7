/** What the names of time servers tell, whatever daemon asks them. */

/** A name of the NTP pool: one that gives other addresses every time. `0.cn.pool.ntp.org` and vendors' zones too. */
export function isPoolName(name: string): boolean {
  return /(^|\.)pool\.ntp\.org\.?$/i.test(name);
}

/** What a distribution's own files name: its zone of the pool, Ubuntu's servers. Nobody on the machine chose it. */
export function isDistributionPool(name: string): boolean {
  return /(^|\.)((debian|ubuntu|rhel|centos|fedora|rocky|almalinux|opensuse|suse|amazon|arch)\.pool\.ntp\.org|ntp\.ubuntu\.com)\.?$/i.test(
    name,
  );
}

/** An address of a private network: RFC 1918, RFC 4193. */
export function isPrivateAddress(name: string): boolean {
  return /^(10|192\.168|172\.(1[6-9]|2\d|3[01]))\.[\d.]+$|^f[cd][\da-f]{2}:[\da-f:]+$/i.test(name);
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
