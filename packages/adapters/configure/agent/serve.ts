/**
 * sh: the conversation with the operator, and the same work after a power cut. The node's lines begin at the margin:
 *
 *     clockwarden-agent 1                           ready
 *       hello MARK                                  marks every line of ours from now on
 *     MARK =…                                       what the node remembers
 *     MARK ok
 *       begin RUN OPERATOR DIGEST ACTIONS ORDER JOB-BYTES SCRIPT-BYTES take|wait, and that many bytes
 *       resume RUN OPERATOR|- SCRIPT-BYTES take|wait, and that many bytes
 *       do N · undo N · finish applied|rolled-back · bye
 *     MARK ok
 *     MARK no failed|refused|locked|gone REASON     REASON in Base64; of `locked`: OPERATOR RUN SINCE
 */
export const serve = `
# tell WORDS...: an answer. When nobody listens any more the next read says so.
tell() {
  printf '%s %s\\n' "$mark" "$*" >&3 2>/dev/null
}

# attempt COMMAND...: with its last words on stderr in $reason.
attempt() {
  reason=$("$@" 2>&1 >/dev/null)
}

tell_failure() {
  reason=$(printf '%s\\n' "$reason" | grep -v '^$' | tail -n 1)
  kind=failed
  case $reason in
    '@refused '* | '@no-run '* | '@run-exists '* | '@no-action '*) kind=refused ;;
  esac
  tell no $kind "$(printf %s "$reason" | base64 | tr -d '\\n')"
}

tell_locked() {
  if holder; then
    tell no locked "$lock_operator" "$lock_run" "$lock_since"
  else
    tell no gone
  fi
}

# action do|undo N: words of the action, from the job on this node.
action() {
  sed -n "s/^$1 $2 //p" "$state/runs/$run/job"
}

# carry_out do|undo WORDS: one action.
carry_out() {
  # Whatever a package's scripts create is for more than root.
  umask 022
  direction=$1
  shift
  case $1 in
    -) return 0 ;;
    fetch-packages | install-package | remove-package | configure-daemon | set-units | put-file | \\
      open-firewall | close-firewall | resync)
      perform=do_$1
      case $1 in *-*) perform=do_\${1%-*}_\${1#*-} ;; esac
      shift
      "$perform" "$@" </dev/null
      ;;
    *) because no-action "$1" ;;
  esac
}

# step do|undo N, journalled before and after. Answers.
step() {
  case $2 in
    *[!0-9]* | '' | ?????*) tell no refused "$(printf '@no-action %s' "$2" | base64)"; return ;;
  esac
  if ! owned; then
    tell_locked
    return
  fi
  words=$(action "$1" "$2")
  if [ -z "$words" ]; then
    tell no refused "$(printf '@no-action %s' "$2" | base64)"
    return
  fi
  index=$2
  # Once, for all actions: each of them is done in a process of its own.
  [ -n "$timeouts" ] || timeouts
  if [ "$1" = do ]; then first=begin; last=done; else first=undoing; last=undone; fi
  # What an action that has ended left behind: its removal may have been lost with the power.
  last_line "$state/runs/$run"
  case $last_line in
    "begin $2" | "undoing $2") ;;
    *) clear_away "$state/runs/$run/before.$2" ;;
  esac
  # The state from before the action, once the journal says how it ended.
  spent=
  failed=yes
  echo "$$ $mine_started" >"$state/busy"
  if attempt note "$first" "$2"; then
    if ! attempt carry_out "$1" $words; then
      # What could not be put back is left as begun: the journal must not call it whole.
      case $reason in
        *@half-done*) ;;
        *) [ "$1" = do ] && note failed "$2" 2>/dev/null && spent=$state/runs/$run/before.$2 ;;
      esac
    elif attempt note "$last" "$2"; then
      spent=$state/runs/$run/before.$2
      failed=
    fi
  fi
  rm -rf "$state/busy" $spent
  if [ -n "$failed" ]; then tell_failure; else tell ok; fi
}

# Answer to begin and resume, which return 2 for a lock that is another's.
opened() {
  case $1 in
    0) tell ok ;;
    2) tell_locked ;;
    *) reason=$(cat "$said"); tell_failure ;;
  esac
}

# What is said while variables of this shell are set: $() would lose them.
said() {
  [ "$said" != /dev/null ] || said=$(mktemp /run/clockwarden.XXXXXX) || said=/dev/null
}

serve() {
  exec 3>&1 >/dev/null 2>/dev/null
  printf 'clockwarden-agent 1\\n' >&3
  read -r word mark || return
  [ "$word" = hello ] || return
  memory "$mark =" >&3
  tell ok
  while read -r verb a b c d e f g h; do
    case $verb in
      begin)
        said
        begin "$a" "$b" "$c" "$d" "$e" "$f" "$g" "$h" 2>"$said"
        opened $?
        ;;
      resume)
        said
        resume "$a" "$b" "$c" "$d" 2>"$said"
        opened $?
        ;;
      do | undo) step "$verb" "$a" ;;
      finish)
        if ! owned; then
          tell_locked
        elif finish "$a" 2>"$said"; then
          tell ok
        else
          reason=$(cat "$said")
          tell_failure
        fi
        ;;
      *) break ;;
    esac
  done
  give_lock
  [ "$said" = /dev/null ] || rm -f "$said"
}

main() {
  trap '' HUP PIPE INT
  PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  LC_ALL=C
  LANGUAGE=C
  IFS=' 	
'
  unset TZ CDPATH GREP_OPTIONS GREP_COLORS MAIL ENV
  export PATH LC_ALL LANGUAGE
  set -f
  umask 022
  said=/dev/null
  mine=
  timeouts=
  case $1 in
    boot) recover ;;
    *) serve ;;
  esac
}
`;
