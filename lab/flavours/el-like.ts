import { chronyConf, type Flavour } from './flavour.ts';

/**
 * The layout of RHEL and its kin, built from Debian's parts: where files are, what units and users are called, firewalld, no apt.
 * It cannot stand for SELinux, rpm and dnf, Red Hat's kernel or the versions of their builds; docs/development/lab.md says so.
 */
const prepare = `
set -e
mv /etc/chrony/chrony.conf /etc/chrony.conf
printf 'pool 2.rocky.pool.ntp.org iburst\\nsourcedir /run/chrony-dhcp\\ndriftfile /var/lib/chrony/drift\\nmakestep 1.0 3\\nrtcsync\\nuser chrony\\nkeyfile /etc/chrony.keys\\nleapsectz right/UTC\\nlogdir /var/log/chrony\\n' >/etc/chrony.conf
mv /etc/chrony/chrony.keys /etc/chrony.keys
rm -rf /etc/chrony /etc/default/chrony /etc/init.d/chrony /etc/apparmor.d/usr.sbin.chronyd
usermod --login chrony --home /var/lib/chrony _chrony
groupmod --new-name chrony _chrony
systemctl disable chrony.service
rm -f /lib/systemd/system/chrony.service /lib/systemd/system/chronyd-restricted.service /etc/systemd/system/chronyd.service
mkdir -p /etc/sysconfig
printf 'OPTIONS=""\\n' >/etc/sysconfig/chronyd
cat >/lib/systemd/system/chronyd.service <<'UNIT'
[Unit]
Description=NTP client/server
Documentation=man:chronyd(8) man:chrony.conf(5)
After=ntpdate.service sntp.service ntpd.service
Conflicts=ntpd.service systemd-timesyncd.service
ConditionCapability=CAP_SYS_TIME

[Service]
Type=forking
PIDFile=/run/chrony/chronyd.pid
EnvironmentFile=-/etc/sysconfig/chronyd
ExecStart=/usr/sbin/chronyd -f /etc/chrony.conf $OPTIONS
PrivateTmp=yes

[Install]
WantedBy=multi-user.target
UNIT
systemctl enable chronyd.service
systemctl enable firewalld.service
ln -sf /lib/systemd/system/cron.service /etc/systemd/system/crond.service
printf 'NAME="EL-like lab node"\\nID="el-like"\\nID_LIKE="rhel centos fedora"\\nVERSION_ID="9"\\nPRETTY_NAME="EL-like lab node (Debian parts)"\\n' >/etc/os-release
printf 'EL-like lab node release 9 (Debian parts)\\n' >/etc/redhat-release
rm -rf /etc/debian_version /etc/apt /usr/bin/apt* /usr/bin/dpkg* /usr/sbin/dpkg* /var/lib/dpkg
`;

export const elLike: Flavour = {
  name: 'el-like',
  summary: 'the RHEL layout: /etc/chrony.conf, chronyd, user chrony, firewalld, no apt',
  packages: ['chrony', 'firewalld', 'nftables'],
  prepare,
  daemon: { unit: 'chronyd.service', config: '/etc/chrony.conf' },
  follow: (servers) => [{ path: '/etc/chrony.conf', content: chronyConf(servers, 'chrony') }],
};
