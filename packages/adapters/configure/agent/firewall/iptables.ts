/**
 * iptables: a rule at the head of INPUT, in the variants (nft, legacy) whose filter table is in use, and one line more in
 * the file from which the machine restores its rules. Never `iptables-save` over that file: it would make the chains of
 * Docker and kube-proxy permanent.
 */
export const iptablesFunctions = `
# NETWORK: iptables programs of its family whose filter table exists, the default one first, each variant once.
fw_iptables_tools() {
  case $1 in *:*) fw_tool=ip6tables ;; *) fw_tool=iptables ;; esac
  fw_seen=
  for fw_name in $fw_tool $fw_tool-nft $fw_tool-legacy; do
    command -v $fw_name >/dev/null || continue
    case $($fw_name --version 2>/dev/null) in *nf_tables*) fw_variant=nft ;; *) fw_variant=legacy ;; esac
    [ "$fw_seen" != "\${fw_seen#*$fw_variant}" ] && continue
    fw_seen="$fw_seen $fw_variant"
    # Lists the tables there are, and makes none.
    $fw_name-save 2>/dev/null </dev/null | grep -q '^\\*filter' && echo $fw_name
  done
  :
}
# TOOL -C|-I|-D NETWORK
fw_iptables_rule() {
  "$1" -w "$2" INPUT -s "$3" -p udp -m udp --dport 123 -m comment --comment clockwarden -j ACCEPT </dev/null
}
fw_iptables_line() {
  printf '%s' "-A INPUT -s $1 -p udp -m udp --dport 123 -m comment --comment clockwarden -j ACCEPT"
}
fw_iptables_boot_line() {
  fw_program=$(command -v "$1")
  fw_match="INPUT -s $2 -p udp -m udp --dport 123 -m comment --comment clockwarden -j ACCEPT"
  printf '%s' "ExecStart=-/bin/sh -c '$fw_program -w -C $fw_match 2>/dev/null || $fw_program -w -I $fw_match'"
}
# TOOL: the file from which the machine restores its rules; nothing where there is none.
fw_iptables_file() {
  case $1 in
    iptables) fw_saved=/etc/iptables/rules.v4 fw_sysconfig=/etc/sysconfig/iptables ;;
    ip6tables) fw_saved=/etc/iptables/rules.v6 fw_sysconfig=/etc/sysconfig/ip6tables ;;
    *) return 0 ;;
  esac
  if fw_enabled netfilter-persistent.service && grep -q '^\\*filter' "$fw_saved" 2>/dev/null; then
    readlink -f "$fw_saved"
  elif fw_enabled "$1.service" && grep -q '^\\*filter' "$fw_sysconfig" 2>/dev/null; then
    readlink -f "$fw_sysconfig"
  fi
}
# FILE LINE: before the first rule of INPUT in the filter table; counters may stand before a rule.
fw_iptables_insert() {
  fw_line=$2 fw_edit "$1" '
    /^\\*/ { filter = $0 == "*filter" }
    filter && !done && (/^(\\[[0-9:]*\\] )?(-A|-I|--append|--insert) INPUT( |$)/ || /^COMMIT/) { print ENVIRON["fw_line"]; done = 1 }
    { print }'
}
fw_open_iptables() {
  for fw_net in "$@"; do
    fw_tools=$(fw_iptables_tools "$fw_net")
    for fw_tool in $fw_tools; do
      fw_iptables_rule $fw_tool -C "$fw_net" 2>/dev/null ||
        fw_said=$(fw_iptables_rule $fw_tool -I "$fw_net" 2>&1) || because firewall "$fw_tool" "$fw_said" || return 1
      fw_file=$(fw_iptables_file $fw_tool)
      if [ -z "$fw_file" ]; then
        fw_boot_add "$(fw_iptables_boot_line $fw_tool "$fw_net")" || return 1
      elif ! grep -qxF -- "$(fw_iptables_line "$fw_net")" "$fw_file"; then
        fw_iptables_insert "$fw_file" "$(fw_iptables_line "$fw_net")" || because cannot-write "$fw_file" || return 1
      fi
    done
  done
}
fw_close_iptables() {
  for fw_net in "$@"; do
    for fw_tool in iptables iptables-nft iptables-legacy ip6tables ip6tables-nft ip6tables-legacy; do
      case $fw_net in *:*) fw_wants=ip6tables ;; *) fw_wants=iptables ;; esac
      [ "$fw_tool" != "\${fw_tool#$fw_wants}" ] && command -v $fw_tool >/dev/null || continue
      $fw_tool-save 2>/dev/null </dev/null | grep -q '^\\*filter' || continue
      while fw_iptables_rule $fw_tool -C "$fw_net" 2>/dev/null; do
        fw_said=$(fw_iptables_rule $fw_tool -D "$fw_net" 2>&1) || because firewall "$fw_tool" "$fw_said" || return 1
      done
    done
    for fw_file in /etc/iptables/rules.v4 /etc/iptables/rules.v6 /etc/sysconfig/iptables /etc/sysconfig/ip6tables; do
      grep -qxF -- "$(fw_iptables_line "$fw_net")" "$fw_file" 2>/dev/null || continue
      fw_line=$(fw_iptables_line "$fw_net") fw_edit "$(readlink -f "$fw_file")" '$0 != ENVIRON["fw_line"]' || because cannot-write "$fw_file" || return 1
    done
    fw_boot_remove "$fw_net" || return 1
  done
}
`;
