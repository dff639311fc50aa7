import {
  change,
  type DaemonCommands,
  packets,
  read,
  timedatectl,
  unitLog,
  unitRestart,
  unitState,
} from '../command.ts';

const unit = 'systemd-timesyncd';

export const timesyncd: DaemonCommands = {
  state: (on) => [timedatectl, unitState(on, unit)],
  sources: () => [
    read(
      'timedatectl timesync-status',
      'the one server it follows, stratum, offset, delay, root distance (systemd ≥ 239)',
      '它跟随的唯一服务器、层级、偏移、时延、根距离(systemd ≥ 239)',
    ),
    read(
      'timedatectl show-timesync --all',
      'the same for programs, with the servers configured',
      '供程序读取的同样内容，含已配置的服务器',
    ),
  ],
  measure: ({ server }) => [
    read(
      `ntpdate -q ${server}`,
      'measure against the server; -q never sets the clock (timesyncd has no such command of its own)',
      '对该服务器测量；-q 不会改时钟(timesyncd 自身没有此命令)',
    ),
  ],
  logs: (on) => [unitLog(on, unit)],
  configuration: () => [
    read(
      'systemd-analyze cat-config systemd/timesyncd.conf',
      'the configuration with every drop-in file',
      '配置及所有附加文件',
    ),
    read(
      'timedatectl show-timesync -p LinkNTPServers -p SystemNTPServers -p FallbackNTPServers',
      'servers from DHCP, from the file, and the fallback',
      '来自 DHCP、来自文件以及备用的服务器',
    ),
  ],
  network: () => [packets],
  resync: (on) => [
    change('timedatectl set-ntp true', 'enable and start it', '启用并启动它'),
    unitRestart(on, unit),
  ],
};
