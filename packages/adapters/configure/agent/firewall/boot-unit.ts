/**
 * A unit of our own for rules that no file of the machine restores: they came from a script, a cloud image, an agent. It
 * runs once everything else was started, so after whoever sets the rules at boot.
 */
export const bootUnitFunctions = `
fw_unit=/etc/systemd/system/clockwarden-firewall.service
fw_enabled() {
  systemctl -q is-enabled "$1" >/dev/null 2>&1 </dev/null
}
fw_boot_lines() {
  grep '^ExecStart=' "$fw_unit" 2>/dev/null
}
# The unit with the lines on standard input; without any, no unit.
fw_boot_write() {
  fw_lines=$(cat)
  if [ -z "$fw_lines" ]; then
    systemctl -q disable clockwarden-firewall.service >/dev/null 2>&1 </dev/null
    rm -f "$fw_unit"
  else
    cat >"$fw_unit.new" <<UNIT && mv -f "$fw_unit.new" "$fw_unit" || return 1
# Written by Clockwarden: nothing else on this machine keeps these rules over a reboot.
[Unit]
Description=Let NTP clients in
Documentation=man:iptables(8) man:nft(8)
DefaultDependencies=no
After=multi-user.target
Before=shutdown.target
Conflicts=shutdown.target

[Service]
Type=oneshot
$fw_lines

[Install]
WantedBy=multi-user.target
UNIT
    fw_said=$(systemctl -q enable clockwarden-firewall.service 2>&1 </dev/null) || because unit-failed clockwarden-firewall.service "$fw_said" || return 1
  fi
  fw_sync "$fw_unit" /etc/systemd/system/multi-user.target.wants/clockwarden-firewall.service
  systemctl daemon-reload >/dev/null 2>&1 </dev/null
  :
}
fw_boot_add() {
  fw_boot_lines | grep -qxF -- "$1" && fw_enabled clockwarden-firewall.service && return 0
  { fw_boot_lines | grep -vxF -- "$1"; printf '%s\\n' "$1"; } | fw_boot_write
}
# NETWORK
fw_boot_remove() {
  fw_boot_lines | grep -qF -- " $1 " || return 0
  fw_boot_lines | grep -vF -- " $1 " | fw_boot_write
}
`;
