/**
 * sh: what the node remembers, under /var/lib/clockwarden (0700).
 *
 *     lock              a symbolic link, made in one step, whose target is `OPERATOR.RUN.SINCE.BOOT.PID.STARTED`
 *     busy              pid of the agent that performs an action just now
 *     pristine/         the first state ever of each path touched (`/` written as %); NAME.absent: it was not there
 *     packages/         what was fetched, and what was installed with it
 *     runs/ID/          head: OPERATOR SINCE DIGEST ACTIONS ORDER; job; journal; before.N: the state before action N, while it is under way
 *     history           a line for each run that was ended
 *     agent.sh          this script, while a run is unfinished
 */
export const state = `
# why_not FILE TEXT: the cause of a write that failed.
why_not() {
  case $2 in
    *'No space left'* | *'Disk quota'*) because disk-full "$1" ;;
    *'Read-only file system'*) because read-only "$1" ;;
    *) because cannot-write "$1" "$2" ;;
  esac
}

# flushed PATH...: on the disk, not only in memory. Older syncs take no name and flush everything.
flushed() {
  sync "$@" 2>/dev/null || sync
}

# note LINE: into the journal of the run.
note() {
  out=$( { echo "$*" >>"$state/runs/$run/journal"; } 2>&1) || why_not "$state" "$out" || return 1
  flushed "$state/runs/$run/journal"
}

# replace_lock: whoever held it finds that it is another's.
replace_lock() {
  rm -f "$state/lock.new"
  out=$(ln -s -- "$mine" "$state/lock.new" 2>&1) || why_not "$state" "$out" || return 1
  over "$state/lock.new" "$state/lock"
}

# "the node itself, after a power cut"
boot_operator=dGhlIG5vZGUgaXRzZWxmLCBhZnRlciBhIHBvd2VyIGN1dA==

# take_lock OPERATOR RUN take|wait: 0: ours, 2: another's.
take_lock() {
  boot_id
  started $$
  mine_started=$started
  since=$(date +%s)
  mine=$1.$2.$since.$boot.$$.$started
  tries=0
  while ! ln -s -- "$mine" "$state/lock" 2>/dev/null; do
    if ! holder; then
      [ -L "$state/lock" ] || { out=$(ln -s -- "$mine" "$state/lock" 2>&1) || why_not "$state" "$out" || return 1; }
      replace_lock || return 1
    elif [ "$3" = take ]; then
      replace_lock && unbusy && return
      return 2
    # Our own login from before, which the node has not found dead: it does nothing and waits for words that never come.
    elif [ "$lock_operator.$lock_run" = "$1.$2" ] && ! is_busy; then
      replace_lock || return 1
    # At boot the node itself ends what was cut; that takes its time and then is over.
    elif [ "$lock_operator" = "$boot_operator" ] && [ $tries -lt 600 ]; then
      tries=$((tries + 1))
      nap
    else
      return 2
    fi
    owned && return
  done
}

# is_busy: is a living agent in the middle of an action?
is_busy() {
  read -r pid tick 2>/dev/null <"$state/busy" && started "$pid" && [ "$started" = "$tick" ]
}

# unbusy: waits for the action that another agent is in the middle of.
unbusy() {
  uptime_seconds
  end=$((uptime + 300))
  while is_busy; do
    uptime_seconds
    [ "$uptime" -lt $end ] || return 1
    nap
  done
}

owned() {
  [ -n "$mine" ] && [ "$(readlink "$state/lock")" = "$mine" ]
}

give_lock() {
  owned && rm -f "$state/lock"
  mine=
}

is_run() {
  case $1 in
    *[!0-9A-Za-z-]* | -* | '') return 1 ;;
  esac
  [ \${#1} -le 40 ]
}

# begin RUN OPERATOR DIGEST ACTIONS ORDER JOB-BYTES SCRIPT-BYTES take|wait, then the job and this script on standard input.
begin() {
  umask 077
  is_run "$1" || because refused run "$1" || return 1
  new=$state/new.$$
  clear_away "$new"
  out=$(mkdir -p "$state/runs" "$state/pristine" "$state/packages" "$new" 2>&1) || why_not "$state" "$out" || return 1
  head -c "$6" >"$new/job"
  head -c "$7" >"$new/agent.sh"
  digest=$(sha256sum <"$new/job")
  if [ "\${digest%% *}" != "$3" ]; then
    rm -rf "$new"
    # Either the login died, and nobody hears this, or it could not be written.
    because disk-full "$state"
    return 1
  fi
  if [ -e "$state/runs/$1" ]; then
    rm -rf "$new"
    because run-exists "$1"
    return 1
  fi
  take_lock "$2" "$1" "$8"
  got=$?
  if [ $got != 0 ]; then
    rm -rf "$new"
    return $got
  fi
  keep_run "$@" && return
  rm -rf "$new"
  give_lock
  return 1
}

# keep_run: as begin. The run exists from the moment its directory has its name.
keep_run() {
  for one in $(set +f; echo "$state/"new.*); do
    [ "$one" = "$new" ] || clear_away "$one"
  done
  out=$( { echo "$2 $since $3 $4 $5" >"$new/head" && : >"$new/journal"; } 2>&1) || why_not "$state" "$out" || return 1
  over "$new/agent.sh" "$state/agent.sh" || return 1
  flushed "$new/head" "$new/job" "$new/journal" "$state/agent.sh"
  at_boot || return 1
  out=$(mv "$new" "$state/runs/$1" 2>&1) || why_not "$state" "$out" || return 1
  flushed "$state/runs"
  run=$1
}

# resume RUN OPERATOR|- SCRIPT-BYTES take|wait, then this script on standard input.
resume() {
  umask 077
  new=/dev/null
  if is_run "$1" && [ -f "$state/runs/$1/head" ]; then new=$state/new.$$; fi
  head -c "$3" >"$new"
  [ "$new" != /dev/null ] || because no-run "$1" || return 1
  read -r who rest <"$state/runs/$1/head"
  [ "$2" = - ] || who=$2
  if [ "$(wc -c <"$new")" != "$3" ]; then
    rm -f "$new"
    because disk-full "$state"
    return 1
  fi
  take_lock "$who" "$1" "$4"
  got=$?
  if [ $got != 0 ]; then
    rm -f "$new"
    return $got
  fi
  over "$new" "$state/agent.sh" && flushed "$state/agent.sh"
  run=$1
  # A last line that a power cut left half written must not swallow the next.
  [ -z "$(tail -c 1 "$state/runs/$run/journal")" ] || echo >>"$state/runs/$run/journal"
  last_line "$state/runs/$run"
  case $last_line in
    applied | rolled-back) note resumed ;;
  esac && at_boot && return
  give_lock
  return 1
}

# finish applied|rolled-back
finish() {
  read -r head <"$state/runs/$run/head"
  note "$1" || return 1
  echo "$run $1 $(date +%s) $head" >>"$state/history"
  unfinished || not_at_boot
  give_lock
}

# last_line RUN-DIRECTORY: of its journal, into $last_line.
last_line() {
  last_line=
  while read -r line || [ -n "$line" ]; do
    last_line=$line
  done 2>/dev/null <"$1/journal"
}

# unfinished: is there a run that was begun and not ended?
unfinished() {
  for one in $(runs); do
    last_line "$one"
    case $last_line in
      applied | rolled-back) ;;
      *) return 0 ;;
    esac
  done
  return 1
}
`;
