import type { Messages } from '../en/index.ts';

export const node: Pick<
  Messages,
  | 'node'
  | 'clock'
  | 'daemon'
  | 'timesync'
  | 'timezone'
  | 'steps'
  | 'projection'
  | 'history'
  | 'readings'
  | 'commands'
  | 'raw'
> = {
  node: {
    path: '当前位置',
    unknown: '没有节点 {{name}}',
    unknownAbout: '服务器观察的配置中没有它，或已不再有。',
    inOrder: '正常：没有发现该节点时间的任何问题。',
    reasons: '判定及其原因',
    info: '供参考',
    from: '来自',
  },
  clock: {
    title: '时钟',
    median: '相对集群中位数',
    collector: '相对测量机器',
    delay: '往返时延',
    noDelay: '此来源没有往返过程',
    reference: '相对其跟随的时间源',
    referenceNote: '由其守护进程给出；误差界为根距离。',
    noReference: '其守护进程没有给出，或没有跟随任何时间源',
    stamped: {
      kernel: '到达时间由内核打戳',
      process: '到达时间由进程打戳：机器繁忙时误差界会变大',
      'node-command': '由节点上的命令读取',
      scrape: '由抓取时间推得：适用于秒级，不适用于毫秒级',
      'same-clock': '这就是测量机器自己的时钟',
    },
  },
  daemon: {
    title: '时间守护进程',
    running: '守护进程',
    one: '只能有一个程序写时钟。',
    none: '无：时钟只靠晶振走时',
    isRunning: '运行中',
    isStopped: '已停止',
    isEnabled: '· 开机自启',
    isDisabled: '· 开机不自启',
    synchronized: '同步状态',
    source: '跟随',
    leap: '闰秒',
    leaps: {
      normal: '正常',
      'insert-second': '今日末插入一秒',
      'delete-second': '今日末删去一秒',
      unsynchronized: '未同步',
    },
    rootDistance: '根距离',
    rootDistanceNote: '根离散 + 根时延的一半：守护进程自己相对参考的误差界。',
    systemClockNote: 'timedatectl：最大误差小于 16 s。它不看 STA_UNSYNC。',
    ntpServiceNote: 'timedatectl：仅指 systemd 认识的守护进程；使用 chrony 时可能显示 n/a。',
  },
  timesync: {
    offset: '最近一个报文的偏移',
    note: 'systemd-timesyncd 只跟随一个服务端，无法察觉其报错时。',
    delay: '时延',
    jitter: '抖动',
    poll: '轮询间隔',
  },
  timezone: {
    title: '时区',
    name: '生效的时区',
    unnamed: '/etc/localtime 没有给出名称',
    wanted: '要求的时区',
    noPolicy: '没有策略',
    localtime: {
      link: '指向 zoneinfo 的链接，正确',
      copy: '是一份拷贝：timedatectl 无法给出名称',
      absent: '不存在：使用 UTC',
      broken: '指向不存在的文件：程序会退回 UTC',
    },
    conflict: '与 /etc/localtime 不一致；各程序的结果会不同。',
    rtcNote: '硬件时钟保存本地时间：夏令时切换时会跳变，在其他系统启动时也会出错。',
  },
  steps: {
    title: '时钟跳变',
    none: '未发现。',
    when: '时间',
    size: '幅度',
    note: '跳变会使 CLOCK_REALTIME 相对 CLOCK_MONOTONIC 移动；渐调则两者同步变化。',
  },
  projection: {
    title: '若不加处理',
    about: '该时钟没有跟随任何时间源。以 {{ppm}} 计，每天移动 {{perDay}}。',
    limit: '越过',
    earliest: '最早',
    latest: '最晚',
    never: '可预见的时间内不会',
  },
  history: {
    title: '历史',
    about: '拖动放大，双击返回。虚线：时钟发生跳变。空白：没有测量。',
    range: '范围',
    spans: { '1h': '1 小时', '24h': '24 小时', '7d': '7 天', '30d': '30 天' },
    back: '返回',
    offset: '相对集群中位数的偏移及误差界',
    limitOffScale: '角色限值 ±{{limit}} 在图外',
    frequency: '频率误差',
    reach: '所选时间源的可达性',
    axis: '时间轴：上行为 {{zone}}（{{offsets}}），下行为 UTC',
    point: '指向图中某处以读取数值。',
    noOffset: '未测得偏移',
    answered: '8 次轮询中有 {{answered}} 次应答',
    raw: '每个读数',
    rollup: '每 {{step}} 一个点',
    empty: '这段时间还没有记录。服务器观察期间会逐渐积累。',
    failed: '未能加载历史。稍后会自动重试。',
  },
  readings: {
    title: '各来源的读数',
    about: '最精确且新鲜的读数决定判定；其他读数列在旁边。此处偏移相对测量机器。',
    source: '来源',
    target: '询问对象',
    result: '结果',
    answered: '有应答',
    offset: '偏移',
    noClock: '此来源不读取时钟，或已失败',
    took: '用时',
  },
  commands: { title: '专家会输入的命令', about: '在该节点上，针对其发行版和守护进程。' },
  raw: { title: '原文', truncated: '截断于 64 KiB', empty: '(空)' },
};
