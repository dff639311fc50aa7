import {
  type DaemonCommands,
  type KnownFamily,
  listeners,
  packets,
  perFamily,
  read,
  readAsRoot,
  timedatectl,
  unitLog,
  unitRestart,
  unitState,
} from '../command.ts';

/** ntpd of ntp.org and of ntpsec answer the same commands under other names of unit and file. */
function ntpFamily(unitOf: (family: KnownFamily) => string, file: string): DaemonCommands {
  return {
    state: (on) => [
      read(
        'ntpq -c rv',
        'leap, stratum, offset and root distance of the daemon itself',
        '守护进程自身的闰秒标志、层级、偏移和根距离',
      ),
      timedatectl,
      ...perFamily(on, (at) => [unitState(at, unitOf(at.family))]),
    ],
    sources: () => [
      read(
        'ntpq -pn',
        'every peer with its tally mark, reach, delay, offset, jitter in ms',
        '每个对端的标记、可达性，以及毫秒为单位的时延、偏移、抖动',
      ),
      read('ntpq -c as', 'the same peers with their selection state in words', '以文字显示各对端的选择状态'),
    ],
    measure: ({ server }) => [
      read(
        `ntpdate -q ${server}`,
        'measure against the server; -q never sets the clock',
        '对该服务器测量；-q 不会改时钟',
      ),
    ],
    logs: (on) => perFamily(on, (at) => [unitLog(at, unitOf(at.family))]),
    configuration: () => [
      read(`grep -Ev '^[[:space:]]*(#|$)' ${file}`, 'the configuration without comments', '去掉注释的配置'),
    ],
    network: () => [
      listeners,
      packets,
      readAsRoot('ntpq -c mrulist', 'who asks this daemon for time', '谁在向该守护进程要时间'),
    ],
    resync: (on) => perFamily(on, (at) => [unitRestart(at, unitOf(at.family))]),
  };
}

export const ntpd = ntpFamily((family) => (family === 'debian' ? 'ntp' : 'ntpd'), '/etc/ntp.conf');

export const ntpsec = ntpFamily(
  (family) => (family === 'debian' ? 'ntpsec' : 'ntpd'),
  '/etc/ntpsec/ntp.conf',
);
