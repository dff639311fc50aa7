/**
 * sh: after a power cut. While a run is unfinished a unit of ours runs this script at each boot: it ends the action that was
 * cut, so that the node has one daemon with a valid configuration whether or not the operator ever comes back.
 */
export const boot = `
unit_file=/etc/systemd/system/clockwarden-recover.service
unit_link=/etc/systemd/system/multi-user.target.wants/clockwarden-recover.service

# at_boot: from now on a boot ends what was cut. After everything else was started, so that nothing waits for us.
at_boot() {
  [ -L "$unit_link" ] && [ -f "$unit_file" ] && return
  room_for "$unit_link" || return 1
  out=$( {
    umask 022
    echo '[Unit]
Description=Clockwarden: end what a power cut interrupted
ConditionPathExists=/var/lib/clockwarden/agent.sh
After=multi-user.target

[Service]
Type=oneshot
ExecStart=/bin/sh /var/lib/clockwarden/agent.sh boot
TimeoutStartSec=900' >"$unit_file.new" && mv -f "$unit_file.new" "$unit_file" && ln -sf "$unit_file" "$unit_link"
  } 2>&1) || why_not "$unit_file" "$out" || return 1
  flushed "$unit_file" "\${unit_link%/*}" "\${unit_file%/*}"
}

not_at_boot() {
  rm -f "$unit_file" "$state/agent.sh"
  vanish "$unit_link"
  # systemd keeps in memory what it has once read.
  [ "$(systemctl show -p LoadState "\${unit_file##*/}" 2>/dev/null)" != LoadState=loaded ] || systemctl daemon-reload 2>/dev/null
  ! all_rolled_back || rm -rf "$state/packages"
}

# all_rolled_back: nothing is left that a way back would need.
all_rolled_back() {
  for one in $(runs); do
    last_line "$one"
    [ "$last_line" = rolled-back ] || return 1
  done
}

# recover: each unfinished run whose last line is a beginning.
recover() {
  mark=recover
  exec 3>/dev/null
  for one in $(runs); do
    [ -f "$one/head" ] || continue
    last_line "$one"
    case $last_line in
      'begin '*) verb=do ;;
      'undoing '*) verb=undo ;;
      *) continue ;;
    esac
    run=\${one##*/}
    take_lock "$boot_operator" "$run" wait || return
    step $verb "\${last_line#* }"
    give_lock
  done
}
`;
