/**
 * The one script that gathers what a plan must know, the same bytes for every node. It only reads: the package lists it
 * asks are those the node has already. dash, busybox ash and bash from 4.2 on. Frame: core/node-report/report.ts.
 *
 *     clockwarden-facts 1      ready
 *       MARKER root|sudo|none  frame marker; how this shell came to be
 */
import { clockUnits, plannedPaths, ptpUnits, timePackages } from '@clockwarden/core/configure';
import { unitProperties } from '@clockwarden/core/node-report';
import { memory } from './agent/memory.ts';
import { firewallFacts } from './facts-firewall.ts';

/** Where cron looks; the last two are root's only. */
const crontabs = [
  '/etc/crontab',
  '/etc/cron.d/*',
  '/etc/cron.hourly/*',
  '/etc/cron.daily/*',
  '/etc/cron.weekly/*',
  '/etc/cron.monthly/*',
  '/var/spool/cron/crontabs/*',
  '/var/spool/cron/*',
];

/** Sources beside the daemon's own file: drop-ins, DHCP's for chrony, DHCP's for timesyncd. */
const otherSources = [
  '/etc/chrony/conf.d/*.conf',
  '/etc/chrony/sources.d/*.sources',
  '/etc/chrony.d/*.conf',
  '/run/chrony-dhcp/*.sources',
  '/var/lib/dhclient/chrony.servers.*',
  '/var/lib/dhcp/chrony.servers.*',
  '/run/systemd/netif/state',
];

export const factsScript = `main() {
exec 2>/dev/null
PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
echo 'clockwarden-facts 1'
read -r mark privilege || exit 0
say() {
  printf '\\n%s %s\\n' "$mark" "$1"
}
ran() {
  status=$?
  printf '\\n%s =%s\\n' "$mark" "$status"
}
has() {
  command -v "$1" >/dev/null
}
say privilege
echo "$privilege"
ran
say os
cat /etc/os-release
ran
say systemd
[ -d /run/systemd/system ]
ran
say units
systemctl show ${unitProperties.map((name) => `-p ${name}`).join(' ')} ${clockUnits.join(' ')} ${ptpUnits.map((unit) => `'${unit}'`).join(' ')} </dev/null
ran

say manager
for manager in apt-get:apt dnf:dnf yum:yum; do
  has \${manager%:*} && echo \${manager#*:} && break
done
ran
if has dpkg-query; then
  say installed
  dpkg-query -W -f '\${Package} \${Version} \${db:Status-Status}\\n' ${timePackages.join(' ')}
  :
  ran
  say candidates
  apt-cache policy ${timePackages.join(' ')} </dev/null
  ran
elif has rpm; then
  say installed
  rpm -q --qf '%{NAME} %{VERSION}-%{RELEASE}\\n' ${timePackages.join(' ')} | grep -v 'not installed'
  :
  ran
  say available
  { dnf -C -q repoquery --qf '%{name} %{version}-%{release}' chrony linuxptp || yum -C -q list available chrony linuxptp | sed -n 's/^\\(chrony\\|linuxptp\\)[^ ]*  *\\([^ ]*\\).*/\\1 \\2/p'; } </dev/null
  ran
fi

# One line a path, names and bytes in Base64: no content can pose as another line.
show() {
  name=\${2:-$(printf %s "$1" | base64 | tr -d '\\n')}
  if [ -L "$1" ]; then
    echo "link $name $(readlink "$1" | tr -d '\\n' | base64 | tr -d '\\n')"
  elif [ ! -e "$1" ]; then
    echo "absent $name"
  elif [ ! -f "$1" ]; then
    echo "other $name a $(stat -c %F "$1")"
  elif [ "$(stat -c %s "$1")" -gt 262144 ]; then
    echo "other $name larger than 256 KiB"
  elif content=$(base64 "$1"); then
    echo "file $name $(stat -c '%a %U %G' "$1") $(echo "$content" | tr -d '\\n')"
  else
    echo "other $name not readable"
  fi
}
say files
${plannedPaths.map((path) => `show ${path} ${Buffer.from(path).toString('base64')}`).join('\n')}
ran
say crontabs
grep -lsE 'ntpdate|ntpdig|rdate|sntp|date|hwclock|chronyd|ntpd' ${crontabs.join(' ')} /dev/null | while read -r path; do
  show "$path"
done
ran
${firewallFacts}${memory}say memory
[ "$privilege" != none ] && memory
ran
say processes
cat /proc/[0-9]*/comm
:
ran

# Built-ins alone: a program started costs more than all of this.
say machine
for clock in /sys/class/net/*/device/ptp/ptp*; do
  [ -e "$clock" ] && printf 'clock %s\\n' "$clock"
done
for clock in /dev/ptp_hyperv /dev/ptp_kvm; do
  [ -e $clock ] && echo "host $clock"
done
[ -r /run/systemd/container ] && read -r kind </run/systemd/container && printf 'container %s\\n' "$kind"
[ -e /.dockerenv ] && echo 'container docker'
[ -e /run/.containerenv ] && echo 'container podman'
[ -e /usr/share/zoneinfo/right/UTC ] && echo 'leap right'
[ -e /usr/share/zoneinfo/leap-seconds.list ] && echo 'leap list'
has vmware-toolbox-cmd && printf 'vmware %s\\n' "$(vmware-toolbox-cmd timesync status </dev/null)"
:
ran
say other-sources
for file in ${otherSources.join(' ')}; do
  [ -r "$file" ] || continue
  printf 'file %s\\n' "$file"
  while read -r line || [ -n "$line" ]; do
    printf 'line %s\\n' "$line"
  done <"$file"
done
:
ran
say end
ran
exit 0
}
main
`;
