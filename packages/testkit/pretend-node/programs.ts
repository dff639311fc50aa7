/**
 * Stand-ins for what only a machine of its own has. Units are files in /usr/local/state/units with lines `active`,
 * `enabled`, `masked`, `broken` (never starts); chrony's does not start while `crash` stands in its configuration, and
 * restarts nothing for long while there is /usr/local/state/hangs. What was asked is appended to /usr/local/state/asked.
 */
const systemctl = `#!/bin/sh
units=/usr/local/state/units
echo "systemctl $*" >>/usr/local/state/asked
state() {
  grep -q "^$2$" "$units/$1" 2>/dev/null
}
put() {
  state "$1" "$2" || echo "$2" >>"$units/$1"
}
drop() {
  sed -i "/^$2$/d" "$units/$1"
}
start() {
  state "$1" masked && echo "Failed to start $1: Unit $1 is masked." >&2 && return 1
  if state "$1" broken || { [ "$1" = chrony.service ] && grep -qs crash /etc/chrony/chrony.conf; }; then
    echo 'Could not open /dev/nowhere' >/usr/local/state/journal
    drop "$1" active
    return 1
  fi
  put "$1" active
  echo "$$" >"$units/.$1.pid"
}
verb=
names=
for word; do
  case $word in
    -p) skip=1 ;;
    -*) ;;
    *) if [ "$skip" ]; then skip=; elif [ -z "$verb" ]; then verb=$word; else names="$names $word"; fi ;;
  esac
done
code=0
for name in $names; do
  case $verb in
    show)
      id=$name
      [ -L "$units/$name" ] && id=$(readlink "$units/$name")
      load=loaded
      [ -e "$units/$name" ] || load=not-found
      state "$name" masked && load=masked
      active=inactive
      pid=0
      state "$name" active && active=active && pid=$(cat "$units/.$id.pid" 2>/dev/null || echo 1)
      enabled=disabled
      state "$name" enabled && enabled=enabled
      state "$name" masked && enabled=masked
      [ $load = not-found ] && enabled=
      printf 'Id=%s\\nLoadState=%s\\nActiveState=%s\\nSubState=\\nUnitFileState=%s\\nMainPID=%s\\nInvocationID=1\\n\\n' "$id" $load $active "$enabled" "$pid"
      ;;
    *)
      [ -e "$units/$name" ] || { echo "Unit $name could not be found." >&2; code=5; continue; }
      case $verb in
        start) start "$name" || code=1 ;;
        restart)
          [ ! -e /usr/local/state/hangs ] || exec sleep 20
          start "$name" || code=1
          ;;
        stop) drop "$name" active ;;
        enable) put "$name" enabled ;;
        disable) drop "$name" enabled ;;
        mask) put "$name" masked ;;
        unmask) drop "$name" masked ;;
        is-active) state "$name" active || code=3 ;;
      esac
      ;;
  esac
done
exit $code
`;

const journalctl = `#!/bin/sh
cat /usr/local/state/journal 2>/dev/null
`;

/** \`-p -f FILE\`: a line that begins with \`wrong\` is no directive. */
const chronyd = `#!/bin/sh
echo "chronyd $*" >>/usr/local/state/asked
while [ $# -gt 0 ] && [ "$1" != -f ]; do shift; done
if line=$(grep -n '^wrong' "$2"); then
  echo "Invalid directive at line \${line%%:*} in file $2" >&2
  exit 1
fi
cat "$2"
`;

const chronyc = `#!/bin/sh
echo "chronyc $*" >>/usr/local/state/asked
[ ! -e /usr/local/state/deaf ] || { echo '506 Cannot talk to daemon'; exit 1; }
echo '200 OK'
[ "$1" != activity ] || echo '0 sources doing burst (return to online)'
`;

export const pretendPrograms: Readonly<Record<string, string>> = { systemctl, journalctl, chronyd, chronyc };
