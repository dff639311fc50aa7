/** sh: time daemons: what their own parser says, and whether they run. `systemctl is-active` alone is not enough. */
export const daemons = `
# look UNIT: into $id, $load, $active, $enabled, $masked, $pid. A unit that is gone is inactive, disabled and not masked.
look() {
  shown=$(systemctl show -p Id -p LoadState -p ActiveState -p UnitFileState -p MainPID "$1" 2>/dev/null)
  id=$1
  load=not-found
  active=no
  unit_file=
  pid=0
  while IFS='=' read -r name rest; do
    case $name in
      Id) id=$rest ;;
      LoadState) load=$rest ;;
      MainPID) pid=$rest ;;
      UnitFileState) unit_file=$rest ;;
      # Compared whole: "inactive" contains "active".
      ActiveState) case $rest in active | reloading | activating) active=yes ;; esac ;;
    esac
  done <<END
$shown
END
  enabled=no
  masked=no
  case $unit_file in
    enabled | enabled-runtime | linked | linked-runtime) enabled=yes ;;
    masked | masked-runtime) masked=yes ;;
    # A SysV script, or an alias: only is-enabled knows.
    generated | alias | '') [ "$load" = loaded ] && [ "$(systemctl is-enabled "$1" 2>/dev/null)" = enabled ] && enabled=yes ;;
  esac
  [ "$load" != masked ] || masked=yes
}

daemon_of() {
  case $1 in
    chrony.service | chronyd.service) echo chronyd ;;
    systemd-timesyncd.service) echo systemd-timesyncd ;;
  esac
}

# answers DAEMON: does it say anything sensible when it is asked?
answers() {
  case $1 in
    chronyd) has chronyc || return 0; within 5 chronyc -n tracking >/dev/null 2>&1 ;;
    *) ;;
  esac
}

# comes_up DAEMON UNIT: runs, and answers; one that cannot be asked is one process for two seconds. Else its own last words.
# A chronyd that answers has read its configuration and opened its sockets; if it dies later, the verification sees it.
comes_up() {
  uptime_seconds
  end=$((uptime + 25))
  seen=
  since=$uptime
  while :; do
    look "$2"
    uptime_seconds
    if [ "$active" = no ]; then
      last_words "$2"
      return 1
    fi
    if [ "$1" = chronyd ] && [ "$pid" != 0 ] && has chronyc && answers chronyd; then
      return 0
    elif [ "$pid" = 0 ] || [ "$pid" != "$seen" ]; then
      seen=$pid
      since=$uptime
    elif [ $((uptime - since)) -ge 2 ] && answers "$1"; then
      return 0
    fi
    if [ "$uptime" -ge $end ]; then
      last_words "$2"
      return 1
    fi
    nap
  done
}

# last_words UNIT: what the daemon itself said last, not what systemd says of it.
last_words() {
  words=
  if has journalctl; then
    words=$(within 10 journalctl -q -b -o cat --no-pager -n 1 _SYSTEMD_UNIT="$1" 2>/dev/null | tail -n 1)
    [ -n "$words" ] || words=$(within 10 journalctl -q -b -o cat --no-pager -n 1 -u "$1" 2>/dev/null | tail -n 1)
  fi
  because not-running "$1" "$words"
}

# restart DAEMON UNIT
restart() {
  if within 120 systemctl restart "$2" 2>/dev/null; then
    comes_up "$1" "$2"
  else
    last_words "$2"
  fi
}

# parser_accepts FILE NAME: what chronyd says of a configuration. -p reads it and what it includes, and touches nothing; before 4.0
# there is only -Q, which would go on to measure.
parser_accepts() {
  said=$(within 20 chronyd -p -f "$1" 2>&1 >/dev/null) && return
  case $said in
    *'invalid option'* | *'unrecognized option'* | *Usage:* | *usage:*)
      said=$(within 10 chronyd -Q -t 1 -f "$1" 2>&1)
      said=$(printf '%s\\n' "$said" | grep -E 'Could not parse|Invalid|Missing|at line [0-9]+ in file' | head -n 1)
      [ -n "$said" ] || return 0
      ;;
  esac
  # By the name that people know.
  case $said in
    *"$1"*) said=\${said%%"$1"*}$2\${said#*"$1"} ;;
  esac
  because not-accepted "$2" "$(printf '%s\\n' "$said" | grep -v '^$' | tail -n 1)"
}

# timemaster_accepts FILE NAME: -n prints what it would start. ptp4l has nothing of the kind.
timemaster_accepts() {
  said=$(within 20 timemaster -n -f "$1" 2>&1 >/dev/null) || because not-accepted "$2" "$(printf '%s\\n' "$said" | tail -n 1)"
}

# tried PROGRAM COMMAND PATH CONTENT: COMMAND with a file of that content, of which nothing stays.
tried() {
  has "$1" || because no-daemon "$1" || return 1
  room_for "$3" || return 1
  trial=$(mktemp -d "\${3%/*}/.clockwarden.XXXXXX" 2>&1) || why_not "$3" "$trial" || return 1
  out=$( { plain "$4" >"$trial/candidate.conf"; } 2>&1) || why_not "$3" "$out" || { rm -rf "$trial"; return 1; }
  "$2" "$trial/candidate.conf" "$3"
  accepted=$?
  rm -rf "$trial"
  return $accepted
}

# candidate PATH CONTENT: the file as it would be, before it is there. It lies beside the real one: AppArmor lets chronyd
# read below /etc/chrony, and hardly anywhere else.
candidate() {
  case $1 in
    */chrony.conf) tried chronyd parser_accepts "$@" ;;
    */timemaster.conf) tried timemaster timemaster_accepts "$@" ;;
    */timesyncd.conf | */timesyncd.conf.d/*)
      # timesyncd has no checker, and ignores what it does not know.
      bad=$(plain "$2" | grep -nvE '^[[:space:]]*([#;].*)?$|^\\[Time\\][[:space:]]*$|^(NTP|FallbackNTP|RootDistanceMaxSec|PollIntervalMinSec|PollIntervalMaxSec|ConnectionRetrySec|SaveIntervalSec)=' | head -n 1)
      [ -z "$bad" ] || because not-accepted "$1" "$bad"
      ;;
  esac
}

# keep_before PATH...: as they are now, once for an action: when it is done again after a cut, the first is the truth.
keep_before() {
  before=$state/runs/$run/before.$index
  [ ! -d "$before" ] || return 0
  clear_away "$before.new"
  out=$(mkdir -p "$before.new" 2>&1) || why_not "$state" "$out" || return 1
  for one; do
    copy_of "$one" "$before.new" || return 1
  done
  echo "$was_active" >"$before.new/was_active"
  out=$(mv "$before.new" "$before" 2>&1) || why_not "$state" "$out" || return 1
  flushed "\${before%/*}"
}

# each_file COMMAND WORDS...: COMMAND with each six words.
each_file() {
  command=$1
  shift
  while [ $# -gt 0 ]; do
    [ $# -ge 6 ] || because refused words $# || return 1
    "$command" "$1" "$2" "$3" "$4" "$5" "$6" || return 1
    shift 6
  done
}

check_candidate() {
  check_file "$@" || return 1
  [ "$kind" != file ] || candidate "$path" "$6"
}

path_of() {
  check_file "$@" || return 1
  paths="$paths $path"
}

# do_configure_daemon DAEMON UNIT, then six words a file. All of it or nothing.
do_configure_daemon() {
  take daemon "$1" || return 1
  daemon=$value
  take unit "$2" || return 1
  unit=$value
  shift 2
  paths=
  each_file path_of "$@" || return 1
  # What was there before may be wrong as well, and is put back all the same.
  [ "$direction" = undo ] || each_file check_candidate "$@" || return 1
  look "$unit"
  was_active=$active
  keep_before $paths || return 1
  # After a cut it may be down because of the very files that were being written.
  read -r was_active <"$before/was_active"
  if each_file place "$@" && whole_accepted && { [ $was_active = no ] || restart "$daemon" "$unit"; }; then
    return 0
  fi
  put_back $paths
  return 1
}

# whole_accepted: with everything it includes as it is now.
whole_accepted() {
  [ "$direction" = do ] || return 0
  case $unit in
    chrony.service) one=/etc/chrony/chrony.conf ;;
    chronyd.service) one=/etc/chrony.conf ;;
    *) return 0 ;;
  esac
  [ ! -f "$one" ] || parser_accepts "$one" "$one"
}

put_back() {
  failed=
  for one; do
    back "$one" "$before" || failed=yes
  done
  if [ $was_active = yes ]; then
    restart "$daemon" "$unit" 2>/dev/null || failed=yes
  fi
  [ -z "$failed" ] || because half-done "$unit"
}

# do_resync DAEMON UNIT: the daemon measures now, and corrects by what it finds. We never set a clock.
do_resync() {
  take daemon "$1" || return 1
  daemon=$value
  take unit "$2" || return 1
  unit=$value
  look "$unit"
  [ $active = yes ] || because not-running "$unit" || return 1
  case $daemon in
    chronyd) burst_and_step ;;
    *) restart "$daemon" "$unit" ;;
  esac
}

burst_and_step() {
  said=$(within 5 chronyc burst 4/4 2>&1) || because chronyc "$said" || return 1
  uptime_seconds
  end=$((uptime + 30))
  # Until no source is asked in quick succession any more.
  while sleep 1; do
    within 5 chronyc activity 2>/dev/null | grep -q '^0 sources doing burst (return to online)' && break
    uptime_seconds
    [ "$uptime" -lt $end ] || break
  done
  said=$(within 5 chronyc makestep 2>&1) || because chronyc "$said" || return 1
  # A step sets STA_UNSYNC; the next correction clears it, which would come with the next poll only, up to minutes later.
  within 5 chronyc burst 4/4 >/dev/null 2>&1
  answers chronyd || last_words "$unit"
}
`;
