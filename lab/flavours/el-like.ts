import { chronyConf, type Flavour } from './flavour.ts';

/**
 * Real rpm and dnf, with chrony as a package of theirs and one that it needs, built from what lies in the image. dnf finds both
 * in a repository on the node's own disk. The scriptlets are what Red Hat's macros for systemd come to.
 */
const rpms = `
mkdir -p /etc/rpm /etc/dnf/vars /etc/yum.repos.d /var/lib/rpm /usr/share/lab-repository /tmp/rpm
printf '%%_dbpath /var/lib/rpm\\n' >/etc/rpm/macros
printf '9\\n' >/etc/dnf/vars/releasever
printf '[main]\\ngpgcheck=1\\nclean_requirements_on_remove=True\\nbest=True\\nskip_if_unavailable=False\\n' >/etc/dnf/dnf.conf
printf '[lab]\\nname=lab\\nbaseurl=file:///usr/share/lab-repository\\ngpgcheck=0\\n' >/etc/yum.repos.d/lab.repo
cat >/tmp/rpm/chrony.spec <<'SPEC'
Name: chrony
Version: 4.3
Release: 1.lab
Summary: An NTP client/server
License: GPLv2
AutoReqProv: no
Requires: lab-library
%description
chrony, from Debian's files.
%install
for path in usr/sbin usr/bin usr/lib/systemd/system etc/sysconfig; do mkdir -p %{buildroot}/$path; done
for path in usr/sbin/chronyd usr/bin/chronyc usr/lib/systemd/system/chronyd.service etc/sysconfig/chronyd etc/chrony.conf etc/chrony.keys; do
  cp -p /$path %{buildroot}/$path
done
%files
/usr/sbin/chronyd
/usr/bin/chronyc
/usr/lib/systemd/system/chronyd.service
%config(noreplace) /etc/sysconfig/chronyd
%config(noreplace) /etc/chrony.conf
%config(noreplace) %attr(640,root,chrony) /etc/chrony.keys
%post
[ $1 -ne 1 ] || systemctl --no-reload preset chronyd.service || :
%preun
[ $1 -ne 0 ] || systemctl --no-reload disable --now chronyd.service || :
%postun
systemctl daemon-reload || :
SPEC
cat >/tmp/rpm/lab-library.spec <<'SPEC'
Name: lab-library
Version: 1.0
Release: 1.lab
Summary: Something that chrony needs, and the shell of its scriptlets
License: GPLv2
Provides: /bin/sh
%description
Something that chrony needs.
%install
mkdir -p %{buildroot}/usr/share/lab-library
echo 1.0 >%{buildroot}/usr/share/lab-library/version
%files
/usr/share/lab-library
SPEC
for spec in /tmp/rpm/*.spec; do
  rpmbuild -bb --quiet --define '_topdir /tmp/rpm/top' --define '__os_install_post %{nil}' $spec
done
cp /tmp/rpm/top/RPMS/*/*.rpm /usr/share/lab-repository/
createrepo_c --quiet /usr/share/lab-repository
dnf -q -y install chrony
rm -rf /tmp/rpm /var/cache/dnf /var/log/dnf*
`;

/**
 * The layout of RHEL and its kin, built from Debian's parts: where files are, what units and users are called, firewalld, rpm and
 * dnf, no apt. It cannot stand for SELinux, Red Hat's kernel or the versions of their builds; docs/development/lab.md says so.
 */
const prepare = `
set -e
mv /etc/chrony/chrony.conf /etc/chrony.conf
printf 'pool 2.rocky.pool.ntp.org iburst\\nsourcedir /run/chrony-dhcp\\ndriftfile /var/lib/chrony/drift\\nmakestep 1.0 3\\nrtcsync\\nuser chrony\\nkeyfile /etc/chrony.keys\\nleapsectz right/UTC\\nlogdir /var/log/chrony\\n' >/etc/chrony.conf
mv /etc/chrony/chrony.keys /etc/chrony.keys
rm -rf /etc/chrony /etc/default/chrony /etc/init.d/chrony /etc/apparmor.d/usr.sbin.chronyd
usermod --login chrony --home /var/lib/chrony _chrony
groupmod --new-name chrony _chrony
# Debian's chronyd was built to run as _chrony where its configuration names nobody.
getent passwd chrony | sed 's/^chrony/_chrony/' >>/etc/passwd
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
${rpms}ln -sf /lib/systemd/system/cron.service /etc/systemd/system/crond.service
printf 'NAME="EL-like lab node"\\nID="el-like"\\nID_LIKE="rhel centos fedora"\\nVERSION_ID="9"\\nPRETTY_NAME="EL-like lab node (Debian parts)"\\n' >/etc/os-release
printf 'EL-like lab node release 9 (Debian parts)\\n' >/etc/redhat-release
rm -rf /etc/debian_version /etc/apt /usr/bin/apt* /usr/bin/dpkg* /usr/sbin/dpkg* /var/lib/dpkg
`;

export const elLike: Flavour = {
  name: 'el-like',
  summary: 'the RHEL layout: /etc/chrony.conf, chronyd, user chrony, firewalld, rpm and dnf, no apt',
  packages: ['chrony', 'firewalld', 'nftables', 'rpm', 'dnf', 'createrepo-c'],
  prepare,
  daemon: { unit: 'chronyd.service', config: '/etc/chrony.conf' },
  follow: (servers) => [{ path: '/etc/chrony.conf', content: chronyConf(servers, 'chrony') }],
};
