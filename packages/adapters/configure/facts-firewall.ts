/**
 * The firewall's part of the fact-gathering script: what each tool says, and which units restore rules at boot. It makes no
 * table and loads no module: `iptables -S` would.
 */
export const firewallFacts = `
if has firewall-cmd && zone=$(firewall-cmd --get-default-zone </dev/null); then
  say firewalld
  echo "default $zone"
  echo runtime
  firewall-cmd --list-all-zones </dev/null
  echo permanent
  firewall-cmd --permanent --list-all-zones </dev/null
  ran
fi
if has ufw; then
  say ufw
  ufw status verbose </dev/null
  ran
fi
say iptables
variants=
for tool in iptables iptables-nft iptables-legacy ip6tables ip6tables-nft ip6tables-legacy; do
  has $tool || continue
  case $tool in
    *-nft) variant=nft ;;
    *-legacy) variant=legacy ;;
    *) case $($tool --version) in *nf_tables*) variant=nft ;; *) variant=legacy ;; esac ;;
  esac
  case $tool in ip6*) family=6 ;; *) family=4 ;; esac
  case $variants in *$family$variant*) continue ;; esac
  variants="$variants $family$variant"
  # The nft variant shows a table that is not there as an empty one; the legacy one would make it.
  [ $variant = nft ] || grep -qx filter /proc/net/ip\${family#4}_tables_names || continue
  echo "tool $tool $variant"
  $tool-save -t filter </dev/null
done
:
ran
if has nft; then
  say nftables
  nft list chains </dev/null | awk '
    $1 == "table" { table = $2 " " $3 }
    /type filter hook input / && table ~ /^(ip|ip6|inet) [A-Za-z0-9_.-]+$/ && table !~ / kube-proxy$/ && !(table in seen) { print table; seen[table] }' |
    while read -r family table; do
      nft -j list table "$family" "$table" </dev/null | tr -d '\\n'
      echo
    done
  :
  ran
fi
say firewall-keepers
keeps() {
  unit=$1
  shift
  for file in "$@"; do
    [ -s "$file" ] || continue
    systemctl -q is-enabled "$unit" </dev/null && echo "$unit"
    return
  done
}
keeps netfilter-persistent.service /etc/iptables/rules.v4 /etc/iptables/rules.v6
keeps iptables.service /etc/sysconfig/iptables
keeps nftables.service /etc/sysconfig/nftables.conf /etc/nftables.conf
:
ran
`;
