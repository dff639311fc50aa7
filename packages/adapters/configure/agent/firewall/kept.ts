/**
 * What was there before a firewall was opened, so that closing it leaves nothing behind. ufw and firewalld write their files
 * themselves, and not as they were: a comment goes, a file with the defaults of a zone stays. So the bytes are kept.
 */
export const keptFunctions = `
# One directory for each firewall and set of networks:
#   kept    paths of files, a line each; beside it NAME.before (the file; none: it was absent) and NAME.after (its checksum)
#   added   what was added, a line each, written before it is added
#   sealed  the opening came to its end
#   back    paths to be put back: written when closing begins, so that a closing cut short goes on where it stopped
fw_root=/var/lib/clockwarden/firewall
fw_begin() {
  fw_dir=$fw_root/$1-$(printf '%s\\n' "$@" | sort | cksum | tr ' ' -)
}
fw_copy() {
  printf '%s/%s' "$fw_dir" "$(printf %s "$1" | tr / _)"
}
fw_sum() {
  if [ -e "$1" ]; then sha256sum <"$1"; else echo absent; fi
}
# What is written must be there after a power cut, its name in the directory too.
fw_sync() {
  for fw_path in "$@"; do
    [ ! -e "$fw_path" ] || sync "$fw_path" 2>/dev/null || sync
    sync "$(dirname "$fw_path")" 2>/dev/null || sync
  done
}
fw_keep() {
  grep -qxF -- "$1" "$fw_dir/kept" 2>/dev/null && return 0
  mkdir -p "$fw_dir" && chmod 700 "$fw_root" "$fw_dir" || return 1
  [ ! -e "$1" ] || cp -a "$1" "$(fw_copy "$1").before" || return 1
  printf '%s\\n' "$1" >>"$fw_dir/kept"
  fw_sync "$(fw_copy "$1").before" "$fw_dir/kept"
}
# At the end of an opening: what the files have become, once. A file that somebody changes afterwards is not put back, nor is
# any when nothing was added.
fw_opened() {
  if [ ! -e "$fw_dir/added" ]; then
    rm -rf "$fw_dir"
    rmdir "$fw_root" 2>/dev/null
  elif [ ! -e "$fw_dir/sealed" ]; then
    while read -r fw_path; do
      fw_sum "$fw_path" >"$(fw_copy "$fw_path").after"
      fw_sync "$fw_path" "$(fw_copy "$fw_path").after"
    done <"$fw_dir/kept"
    : >"$fw_dir/sealed"
    fw_sync "$fw_dir/sealed"
  fi
  :
}
fw_added() {
  grep -qxF -- "$1" "$fw_dir/added" 2>/dev/null
}
fw_adding() {
  fw_added "$1" || printf '%s\\n' "$1" >>"$fw_dir/added"
  fw_sync "$fw_dir/added"
}
# Files that nobody has changed since go back to the byte, as do those of an opening that was cut short; from the others only
# what was added is taken.
fw_leaving() {
  [ -e "$fw_dir/back" ] && return 0
  : >"$fw_dir/back.new"
  while read -r fw_path; do
    [ ! -e "$fw_dir/sealed" ] || [ "$(fw_sum "$fw_path")" = "$(cat "$(fw_copy "$fw_path").after")" ] || continue
    printf '%s\\n' "$fw_path" >>"$fw_dir/back.new"
  done <"$fw_dir/kept"
  mv "$fw_dir/back.new" "$fw_dir/back"
  fw_sync "$fw_dir/back"
}
fw_put_back() {
  while read -r fw_path; do
    if [ -e "$(fw_copy "$fw_path").before" ]; then
      cp -a "$(fw_copy "$fw_path").before" "$fw_path.clockwarden" && mv -f "$fw_path.clockwarden" "$fw_path" || return 1
    else
      rm -f "$fw_path"
    fi
    fw_sync "$fw_path"
  done <"$fw_dir/back"
  rm -rf "$fw_dir"
  rmdir "$fw_root" 2>/dev/null
  :
}
`;
