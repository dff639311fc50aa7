/** sh: what the node remembers of earlier runs, for the agent and for who only gathers facts. Reads, and writes nothing. */
export const memory = `
state=/var/lib/clockwarden

boot_id() {
  read -r boot </proc/sys/kernel/random/boot_id
}

# started PID: when it started, in ticks; two processes with the same pid differ in it.
started() {
  started=
  read -r stat 2>/dev/null <"/proc/$1/stat" || return 1
  # The name in the second field may contain anything.
  set -- \${stat##*) }
  started=\${20}
}

# holder: the lock's fields, when a living agent holds it.
holder() {
  seen=$(readlink "$state/lock") || return 1
  oldifs=$IFS
  IFS=.
  set -- $seen
  IFS=$oldifs
  lock_operator=$1
  lock_run=$2
  lock_since=$3
  boot_id
  [ "$4" = "$boot" ] && started "$5" && [ "$started" = "$6" ]
}

# runs: their directories.
runs() {
  set +f
  echo "$state/runs/"*
}

# memory [MARK]: what core/configure/remembered.ts reads, each line behind the mark. Built-ins alone: there may be many runs.
memory() {
  [ -d "$state/runs" ] || return 0
  holder && echo "$1lock $lock_operator $lock_run $lock_since"
  for one in $(runs); do
    case \${one##*/} in
      *[!0-9A-Za-z-]*) continue ;;
    esac
    read -r head 2>/dev/null <"$one/head" || continue
    echo "$1run \${one##*/} $head"
    while read -r line || [ -n "$line" ]; do
      echo "$1$line"
    done 2>/dev/null <"$one/journal"
    echo "$1"
  done
}
`;
