/** sh: units: one hand-over of the clock, whole or not at all. */
export const units = `
# units_now UNIT...: a line UNIT ACTIVE ENABLED MASKED each.
units_now() {
  for one; do
    look "$one"
    echo "$one $active $enabled $masked"
  done
}

# make_enabled UNIT yes|no
make_enabled() {
  look "$1"
  [ "$enabled" != "$2" ] || return 0
  if [ "$2" = yes ]; then verb=enable; else verb=disable; fi
  # What is gone, or has nothing to be enabled by, is disabled already.
  [ "$2" = yes ] || [ "$load" = loaded ] || return 0
  out=$(within 60 systemctl $verb "$1" 2>&1) || because unit-failed "$1" "$(printf '%s\\n' "$out" | tail -n 1)"
}

# make_active UNIT yes|no
make_active() {
  look "$1"
  if [ "$2" = yes ]; then
    [ "$load" != not-found ] || because no-unit "$1" || return 1
    [ "$active" = yes ] || within 120 systemctl start "$1" 2>/dev/null || last_words "$1" || return 1
    comes_up "$(daemon_of "$1")" "$1"
  else
    [ "$active" = yes ] || return 0
    out=$(within 120 systemctl stop "$1" 2>&1)
    look "$1"
    [ "$active" = no ] || because still-running "$1" "$out"
  fi
}

# hand_over LINES: first what a boot would start, then the leaving stop, then the coming start: cut at any place, the node
# starts the right one.
hand_over() {
  each_unit allowed "$1" && each_unit disabled "$1" && each_unit stopped "$1" && each_unit started "$1"
}

# each_unit COMMAND LINES
each_unit() {
  while read -r unit wants_active wants_enabled wants_masked; do
    "hand_over_$1" </dev/null || return 1
  done <<END
$2
END
}

hand_over_allowed() {
  look "$unit"
  [ "$masked" = no ] || [ "$wants_masked" = yes ] || systemctl unmask "$unit" >/dev/null 2>&1
  [ "$wants_enabled" = no ] || make_enabled "$unit" yes
}
hand_over_disabled() {
  [ "$wants_enabled" = yes ] || make_enabled "$unit" no
}
hand_over_stopped() {
  [ "$wants_active" = yes ] || make_active "$unit" no
}
hand_over_started() {
  [ "$wants_active" = no ] || make_active "$unit" yes || return 1
  [ "$wants_masked" = yes ] || return 0
  out=$(systemctl mask "$unit" 2>&1) || because unit-failed "$unit" "$out"
}

# do_set_units, then UNIT active enabled masked each.
do_set_units() {
  wanted=
  names=
  while [ $# -gt 0 ]; do
    [ $# -ge 4 ] || because refused words $# || return 1
    take unit "$1" || return 1
    unit=$value
    take flag "$2" || return 1
    line=$value
    take flag "$3" || return 1
    line="$line $value"
    take flag "$4" || return 1
    look "$unit"
    names="$names $id"
    wanted="$wanted$id $line $value
"
    shift 4
  done
  wanted=$(without_aliases)
  # When it is done again after a cut the first states are the truth.
  states=$state/runs/$run/before.$index
  if [ ! -f "$states/units" ]; then
    out=$( { mkdir -p "$states" && units_now $names >"$states/units.new" && mv "$states/units.new" "$states/units"; } 2>&1) ||
      why_not "$state" "$out" || return 1
    flushed "$states/units"
  fi
  hand_over "$wanted" && return
  hand_over "$(cat "$states/units")" 2>/dev/null || because half-done $names
  return 1
}

# without_aliases: Debian's chronyd.service is chrony.service by another name. What is to run is not retired by its alias.
without_aliases() {
  printf '%s' "$wanted" | sort -u | while read -r unit line; do
    case $line in
      no*) printf '%s' "$wanted" | grep -qF "$unit yes" && continue ;;
    esac
    echo "$unit $line"
  done
}
`;
