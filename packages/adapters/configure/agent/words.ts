/** sh: what came over the wire, decoded and checked before anything is done with it. No value is run, expanded or split. */
import { clockUnits, plannedPaths, timePackages } from '@clockwarden/core/configure';

/** Words of nearly every action; to decode another takes four processes. */
const known: readonly string[] = [
  ...['yes', 'no', 'file', 'link', 'absent', 'root', '644', '640', '755'],
  ...['chronyd', 'systemd-timesyncd', ...timePackages, ...clockUnits, ...plannedPaths],
];

const knownWords = [...new Set(known)]
  .map((value) => `    ${Buffer.from(value).toString('base64')}) value=${value}. ;;`)
  .join('\n');

export const words = `
has() {
  command -v "$1" >/dev/null 2>&1
}

# because CODE [DETAIL]: the one line that says why an action is not done. reasons.ts has the sentences.
because() {
  code=$1
  shift
  printf '@%s %s\\n' "$code" "$(printf %s "$*" | tr '\\n\\t' '  ')" >&2
  return 1
}

# plain WORD: the value of a word.
plain() {
  [ "$1" = - ] || printf %s "$1" | base64 -d
}

# take KIND WORD: the value into $value, when it is one of that kind.
take() {
  case $2 in
    - | *[!A-Za-z0-9+/=]* | '') value=. ;;
${knownWords}
    # The dot keeps line feeds at the end, which $() would cut off; it would leave out zero bytes as well.
    *) value=$({ plain "$2" | tr '\\000' '\\001'; echo .; } 2>/dev/null) ;;
  esac
  value=\${value%.}
  [ \${#value} -le 4000 ] && "is_$1" "$value" || because refused "$1" "$2"
}

# Each pattern is anchored by case: the whole value.
is_package() {
  case $1 in
    *[!A-Za-z0-9+._-]* | [!A-Za-z0-9]* | '') return 1 ;;
  esac
}
is_unit() {
  case $1 in
    *[!A-Za-z0-9:_.@-]* | [!A-Za-z0-9_]* | *..*) return 1 ;;
    *?.service | *?.timer | *?.socket) ;;
    *) return 1 ;;
  esac
}
# Where time is configured, and nowhere else.
is_path() {
  case $1 in
    *[!A-Za-z0-9:_.@+~/-]* | */ | *//* | */./* | */../* | */. | */..) return 1 ;;
    /etc/?* | /var/spool/cron/?*) ;;
    *) return 1 ;;
  esac
}
is_target() {
  case $1 in
    *[!A-Za-z0-9:_.@+~/-]* | -* | '') return 1 ;;
  esac
}
is_mode() {
  case $1 in
    *[!0-7]*) return 1 ;;
    ? | ?? | ??? | ????) ;;
    *) return 1 ;;
  esac
}
is_account() {
  case $1 in
    *[!A-Za-z0-9_.-]* | [!A-Za-z0-9_]* | '' | UNKNOWN) return 1 ;;
  esac
}
is_daemon() {
  case $1 in
    chronyd | systemd-timesyncd | linuxptp) ;;
    *) return 1 ;;
  esac
}
is_state() {
  case $1 in
    file | link | absent) ;;
    *) return 1 ;;
  esac
}
is_flag() {
  case $1 in
    yes | no) ;;
    *) return 1 ;;
  esac
}
is_count() {
  case $1 in
    *[!0-9]* | '' | ????*) return 1 ;;
  esac
}
# Content goes through base64 -d into a file and nowhere else.
is_content() {
  case $1 in
    -) ;;
    *[!A-Za-z0-9+/=]* | '') return 1 ;;
  esac
}

# timeouts: how this node limits a program's time, into $timeouts. busybox before 1.30 wants -t.
timeouts() {
  timeouts=none
  has timeout || return 0
  timeouts=plain
  timeout 5 true 2>/dev/null || timeouts=-t
}

# within SECONDS COMMAND...
within() {
  [ -n "$timeouts" ] || timeouts
  case $timeouts in
    plain) timeout "$@" ;;
    -t) timeout -t "$@" ;;
    *) shift; "$@" ;;
  esac
}

# nap: a moment. Not every sleep knows fractions.
nap() {
  sleep 0.2 2>/dev/null || sleep 1
}

# uptime_seconds: into $uptime, from a clock that nobody sets.
uptime_seconds() {
  read -r uptime rest </proc/uptime
  uptime=\${uptime%.*}
}
`;
