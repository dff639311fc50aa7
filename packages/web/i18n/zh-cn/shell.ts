import type { Messages } from '../en/index.ts';

export const shell: Pick<
  Messages,
  | 'shell'
  | 'loading'
  | 'load'
  | 'empty'
  | 'notFound'
  | 'pageError'
  | 'connection'
  | 'banner'
  | 'statusLine'
  | 'settings'
  | 'keys'
  | 'login'
  | 'copy'
  | 'headline'
> = {
  shell: {
    skip: '跳到正文',
    home: 'Clockwarden：返回总览',
    navigation: '主导航',
    overview: '总览',
    nodes: '节点',
    explain: '解读',
  },
  loading: { page: '正在加载页面…', cluster: '正在等待第一批读数…', part: '正在加载…' },
  load: {
    unreachable: '服务器没有应答',
    unreachableAbout: '控制台会不断重试并自动恢复。如果服务器已停止，请在原处重新启动：',
    failed: '服务器有应答，但没有返回集群数据',
    failedAbout: '原因见服务器日志。控制台会不断重试并自动恢复。重新启动服务器：',
  },
  empty: {
    title: '还没有可观察的节点',
    about: '用现有的清单生成配置：kubeasz 的 hosts 文件，或任意 Ansible 清单。',
    next: '然后开始观察：',
  },
  notFound: { title: '页面不存在', about: '在控制台中没有对应的页面。' },
  pageError: {
    title: '页面出错',
    about:
      '数据没有丢失：服务器仍在观察。重新加载通常即可恢复；若不行，这是一个值得报告的缺陷，请附上下面这一行。',
    reload: '重新加载',
  },
  connection: { live: '实时', connecting: '正在连接…', lost: '连接中断' },
  banner: {
    lost: '连接中断。',
    lostFor: '已有',
    lostKept: ' 没有收到数据；以下为最后已知的数据，时间为',
    lostRetry: '。正在自动重连。',
    config: '新配置未能加载。',
    configKept: '之前的配置继续生效。',
    history: '历史记录已停止。',
    historyGoesOn: '观察仍在继续。',
  },
  statusLine: {
    waiting: '正在等待服务器',
    round: '每 {{every}} 一次 · {{total}} 个中 {{answered}} 个应答',
    memory: '内存 {{size}}',
    api: 'API',
    history: { writing: '历史记录', stopped: '历史记录已停止于', off: '历史记录关闭' },
  },
  settings: {
    title: '设置',
    language: '语言',
    theme: '主题',
    themes: { system: '跟随系统', light: '浅色', dark: '深色' },
    zone: '时间显示时区（旁边总附有 UTC）',
    zoneBrowser: '本浏览器 · {{zone}}',
    zoneCluster: '集群 · {{zone}}',
    keys: '键盘快捷键',
    logOut: '退出登录',
  },
  keys: {
    title: '快捷键',
    search: '搜索节点',
    overview: '转到总览',
    nodes: '转到节点',
    explain: '转到输出解读',
    help: '显示快捷键',
    close: '关闭，或离开搜索框',
    done: '关闭',
  },
  login: {
    title: '登录',
    aboutToken: '令牌在启动服务器时指定的文件中。',
    aboutPassword: '即服务器配置中所存哈希对应的密码。',
    token: '令牌',
    password: '密码',
    submit: '登录',
    busy: '正在登录…',
    refused: '不正确。请检查是否多了或少了字符。',
    tooOften: '尝试次数过多。请等一分钟再试。',
  },
  copy: {
    label: '复制{{what}}',
    done: '已复制',
    failed: '无法复制',
    command: '命令',
    name: '名称',
  },
  headline: { asOf: '截至', ago: '{{age}} 前' },
};
