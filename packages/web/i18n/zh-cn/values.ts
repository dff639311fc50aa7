import type { Messages } from '../en/index.ts';

export const values: Pick<
  Messages,
  'age' | 'role' | 'sync' | 'yes' | 'no' | 'kernel' | 'reason' | 'why' | 'reach'
> = {
  age: { stale: '已过期', never: '还没有读数' },
  role: { 'control-plane': '控制平面', etcd: 'etcd', worker: '工作节点', 'ntp-server': 'NTP 服务端' },
  sync: {
    yes: '已同步',
    no: '未同步',
    unknown: '同步状态未知',
    noDaemon: '守护进程未知',
    stratum: '层级 {{stratum}}',
  },
  yes: '是',
  no: '否',
  kernel: {
    set: 'UNSYNC 已置位',
    clear: '已同步',
    title: '内核',
    setWord: '已置位',
    clearWord: '未置位',
    setNote: '没有程序为该时钟担保；node_timex_sync_status 为 0。',
    clearNote: '有时间守护进程为该时钟担保；node_timex_sync_status 为 1。',
    maxError: '最大误差',
    maxErrorNote: '没有守护进程时每秒增长 500 µs；达到 16 s 时内核视为未同步。',
    estError: '估计误差',
    frequency: '频率修正',
    offset: '内核偏移',
    offsetChrony: '使用 chronyd 时总是约为 0，因为它不使用内核锁相环：此值不反映时钟状况。',
    offsetOther: '尚待渐调的量；内核将其限制在 ±0.5 s 以内。',
    bits: '状态位',
    host: '系统',
  },
  reason: { none: '正常' },
  why: {
    sync: '未知：该节点的数据来源都看不到其时间守护进程',
    noClock: '未测得：没有该时钟的新读数',
    noMedian: '没有中位数：至少需要三个时钟已知的节点',
    kernel: '未知：该节点的数据来源都看不到内核标志',
    timezone: '未知：该节点的数据来源都看不到其时区',
    follows: '没有跟随任何时间源，或来源无法看到',
    since: '未知',
    value: '该节点的数据来源都不知道此值',
  },
  reach: { label: '最近 8 次轮询中应答 {{answered}} 次（reach {{octal}}）' },
};
