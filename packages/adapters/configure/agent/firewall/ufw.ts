/** ufw: a rule before all others, so that no rule of somebody else keeps the network out; ufw keeps it in user.rules. */
export const ufwFunctions = `
# The very rule may be there from somebody else; adding it again would put our comment in place of theirs.
fw_ufw_has() {
  case $1 in
    *:*) fw_rules=/etc/ufw/user6.rules fw_any=::/0 ;;
    *) fw_rules=/etc/ufw/user.rules fw_any=0.0.0.0/0 ;;
  esac
  grep -F -- "### tuple ### allow udp 123 $fw_any any $1 in" "$fw_rules" 2>/dev/null | grep -Eq ' in( comment=[0-9a-f]*)?$'
}
fw_open_ufw() {
  for fw_net in "$@"; do
    case $fw_net in *:*)
      grep -Eqi '^IPV6="?yes' /etc/default/ufw || because no-ipv6 "$fw_net" || return 1 ;;
    esac
  done
  fw_keep /etc/ufw/user.rules && fw_keep /etc/ufw/user6.rules || because cannot-write "$fw_root" || return 1
  for fw_net in "$@"; do
    fw_ufw_has "$fw_net" && continue
    fw_adding "$fw_net"
    # \`prepend\` came with ufw 0.36.
    fw_said=$(ufw prepend allow proto udp from "$fw_net" to any port 123 comment clockwarden 2>&1 </dev/null) ||
      fw_said=$(ufw allow proto udp from "$fw_net" to any port 123 comment clockwarden 2>&1 </dev/null) || because firewall ufw "$fw_said" || return 1
  done
  fw_opened
}
fw_close_ufw() {
  [ -e "$fw_dir/kept" ] || { rm -rf "$fw_dir"; return 0; }
  fw_leaving
  [ ! -e "$fw_dir/added" ] || while read -r fw_net; do
    fw_ufw_has "$fw_net" || continue
    fw_said=$(ufw --force delete allow proto udp from "$fw_net" to any port 123 2>&1 </dev/null) || because firewall ufw "$fw_said" || return 1
  done <"$fw_dir/added"
  fw_put_back
}
`;
