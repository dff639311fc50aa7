import { change, type DaemonCommands, packets, read, timedatectl, unitLog, unitState } from '../command.ts';

const unit = 'open-vm-tools';

/** The hypervisor sets the clock from outside: right as the only writer, wrong beside a time daemon. */
export const vmTools: DaemonCommands = {
  state: (on) => [
    read(
      'vmware-toolbox-cmd timesync status',
      'does the host set this clock periodically',
      '宿主机是否定期设置本机时钟',
    ),
    timedatectl,
    unitState(on, unit),
  ],
  sources: () => [
    read('vmware-toolbox-cmd stat hosttime', 'the time that the host believes in', '宿主机认为的时间'),
  ],
  measure: ({ server }) => [
    read(
      `ntpdate -q ${server}`,
      'measure against the server; -q never sets the clock',
      '对该服务器测量；-q 不会改时钟',
    ),
  ],
  logs: (on) => [unitLog(on, unit)],
  configuration: () => [
    read('cat /etc/vmware-tools/tools.conf', 'the configuration of the guest tools', '客户机工具的配置'),
  ],
  network: () => [packets],
  resync: () => [
    change(
      'vmware-toolbox-cmd timesync disable',
      'stop the host from setting the clock, so that a time daemon is its only writer',
      '停止由宿主机设置时钟，使时间守护进程成为唯一的写入者',
    ),
  ],
};
