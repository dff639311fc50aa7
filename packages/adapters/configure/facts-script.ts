/**
 * The one script that gathers what a plan must know, the same bytes for every node. It only reads: the package lists it
 * asks are those the node has already. dash, busybox ash and bash from 4.2 on. Frame: core/node-report/report.ts.
 *
 *     clockwarden-facts 1                 ready
 *       MARKER root|sudo|none PACKAGE...  frame marker; how this shell came to be; what may have to be installed
 */
import { clockUnits, plannedPaths, ptpUnits, timePackages } from '@clockwarden/core/configure';
import { unitProperties } from '@clockwarden/core/node-report';
import { perlFrame, shellFrame } from '../ssh/index.ts';
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

/** What is looked for in crontabs, as an extended regular expression that perl reads alike. */
const clockWords = 'ntpdate|ntpdig|rdate|sntp|date|hwclock|chronyd|ntpd';

/** Larger files are not brought over. */
const MOST_BYTES = 262_144;

/**
 * Every Debian and Ubuntu has perl: one program, without any module, for what takes the shell a program or more for each
 * file. It prints the same as the shell, which does it over again where this fails. Arguments: the crontabs.
 */
const perlFiles = `
${perlFrame}# uuencode has the same six bits a character, lines of its own, and no mark at the end.
sub base64 {
  my $text = pack "u63", $_[0];
  $text =~ s/^.//gm;
  $text =~ tr|\\n||d;
  $text =~ tr|\\x60 -_|AA-Za-z0-9+/|;
  my $short = -length($_[0]) % 3;
  substr($text, -$short) = "=" x $short if $short;
  $text;
}
sub show {
  my $name = base64($_[0]);
  my @stat = lstat $_[0];
  if (-l _) {
    (my $to = readlink $_[0]) =~ tr|\\n||d;
    print "link $name ", base64($to), "\\n";
  } elsif (!@stat) {
    print "absent $name\\n";
  } elsif (!-f _) {
    print "other $name a ", -d _ ? "directory" : -p _ ? "fifo" : -S _ ? "socket" : -b _ ? "block special file" : "character special file", "\\n";
  } elsif ($stat[7] > ${MOST_BYTES}) {
    print "other $name larger than 256 KiB\\n";
  } elsif (open F, "<", $_[0]) {
    local $/;
    printf "file $name %o %s %s %s\\n", $stat[2] & 07777, scalar getpwuid $stat[4] || "UNKNOWN", scalar getgrgid $stat[5] || "UNKNOWN", base64(scalar <F>);
  } else {
    print "other $name not readable\\n";
  }
}
say("os");
open F, "<", "/etc/os-release" and print <F>;
ran(0);
say("processes");
opendir D, "/proc" or exit 1;
for (grep /^\\d/, readdir D) {
  open F, "<", "/proc/$_/comm" and print <F>;
}
ran(0);
say("files");
show($_) for qw(${plannedPaths.join(' ')});
ran(0);
say("crontabs");
for my $path (@ARGV) {
  -f $path && open F, "<", $path or next;
  while (<F>) {
    /${clockWords}/ or next;
    show($path);
    last;
  }
}
ran(0);
`;

export const factsScript = `main() {
exec 2>/dev/null
PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
echo 'clockwarden-facts 1'
read -r mark privilege wanted || exit 0
${shellFrame}say privilege
echo "$privilege"
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
found=
if has dpkg-query; then
  found=$(dpkg-query -W -f '\${Package} \${Version} \${db:Status-Status}\\n' ${timePackages.join(' ')})
elif has rpm; then
  found=$(rpm -q --qf '%{NAME} %{VERSION}-%{RELEASE} installed\\n' ${timePackages.join(' ')} | grep -v 'not installed')
fi
say installed
echo "$found"
ran
# What could be installed takes longer to ask than everything else, and matters only for what is not.
there=' '
while read -r name version status; do
  [ "$status" = installed ] && there="$there$name "
done <<END
$found
END
missing=
for name in $wanted; do
  case $there in
    *" $name "*) ;;
    *) missing="$missing $name" ;;
  esac
done
if [ -z "$missing" ]; then
  :
elif has dpkg-query; then
  say candidates
  apt-cache policy $missing </dev/null
  ran
elif has rpm; then
  say available
  { dnf -C -q repoquery --qf '%{name} %{version}-%{release}' $missing || yum -C -q list available $missing | sed -n 's/^\\([a-z-]*\\)\\.[^ ]*  *\\([^ ]*\\).*/\\1 \\2/p'; } </dev/null
  ran
fi

# The shell's own way to the same. One line a path, names and bytes in Base64: no content can pose as another line.
show() {
  name=\${2:-$(printf %s "$1" | base64 | tr -d '\\n')}
  if [ -L "$1" ]; then
    echo "link $name $(readlink "$1" | tr -d '\\n' | base64 | tr -d '\\n')"
  elif [ ! -e "$1" ]; then
    echo "absent $name"
  elif [ ! -f "$1" ]; then
    echo "other $name a $(stat -c %F "$1")"
  elif [ "$(stat -c %s "$1")" -gt ${MOST_BYTES} ]; then
    echo "other $name larger than 256 KiB"
  elif content=$(base64 "$1"); then
    echo "file $name $(stat -c '%a %U %G' "$1") $(echo "$content" | tr -d '\\n')"
  else
    echo "other $name not readable"
  fi
}
files() {
  say os
  cat /etc/os-release
  ran
  say processes
  cat /proc/[0-9]*/comm
  :
  ran
  say files
${plannedPaths.map((path) => `  show ${path} ${Buffer.from(path).toString('base64')}`).join('\n')}
  ran
  say crontabs
  grep -lsE '${clockWords}' "$@" /dev/null | while read -r path; do
    show "$path"
  done
  ran
}
set -- ${crontabs.join(' ')}
{ has perl && mark=$mark perl -e '${perlFiles}' "$@"; } || files "$@"
${firewallFacts}${memory}say memory
[ "$privilege" != none ] && memory
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
