/** Everything of a node that configuring may touch, to the byte: what a rollback must bring back. */
import type { TestLab } from '@clockwarden/lab/testing';

/**
 * One line per thing. Left out of /etc: what package managers and boots write by themselves (caches, backups that
 * `adduser` keeps, and its draft if the power was cut), never anything that Clockwarden writes.
 */
const script = `
cd /
find etc var/spool/cron -xdev ! -name ld.so.cache ! -name '*-' ! -name '*+' ! -name .updated ! -name .pwd.lock ! -name adjtime \\
  \\( -type f -o -type l -o -type d \\) -printf '%p %y %m %u:%g %l\\n' | LC_ALL=C sort
find etc var/spool/cron -xdev -type f ! -name ld.so.cache ! -name '*-' ! -name '*+' ! -name .updated ! -name .pwd.lock ! -name adjtime \\
  -exec sha256sum {} + | sed 's/^/sha256 /' | LC_ALL=C sort -k 3
if command -v dpkg-query >/dev/null; then
  dpkg-query -W -f 'package \${Package} \${Version} \${db:Status-Status}\\n' | LC_ALL=C sort
fi
if command -v rpm >/dev/null; then
  rpm -qa --qf 'package %{NAME} %{VERSION}-%{RELEASE}\\n' | LC_ALL=C sort
fi
for unit in chrony chronyd systemd-timesyncd ntpsec ntp ntpd openntpd; do
  echo "unit $unit $(systemctl is-enabled $unit.service 2>/dev/null) $(systemctl is-active $unit.service)"
done
# rules NAME: what is printed there; its sum holds the order, and what is there twice.
rules() {
  printed=$(cat)
  printf '%s\\n' "$printed" | sed "s/^/$1 /"
  echo "$1 $(printf '%s' "$printed" | sha256sum)"
}
for tables in iptables ip6tables; do
  command -v $tables-save >/dev/null && $tables-save 2>/dev/null | grep '^[-:]' | sed 's/ \\[.*//' | rules $tables
done
command -v nft >/dev/null && nft -s list ruleset | rules nft
command -v ufw >/dev/null && ufw status verbose | rules ufw
if command -v firewall-cmd >/dev/null && systemctl -q is-active firewalld; then
  firewall-cmd --list-all-zones | rules firewalld
  firewall-cmd --permanent --list-all-zones | rules firewalld-permanent
fi
true
`;

export async function nodeState(lab: TestLab, node: string): Promise<readonly string[]> {
  const outcome = await lab.on(node, script);
  if (outcome.code !== 0) throw new Error(`${node}: ${outcome.stderr}`);
  return outcome.stdout.trimEnd().split('\n');
}

/** Time daemons that run now, by unit. */
export async function runningDaemons(lab: TestLab, node: string): Promise<readonly string[]> {
  const units = ['chrony', 'systemd-timesyncd', 'ntpsec', 'openntpd', 'chronyd', 'ntpd'];
  const outcome = await lab.on(
    node,
    `for unit in ${units.join(' ')}; do systemctl show -p Id -p ActiveState $unit.service | tr '\\n' ' '; echo; done`,
  );
  const active = outcome.stdout.split('\n').flatMap((line) => {
    const id = /Id=(\S+)/.exec(line)?.[1];
    return id !== undefined && line.includes('ActiveState=active') ? [id] : [];
  });
  return [...new Set(active)];
}

/** What differs, as lines of a diff; empty: the node is what it was. */
export function differences(before: readonly string[], after: readonly string[]): readonly string[] {
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
  ];
}
