/**
 * `do_open_firewall BACKEND NETWORK...` and `do_close_firewall` of the agent: UDP 123 from these networks, permanent and
 * effective at once. Opening what is open changes nothing; closing takes away what opening added, and nothing else.
 * docs/reference/firewall.md says what that is.
 *
 * Needs of the script around it: `plain WORD`, `because CODE DETAIL`, `set -f`, LC_ALL=C.
 */
import { bootUnitFunctions } from './firewall/boot-unit.ts';
import { firewalldFunctions } from './firewall/firewalld.ts';
import { iptablesFunctions } from './firewall/iptables.ts';
import { keptFunctions } from './firewall/kept.ts';
import { nftablesFunctions } from './firewall/nftables.ts';
import { ufwFunctions } from './firewall/ufw.ts';

const entry = `
do_open_firewall() {
  fw_do open "$@"
}
do_close_firewall() {
  fw_do close "$@"
}
# Nothing but an address with or without the length of its prefix ever reaches a tool.
fw_is_network() {
  case $1 in '' | *[!0-9A-Fa-f.:/]*) return 1 ;; esac
  printf '%s\\n' "$1" | grep -Eq '^(([0-9]{1,3}\\.){3}[0-9]{1,3}(/[0-9]{1,2})?|[0-9A-Fa-f]*:[0-9A-Fa-f:]+(/[0-9]{1,3})?)$'
}
fw_do() {
  fw_verb=$1
  fw_backend=$(plain "$2")
  case $fw_backend in
    firewalld | ufw | nftables | iptables) ;;
    *) because refused firewall "$2"; return 1 ;;
  esac
  shift 2
  fw_left=$#
  while [ "$fw_left" -gt 0 ]; do
    fw_net=$(plain "$1")
    fw_is_network "$fw_net" || because refused network "$1" || return 1
    shift
    set -- "$@" "$fw_net"
    fw_left=$((fw_left - 1))
  done
  [ $# -gt 0 ] || return 0
  fw_begin "$fw_backend" "$@"
  # Of a run that was cut short between writing a file and giving it its name.
  rm -f "$fw_unit.new"
  for fw_file in $fw_files; do rm -f "$fw_file.clockwarden"; done
  if [ $fw_verb = close ]; then
    "fw_close_$fw_backend" "$@"
  else
    "fw_open_$fw_backend" "$@" || { fw_verb=close && "fw_close_$fw_backend" "$@"; return 1; }
  fi
}
# Files from which machines restore rules, that lines are added to.
fw_files='/etc/nftables.conf /etc/sysconfig/nftables.conf /etc/iptables/rules.v4 /etc/iptables/rules.v6 /etc/sysconfig/iptables /etc/sysconfig/ip6tables'
# FILE AWK-PROGRAM: rewrites the file with its owner, mode and label, and without a last newline where it had none.
fw_edit() {
  cp -a "$1" "$1.clockwarden" || return 1
  if [ -z "$(tail -c 1 "$1")" ]; then
    awk "$2" "$1" >"$1.clockwarden"
  else
    awk "$2" "$1" | awk 'NR > 1 { printf "\\n" } { printf "%s", $0 }' >"$1.clockwarden"
  fi && mv -f "$1.clockwarden" "$1" && fw_sync "$1"
}
`;

export const firewallFunctions = [
  entry,
  keptFunctions,
  bootUnitFunctions,
  firewalldFunctions,
  ufwFunctions,
  nftablesFunctions,
  iptablesFunctions,
].join('');
