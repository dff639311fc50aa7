/** sh: paths brought to a state, whole or not at all, and put back. */
export const files = `
# over FROM TO: rename, also when TO is a link to a directory.
over() {
  out=$(mv -f -T -- "$1" "$2" 2>&1) && return
  case $out in
    *'invalid option'* | *'unrecognized option'*)
      [ -d "$2" ] && [ -L "$2" ] && rm -f -- "$2"
      out=$(mv -f -- "$1" "$2" 2>&1) && return
      ;;
  esac
  why_not "$2" "$out"
}

# key PATH: its name in a directory of copies. No path that is_path lets through has a % in it.
key() {
  key=$1
  while :; do
    case $key in
      */*) key=\${key%%/*}%\${key#*/} ;;
      *) return ;;
    esac
  done
}

# clear_away PATH: what a cut run left behind. To look is cheaper than to remove what is not there.
clear_away() {
  [ ! -e "$1" ] && [ ! -L "$1" ] || rm -rf -- "$1"
}

# copy_of PATH DIRECTORY: as it is now, or a mark that it is not there. Kept if it is there already.
copy_of() {
  key "$1"
  [ ! -e "$2/$key" ] && [ ! -L "$2/$key" ] && [ ! -e "$2/$key.absent" ] || return 0
  if [ ! -e "$1" ] && [ ! -L "$1" ]; then
    out=$( { : >"$2/$key.absent"; } 2>&1) || why_not "$2" "$out"
    return
  fi
  [ -L "$1" ] || [ -f "$1" ] || because not-a-file "$1" || return 1
  clear_away "$2/copy"
  out=$(cp -p -P -- "$1" "$2/copy" 2>&1) || why_not "$2" "$out" || return 1
  [ -L "$2/copy" ] || flushed "$2/copy"
  mv -f -T -- "$2/copy" "$2/$key" 2>/dev/null || mv -f -- "$2/copy" "$2/$key"
}

# back PATH DIRECTORY: to what copy_of kept.
back() {
  key "$1"
  if [ -e "$2/$key.absent" ]; then
    vanish "$1"
    return
  fi
  [ -e "$2/$key" ] || [ -L "$2/$key" ] || return 0
  beside=\${1%/*}/.clockwarden.$$
  clear_away "$beside"
  out=$(cp -p -P -- "$2/$key" "$beside" 2>&1) || why_not "$1" "$out" || return 1
  settle "$beside" "$1"
}

# settle BESIDE PATH: written beside it, now renamed over it.
settle() {
  if over "$1" "$2"; then
    has restorecon && restorecon "$2" >/dev/null 2>&1
    flushed "\${2%/*}"
    return 0
  fi
  rm -f -- "$1"
  return 1
}

# vanish PATH: and the directories that were made for it, when nothing else is in them.
vanish() {
  out=$(rm -f -- "$1" 2>&1) || why_not "$1" "$out" || return 1
  parent=\${1%/*}
  while key "$parent" && [ -e "$state/pristine/$key.absent" ] && rmdir "$parent" 2>/dev/null; do
    rm -f "$state/pristine/$key.absent"
    parent=\${parent%/*}
  done
  return 0
}

# room_for PATH: its directory, remembered when it has to be made.
room_for() {
  parent=\${1%/*}
  [ -d "$parent" ] && return
  room_for "$parent" || return 1
  parent=\${1%/*}
  copy_of "$parent" "$state/pristine" || return 1
  out=$(mkdir -m 755 "$parent" 2>&1) || why_not "$parent" "$out"
}

# check_file PATH KIND MODE OWNER GROUP CONTENT: refuses words that are not of their kind. Leaves the values in \\$path and so on.
check_file() {
  take path "$1" || return 1
  path=$value
  take state "$2" || return 1
  kind=$value
  case $kind in
    file)
      take mode "$3" || return 1
      mode=$value
      take account "$4" || return 1
      owner=$value
      take account "$5" || return 1
      group=$value
      is_content "$6" || because refused content "$6"
      ;;
    link)
      take target "$3" || return 1
      target=$value
      ;;
  esac
}

# place: the six words of a file. Nothing half-written is ever seen under its name.
place() {
  check_file "$@" || return 1
  [ ! -d "$path" ] || [ -L "$path" ] || because not-a-file "$path" || return 1
  copy_of "$path" "$state/pristine" || return 1
  case $kind in
    absent)
      vanish "$path"
      return
      ;;
  esac
  room_for "$path" || return 1
  beside=\${path%/*}/.clockwarden.$$
  clear_away "$beside"
  if [ "$kind" = link ]; then
    out=$(ln -s -- "$target" "$beside" 2>&1) || why_not "$path" "$out" || return 1
  else
    write_beside "$6" || return 1
  fi
  settle "$beside" "$path"
}

# write_beside CONTENT: with its owner and its mode, before anybody can see it under its name.
write_beside() {
  out=$( {
    umask 077
    plain "$1" >"$beside" && chown "$owner:$group" "$beside" && chmod "$mode" "$beside"
  } 2>&1) && flushed "$beside" && return
  rm -f -- "$beside"
  why_not "$path" "$out"
}

# A link that leads nowhere leaves the node in UTC under the name of a zone. What was so before may be so again.
leads_somewhere() {
  [ "$direction" = undo ] || [ "$kind" != link ] && return
  case $target in
    /*) [ -e "$target" ] ;;
    *) [ -e "\${path%/*}/$target" ] ;;
  esac || because no-target "$path" "->" "$target"
}

do_put_file() {
  [ $# = 6 ] || because refused words $# || return 1
  check_file "$@" && leads_somewhere && place "$@"
}
`;
