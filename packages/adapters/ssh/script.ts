/**
 * The one script that a node runs, the same bytes for every node and reading: no value is ever written into it. It only
 * reads. It must work in dash, busybox ash and bash from 4.2 (el7) on.
 *
 * Conversation (the node's lines begin at the margin):
 *
 *     clockwarden 1                        ready: whatever a login prints before is passed over
 *       MARKER auto|never                  frame marker; may sudo be tried
 *     clock perl                           how the clock is read; each program that takes over says so again
 *       1
 *     1 1700000000.123456789               the question's number, the clock
 *       end
 *     step mono M1 R M2                    see core/node-report/clock.ts
 *     timex 00…                            struct timex in hexadecimal
 *     MARKER SECTION … MARKER =STATUS      see core/node-report/report.ts
 */
import {
  askChronyVersion,
  configFileGlobs,
  daemonProcessNames,
  daemonUnits,
  unitProperties,
} from '@clockwarden/core/node-report';
import { perlFrame, shellFrame } from './frame.ts';

/** Lines of a file that are told. */
const MOST_LINES = 2000;

/** What `files` tells: this and the daemons' configuration. */
const surveyFiles = [
  '/etc/os-release',
  '/etc/timezone',
  '/proc/uptime',
  '/proc/sys/kernel/random/boot_id',
  '/proc/sys/kernel/osrelease',
  '/sys/devices/system/clocksource/clocksource0/current_clocksource',
  ...configFileGlobs,
].join(' \\\n    ');

/** How perl ends when it told everything, plus 1: systemd-timesyncd runs, plus 2: an ntpd runs. */
const PERL_TOLD = 40;

/**
 * Perl is on every Debian and Ubuntu and tells everything that needs no other program, so that one is started instead of
 * six: no module is loaded, the system calls are made by number, which depends on the machine that perl itself was built
 * for (e_machine of its ELF header: 62 x86-64, 183 arm64). Whatever fails ends it, and the next way is tried. Arguments: the
 * paths of `files`.
 */
const perlSurvey = `
open F, "</proc/self/exe" or exit 3;
binmode F;
read F, $h, 20;
close F;
($g, $a) = @{{62 => [228, 159], 183 => [113, 171]}->{unpack "x18v", $h} || exit 3};
sub t { my $b = "\\0" x 16; syscall($g, $_[0], $b) == 0 or exit 3; unpack "q2", $b }
sub n { my ($s, $n) = t($_[0]); sprintf "%d%09d", $s, $n }
t(0);
syswrite STDOUT, "clock perl\\n";
while (sysread STDIN, $l, 64) {
  ($s, $n) = t(0);
  chomp $l;
  last if $l eq "end";
  syswrite STDOUT, sprintf("%s %d.%09d\\n", $l, $s, $n);
}
$best = 1e18;
for (1 .. 5) {
  ($m, $r, $o) = (n(1), n(0), n(1));
  if ($o - $m < $best) { $best = $o - $m; $step = "step mono $m $r $o\\n" }
}
print $step;
$b = "\\0" x 256;
print "timex ", unpack("H*", substr $b, 0, 208), "\\n" if syscall($a, $b) >= 0;

${perlFrame}sub show {
  -f $_[0] and open F, "<", $_[0] or return;
  binmode F;
  for my $n (1 .. ${MOST_LINES}) {
    defined(my $line = <F>) or last;
    chomp $line;
    print "$_[0]:$line\\n";
  }
}
ran(0);
say("processes");
opendir D, "/proc" or exit 3;
for (sort { $a <=> $b } grep { /^\\d+$/ } readdir D) {
  open F, "<", "/proc/$_/comm" or next;
  defined($c = <F>) or next;
  chomp $c;
  $c =~ /^(?:${daemonProcessNames.join('|')})$/ or next;
  $told |= $c eq "systemd-timesyn" ? 1 : $c eq "ntpd" ? 2 : 0;
  $p = "/proc/$_";
  show("$p/$_") for "comm", "cmdline", "cgroup";
}
ran(-d "/proc/1" ? 0 : 1);
say("files");
show($_) for @ARGV;
ran(0);
say("readlink /etc/localtime");
$to = readlink "/etc/localtime";
print "$to\\n" if defined $to;
ran(defined $to ? 0 : 1);
say("test -e /etc/localtime");
ran(-e "/etc/localtime" ? 0 : 1);
say("date +%z");
$now = time;
@l = localtime $now;
@u = gmtime $now;
$east = 1440 * ($l[5] <=> $u[5] || $l[7] <=> $u[7]) + 60 * ($l[2] - $u[2]) + $l[1] - $u[1];
printf "%s%02d%02d\\n", $east < 0 ? "-" : "+", abs($east) / 60, abs($east) % 60;
ran(0);
exit(${PERL_TOLD} + $told);
`;

/** For Red Hat's kin, which have a Python for their package manager and often no perl. Python 2.7 and 3. */
const pythonClock = `
import binascii, os, time
ns = getattr(time, "time_ns", None) or (lambda: int(time.time() * 1e6) * 1000)
say = lambda text: os.write(1, (text + "\\n").encode())
say("clock python")
while True:
    line = os.read(0, 64)
    t = ns()
    line = line.decode().strip()
    if line in ("", "end"): break
    say("%s %d.%06d" % (line, t // 10**9, t % 10**9 // 1000))
try:
    mono = lambda: int(time.clock_gettime(time.CLOCK_MONOTONIC) * 1e6) * 1000
    m, r, o = min(((mono(), ns(), mono()) for i in range(5)), key=lambda x: x[2] - x[0])
    # Floating seconds: each of the three may be wrong by a microsecond.
    say("step mono %d %d %d" % (m - 2000, r, o + 2000))
except AttributeError: pass
try:
    import ctypes
    b = ctypes.create_string_buffer(256)
    if ctypes.CDLL(None).adjtimex(b) >= 0:
        say("timex " + binascii.hexlify(b.raw[:208]).decode())
except Exception: pass
`;

/** Without either: bash 5 knows the time by itself; any other shell asks date, a fork for each answer. */
const shellClock = `
if [ -n "$EPOCHREALTIME" ]; then
  now() { clock=$EPOCHREALTIME; }
else
  now() { clock=$(date +%s.%N); }
fi
answer() {
  echo 'clock shell'
  while read -r line; do
    now
    [ "$line" = end ] && break
    echo "$line $clock"
  done
  read -r up rest </proc/uptime
  now
  read -r up2 rest </proc/uptime
  echo "step boot $up $clock $up2"
}
`;

/**
 * One function, so that the shell has read all of it before it runs any: what follows on standard input is our side of
 * the conversation.
 */
export const nodeScript = `main() {
exec 2>/dev/null
PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
LANGUAGE=C
unset TZ GREP_OPTIONS GREP_COLORS
export PATH LC_ALL LANGUAGE
echo 'clockwarden 1'
read -r mark sudo || exit 0
${shellClock}
${shellFrame}# A daemon that hangs must not hang us: each question to one has five seconds. busybox before 1.30 wants -t.
guard=
limit() {
  has timeout || return
  if timeout 5 true; then guard='timeout 5'; elif timeout -t 5 true; then guard='timeout -t 5'; fi
}
run() {
  say "$*"
  $guard "$@" </dev/null
  ran
}

timesyncd=
ntpd=
told=
# Runs a program on the paths that 'files' tells: the shell expands them.
with_files() {
  "$@" ${surveyFiles}
}

say clock
export mark
has perl && with_files perl -e '${perlSurvey}'
case $? in
  ${PERL_TOLD}) told=1 ;;
  ${PERL_TOLD + 1}) told=1 timesyncd=1 ;;
  ${PERL_TOLD + 2}) told=1 ntpd=1 ;;
  ${PERL_TOLD + 3}) told=1 timesyncd=1 ntpd=1 ;;
esac
if [ ! "$told" ]; then
  {
    for python in python3 /usr/libexec/platform-python python; do
      has $python && $python -Sc '${pythonClock}' && break
    done
  } || {
    answer
    has adjtimex && { adjtimex --print || adjtimex; }
  }
  ran

  found=$(grep -slxE '${daemonProcessNames.join('|')}' /dev/null /proc/[0-9]*/comm)
  set --
  for comm in $found; do
    read -r name <$comm
    case $name in
      systemd-timesyn) timesyncd=1 ;;
      ntpd) ntpd=1 ;;
    esac
    set -- "$@" $comm \${comm%/comm}/cmdline \${comm%/comm}/cgroup
  done
  say processes
  grep -sHa '' /dev/null "$@"
  [ -d /proc/1 ]
  ran

  say files
  with_files grep -sHa -m ${MOST_LINES} '' /dev/null
  :
  ran

  say 'readlink /etc/localtime'
  [ -L /etc/localtime ] && readlink /etc/localtime
  ran
  say 'test -e /etc/localtime'
  [ -e /etc/localtime ]
  ran
  say 'date +%z'
  date +%z
  ran
fi

if [ -d /run/systemd/system ]; then
  limit
  say 'systemctl show'
  $guard systemctl show ${unitProperties.map((name) => `-p ${name}`).join(' ')} \\
    ${daemonUnits.join(' ')} </dev/null
  ran
  run timedatectl
  # Only where it runs: asking would start it.
  [ "$timesyncd" ] && run timedatectl show-timesync && run timedatectl timesync-status
fi

if has chronyc; then
  [ "$guard" ] || limit
  run ${askChronyVersion.join(' ')}
  if run chronyc -c -n tracking; then
    run chronyc -c -n sources
    run chronyc -c -N sources
    run chronyc -c -n sourcestats
    run chronyc -c activity
    # Only root may ask these, through the Unix socket. /proc/1 is root's.
    if [ -O /proc/1 ]; then
      run chronyc -c -n serverstats
      run chronyc -c -n ntpdata
      run chronyc -c -n selectdata
    elif [ "$sudo" = auto ] && has sudo; then
      run sudo -n chronyc -c -n serverstats && {
        run sudo -n chronyc -c -n ntpdata
        run sudo -n chronyc -c -n selectdata
      }
    fi
  fi
fi
if [ "$ntpd" ] && has ntpq; then
  [ "$guard" ] || limit
  run ntpq -n -c 'rv 0' && run ntpq -pn
fi
say end
ran
exit 0
}
main
`;
