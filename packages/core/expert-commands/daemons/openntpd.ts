import {
  type DaemonCommands,
  listeners,
  packets,
  read,
  readAsRoot,
  timedatectl,
  unitLog,
  unitRestart,
  unitState,
} from '../command.ts';

const unit = 'openntpd';

export const openntpd: DaemonCommands = {
  state: (on) => [
    readAsRoot('ntpctl -s status', 'is the clock synced, at which stratum', '时钟是否已同步，处于哪一层级'),
    timedatectl,
    unitState(on, unit),
  ],
  sources: () => [
    readAsRoot(
      'ntpctl -s all',
      'every peer with weight, trust, stratum, offset, delay',
      '每个对端的权重、信任度、层级、偏移、时延',
    ),
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
    read(
      "grep -Ev '^[[:space:]]*(#|$)' /etc/openntpd/ntpd.conf",
      'the configuration without comments',
      '去掉注释的配置',
    ),
  ],
  network: () => [listeners, packets],
  resync: (on) => [unitRestart(on, unit)],
};
