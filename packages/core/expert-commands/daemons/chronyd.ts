import {
  change,
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

/** Debian and Ubuntu call the unit `chrony`, everyone else `chronyd`. */
const units: Readonly<Record<KnownFamily, string>> = {
  debian: 'chrony',
  rhel: 'chronyd',
  suse: 'chronyd',
  alpine: 'chronyd',
  arch: 'chronyd',
};

const files: Readonly<Record<KnownFamily, string>> = {
  debian: '/etc/chrony/chrony.conf',
  rhel: '/etc/chrony.conf',
  suse: '/etc/chrony.conf',
  alpine: '/etc/chrony/chrony.conf',
  arch: '/etc/chrony.conf',
};

export const chronyd: DaemonCommands = {
  state: (on) => [
    read(
      'chronyc tracking',
      'whom chronyd follows, and how far the clock is off',
      'chronyd 跟随谁，时钟偏差多少',
    ),
    timedatectl,
    ...perFamily(on, (at) => [unitState(at, units[at.family])]),
  ],
  sources: () => [
    read(
      'chronyc -n tracking',
      'the selected source, the offset, the root delay and dispersion',
      '选中的源、偏移、根时延和根离散',
    ),
    read(
      'chronyc -n sources -v',
      'every source with its mark, reach and last sample',
      '每个源的标记、可达性和最近样本',
    ),
    read('chronyc -n sourcestats -v', 'how steady each source is', '每个源的稳定程度'),
    read(
      'chronyc activity',
      'how many sources are online, offline or unresolved',
      '在线、离线、未解析的源各有多少',
    ),
    readAsRoot(
      'chronyc -n selectdata -v',
      'why each source was selected or not (chrony ≥ 4.0)',
      '每个源被选中或未被选中的原因(chrony ≥ 4.0)',
    ),
    readAsRoot(
      'chronyc -n ntpdata',
      'the last packet of each source and its tests',
      '每个源的最近报文及其检验结果',
    ),
  ],
  measure: ({ server }) => [
    readAsRoot(
      `chronyd -Q -t 10 'server ${server} iburst'`,
      'measure against the server and print what a correction would be; the clock stays untouched',
      '对该服务器测量并打印所需修正；不改动时钟',
    ),
  ],
  logs: (on) => perFamily(on, (at) => [unitLog(at, units[at.family])]),
  configuration: (on) =>
    perFamily(on, ({ family }) => [
      read(
        `grep -Ev '^[[:space:]]*([#!%;]|$)' ${files[family]}`,
        'the configuration without comments',
        '去掉注释的配置',
      ),
      readAsRoot(
        `chronyd -p -f ${files[family]}`,
        'the configuration as chronyd reads it, drop-in files included (chrony ≥ 4.1)',
        'chronyd 实际读到的配置，含附加文件（chrony ≥ 4.1）',
      ),
    ]),
  network: ({ server }) => [
    listeners,
    packets,
    readAsRoot(
      `chronyc accheck ${server}`,
      'would this daemon serve time to that address',
      '该守护进程是否会向此地址提供时间',
    ),
    readAsRoot('chronyc -n clients', 'who asks this daemon for time', '谁在向该守护进程要时间'),
  ],
  resync: (on) => [
    change('chronyc online', 'count every source as reachable again', '把所有源重新标为在线'),
    change(
      'chronyc burst 4/8',
      'measure all sources now instead of at the next poll',
      '立即测量所有源，不等下次轮询',
    ),
    read(
      'chronyc waitsync 30 0.05',
      'wait until the clock is within 50 ms, at most five minutes',
      '等待时钟误差小于 50 ms，最多五分钟',
    ),
    change(
      'chronyc makestep',
      'step the clock at once instead of slewing; databases and etcd on this node see the jump',
      '立即跳变而不渐调；本节点上的数据库和 etcd 会看到这次跳变',
    ),
    ...perFamily(on, (at) => [unitRestart(at, units[at.family])]),
  ],
};
