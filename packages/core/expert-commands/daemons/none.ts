import {
  change,
  type DaemonCommands,
  type Family,
  listeners,
  packets,
  read,
  readAsRoot,
  timedatectl,
} from '../command.ts';

const find = read(
  "ps -eo pid,user,lstart,args | grep -E '[c]hronyd|[n]tpd|[t]imesyncd|[p]hc2sys|[v]mtoolsd'",
  'is any program running that could set the clock',
  '是否有任何能设置时钟的程序在运行',
);

/** Packages bring their daemon up by themselves on Debian; elsewhere it has to be enabled. */
const install: Readonly<Record<Family, string>> = {
  debian: 'apt-get install chrony',
  rhel: 'dnf install chrony && sudo systemctl enable --now chronyd',
  suse: 'zypper install chrony && sudo systemctl enable --now chronyd',
  alpine: 'apk add chrony && sudo rc-update add chronyd && sudo rc-service chronyd start',
  arch: 'pacman -S chrony && sudo systemctl enable --now chronyd',
  unknown: 'timedatectl set-ntp true',
};

/** No time daemon was seen, or nobody looked. */
export const noDaemon: DaemonCommands = {
  state: () => [timedatectl, find],
  sources: () => [
    find,
    read(
      "systemctl list-unit-files 'chrony*' 'ntp*' 'systemd-timesyncd*' 'openntpd*'",
      'which time daemons are installed, and do they start at boot',
      '安装了哪些时间守护进程，是否开机自启',
    ),
  ],
  measure: ({ server }) => [
    read(
      `ntpdate -q ${server}`,
      'measure against the server; -q never sets the clock',
      '对该服务器测量；-q 不会改时钟',
    ),
  ],
  logs: () => [
    readAsRoot(
      "journalctl -b --no-pager -g 'clock|time (has been|was) changed'",
      'what this boot’s journal says of the clock',
      '本次启动以来日志中与时钟有关的内容',
    ),
  ],
  configuration: () => [
    read(
      'ls /etc/chrony.conf /etc/chrony/chrony.conf /etc/ntp.conf /etc/ntpsec/ntp.conf /etc/systemd/timesyncd.conf',
      'which configuration files are there',
      '存在哪些配置文件',
    ),
  ],
  network: () => [listeners, packets],
  resync: ({ family }) => [
    change(
      install[family],
      'give the node a time daemon; without one its clock runs free',
      '给节点装上时间守护进程；没有它，时钟将自由漂移',
    ),
  ],
};
