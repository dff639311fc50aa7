import {
  type DaemonCommands,
  packets,
  read,
  readAsRoot,
  timedatectl,
  unitLog,
  unitRestart,
  unitState,
} from '../command.ts';

const unit = 'phc2sys';

/** PTP: ptp4l sets the network card's clock, phc2sys copies it to the system clock. */
export const phc2sys: DaemonCommands = {
  state: (on) => [unitState(on, 'ptp4l'), unitState(on, unit), timedatectl],
  sources: () => [
    readAsRoot(
      "pmc -u -b 0 'GET CURRENT_DATA_SET'",
      'steps to the grandmaster, offset from it, mean path delay, in ns',
      '到主时钟的跳数、与其偏移、平均路径时延(纳秒)',
    ),
    readAsRoot(
      "pmc -u -b 0 'GET PARENT_DATA_SET'",
      'which grandmaster, of which clock class',
      '主时钟是谁，时钟等级如何',
    ),
    readAsRoot(
      "pmc -u -b 0 'GET PORT_DATA_SET'",
      'the state of each port: SLAVE is what a follower shows',
      '各端口状态：跟随者应显示 SLAVE',
    ),
  ],
  measure: ({ server }) => [
    readAsRoot(
      'phc_ctl eth0 cmp',
      'the card’s clock against the system clock (put in the interface)',
      '网卡时钟与系统时钟之差(请替换接口名)',
    ),
    read(
      `ntpdate -q ${server}`,
      'measure against an NTP server as a second opinion',
      '再用 NTP 服务器测量一次作为旁证',
    ),
  ],
  logs: (on) => [unitLog(on, 'ptp4l'), unitLog(on, unit)],
  configuration: () => [
    read('systemctl cat ptp4l phc2sys', 'how both are started', '两者的启动方式'),
    read(
      "grep -hEv '^[[:space:]]*(#|$)' /etc/ptp4l.conf /etc/linuxptp/ptp4l.conf",
      'the configuration of ptp4l without comments',
      '去掉注释的 ptp4l 配置',
    ),
  ],
  network: () => [
    readAsRoot(
      'tcpdump -ni any -c 10 udp port 319 or udp port 320',
      'do PTP messages arrive',
      'PTP 报文是否到达',
    ),
    packets,
  ],
  resync: (on) => [unitRestart(on, 'ptp4l'), unitRestart(on, unit)],
};
