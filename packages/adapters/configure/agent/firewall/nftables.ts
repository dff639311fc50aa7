/**
 * nftables: a rule at the head of each base chain on the input hook that may drop, and one line more in the file that
 * nftables.service loads, which inserts it again. Whether that file is what makes the chain is not guessed: it is loaded in an
 * empty network namespace, as at boot. Where it does not, a unit of our own inserts the rule.
 */
export const nftablesFunctions = `
# Base chains where a rule of ours has a place: FAMILY TABLE CHAIN. Tables of programs that fill them anew are left to them.
fw_nft_chains() {
  nft list chains </dev/null 2>/dev/null | awk '
    $1 == "table" { family = $2; table = $3 }
    $1 == "chain" { chain = $2 }
    /type filter hook input / && (family == "ip" || family == "ip6" || family == "inet") { print family, table, chain }' |
    while read -r fw_f fw_t fw_c; do
      case $fw_t$fw_c in *[!A-Za-z0-9_.-]*) continue ;; esac
      case $fw_t in firewalld | kube-proxy | calico | cilium | libvirt_network | docker-bridges) continue ;; esac
      case $fw_f.$fw_t.$fw_c in ip.filter.INPUT | ip6.filter.INPUT) command -v iptables-nft >/dev/null && continue ;; esac
      nft list chain "$fw_f" "$fw_t" "$fw_c" </dev/null | awk '
        /policy drop/ || (/(drop|reject|jump|goto|vmap)/ && !/saddr/) { found = 1 }
        END { exit !found }' && echo "$fw_f $fw_t $fw_c"
    done
}
# FAMILY NETWORK: whether a packet from there passes a chain of this family.
fw_nft_fits() {
  case $1.$2 in ip.*:*) return 1 ;; ip6.*:*) return 0 ;; ip6.*) return 1 ;; esac
}
fw_nft_mark() {
  printf 'comment "clockwarden %s"' "$1"
}
# FAMILY TABLE CHAIN NETWORK
fw_nft_rule() {
  case $4 in *:*) fw_ip=ip6 ;; *) fw_ip=ip ;; esac
  printf '%s' "insert rule $1 $2 $3 $fw_ip saddr $4 udp dport 123 accept $(fw_nft_mark "$4")"
}
# FILE FAMILY TABLE CHAIN: the chain that the file makes in a network without any rules.
fw_nft_booted() {
  unshare -n sh -c 'nft -f "$1" && nft list chain "$2" "$3" "$4"' sh "$@" </dev/null 2>/dev/null
}
fw_nft_file() {
  fw_enabled nftables.service || return 0
  for fw_file in /etc/sysconfig/nftables.conf /etc/nftables.conf; do
    [ -f $fw_file ] && readlink -f $fw_file && return 0
  done
}
# FAMILY TABLE CHAIN NETWORK
fw_nft_persist() {
  fw_file=$(fw_nft_file)
  fw_rule=$(fw_nft_rule "$@")
  if [ -n "$fw_file" ] && fw_nft_booted "$fw_file" "$1" "$2" "$3" >/dev/null; then
    grep -qxF -- "$fw_rule" "$fw_file" && return 0
    fw_rule=$fw_rule fw_edit "$fw_file" '{ print } END { print ENVIRON["fw_rule"] }' || because cannot-write "$fw_file" || return 1
    fw_nft_booted "$fw_file" "$1" "$2" "$3" | grep -qF -- "$(fw_nft_mark "$4")" || because not-accepted "$fw_file" "$fw_rule" || return 1
  else
    # systemd takes the outer quotes away, and the backslashes before the inner ones.
    fw_boot_add "ExecStart=-$(command -v nft) $(printf %s "$fw_rule" | sed 's/"\\(.*\\)"$/"\\\\"\\1\\\\""/')"
  fi
}
fw_open_nftables() {
  fw_chains=$(fw_nft_chains)
  [ -n "$fw_chains" ] || because keeps-nobody-out nftables || return 1
  while read -r fw_f fw_t fw_c; do
    for fw_net in "$@"; do
      fw_nft_fits "$fw_f" "$fw_net" || continue
      nft list chain "$fw_f" "$fw_t" "$fw_c" </dev/null | grep -qF -- "$(fw_nft_mark "$fw_net")" ||
        fw_said=$(nft "$(fw_nft_rule "$fw_f" "$fw_t" "$fw_c" "$fw_net")" 2>&1 </dev/null) || because firewall nft "$fw_said" || return 1
      fw_nft_persist "$fw_f" "$fw_t" "$fw_c" "$fw_net" || return 1
    done
  done <<CHAINS
$fw_chains
CHAINS
}
fw_close_nftables() {
  fw_ruleset=$(nft -a list ruleset </dev/null 2>/dev/null)
  for fw_net in "$@"; do
    fw_mark=$(fw_nft_mark "$fw_net")
    export fw_mark
    fw_rules=$(printf '%s\\n' "$fw_ruleset" | awk '
      $1 == "table" { table = $2 " " $3 }
      $1 == "chain" { chain = $2 }
      index($0, ENVIRON["fw_mark"]) && $(NF - 1) == "handle" { print table, chain, $NF }')
    [ -z "$fw_rules" ] || while read -r fw_f fw_t fw_c fw_handle; do
      fw_said=$(nft delete rule "$fw_f" "$fw_t" "$fw_c" handle "$fw_handle" 2>&1 </dev/null) || because firewall nft "$fw_said" || return 1
    done <<RULES
$fw_rules
RULES
    for fw_file in /etc/nftables.conf /etc/sysconfig/nftables.conf; do
      grep -q "^insert rule .*$fw_mark$" "$fw_file" 2>/dev/null || continue
      fw_edit "$(readlink -f $fw_file)" '!(/^insert rule / && index($0, ENVIRON["fw_mark"]))' || because cannot-write "$fw_file" || return 1
    done
    fw_boot_remove "$fw_net" || return 1
  done
}
`;
