/**
 * firewalld: a rich rule in each zone that may rule a packet from outside, at runtime and permanently. No reload: it would
 * forget what others have set at runtime only, as Docker does.
 */
export const firewalldFunctions = `
# The active zones and the default one, which rules interfaces that belong to none; not those that accept everything.
fw_firewalld_zones() {
  fw_default=$(firewall-cmd --get-default-zone </dev/null) || return 1
  export fw_default
  firewall-cmd --list-all-zones </dev/null | awk '
    /^[^ \\t]/ { zone = $1; rules = zone == ENVIRON["fw_default"] || $0 ~ /\\(.*active.*\\)/ }
    $1 == "target:" && $2 != "ACCEPT" && rules { print zone }'
}
fw_firewalld_rule() {
  case $1 in *:*) fw_family=ipv6 ;; *) fw_family=ipv4 ;; esac
  printf 'rule family="%s" source address="%s" port port="123" protocol="udp" accept' "$fw_family" "$1"
}
# SIDE ZONE: the rich rules there.
fw_firewalld_rules() {
  if [ "$1" = permanent ]; then
    firewall-cmd --permanent --zone="$2" --list-rich-rules </dev/null
  else
    firewall-cmd --zone="$2" --list-rich-rules </dev/null
  fi
}
# SIDE ZONE add|remove NETWORK
fw_firewalld_change() {
  fw_option=--$3-rich-rule=$(fw_firewalld_rule "$4")
  if [ "$1" = permanent ]; then
    firewall-cmd --permanent --zone="$2" "$fw_option" </dev/null
  else
    firewall-cmd --zone="$2" "$fw_option" </dev/null
  fi
}
fw_open_firewalld() {
  fw_zones=$(fw_firewalld_zones) || because firewall firewalld 'it does not answer' || return 1
  [ -n "$fw_zones" ] || because keeps-nobody-out firewalld || return 1
  while read -r fw_zone; do
    fw_keep "/etc/firewalld/zones/$fw_zone.xml" && fw_keep "/etc/firewalld/zones/$fw_zone.xml.old" || because cannot-write "$fw_root" || return 1
    for fw_side in permanent runtime; do
      fw_there=$(fw_firewalld_rules $fw_side "$fw_zone") || because firewall firewalld "it does not tell the rules of zone $fw_zone" || return 1
      for fw_net in "$@"; do
        printf '%s\\n' "$fw_there" | grep -qxF -- "$(fw_firewalld_rule "$fw_net")" && continue
        fw_adding "$fw_side $fw_zone $fw_net"
        fw_said=$(fw_firewalld_change $fw_side "$fw_zone" add "$fw_net" 2>&1) || because firewall firewalld "$fw_said" || return 1
      done
    done
  done <<ZONES
$fw_zones
ZONES
  fw_opened
}
fw_close_firewalld() {
  [ -e "$fw_dir/kept" ] || { rm -rf "$fw_dir"; return 0; }
  fw_leaving
  [ ! -e "$fw_dir/added" ] || while read -r fw_side fw_zone fw_net; do
    fw_firewalld_rules "$fw_side" "$fw_zone" | grep -qxF -- "$(fw_firewalld_rule "$fw_net")" || continue
    fw_said=$(fw_firewalld_change "$fw_side" "$fw_zone" remove "$fw_net" 2>&1) || because firewall firewalld "$fw_said" || return 1
  done <"$fw_dir/added"
  fw_put_back
}
`;
