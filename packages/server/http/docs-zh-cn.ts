/** The descriptions of the API in Simplified Chinese, by the English ones that stand with the routes and schemas. */
export const docsZhCN: Readonly<Record<string, string>> = {
  'Offsets are seconds, positive = ahead, and stand with the interval that holds the truth; null is "not known", never zero. Errors have one form, `Problem`. Where a login is wanted, send the token as `Authorization: Bearer …`, or log in and send X-CSRF-Token with what changes something. The live stream is GET /api/v1/stream (server-sent events).':
    '偏移以秒为单位，正 = 快，并附有包含真实值的区间；null 表示“未知”，绝不是零。错误只有一种形式：`Problem`。需要登录时，以 `Authorization: Bearer …` 发送令牌，或先登录，并在作出更改的请求中发送 X-CSRF-Token。实时流为 GET /api/v1/stream（server-sent events）。',
  'See docs/reference/errors.md.': '见 docs/reference/errors.zh-CN.md。',
  'See docs/reference/reasons.md.': '见 docs/reference/reasons.zh-CN.md。',
  'See packages/core/observe.': '见 packages/core/observe。',

  'Whether a login is wanted, and whether there is one': '是否需要登录，以及是否已登录',
  'State of the session.': '会话状态。',
  'Log in with the password or the token': '用密码或令牌登录',
  'Logged in; the session is in a cookie.': '已登录；会话保存在 cookie 中。',
  'Wrong password or token.': '密码或令牌错误。',
  'Too many attempts; see Retry-After.': '尝试次数过多；见 Retry-After。',
  'Log out': '退出登录',
  'Logged out.': '已退出登录。',
  'X-CSRF-Token is missing.': '缺少 X-CSRF-Token。',

  'The cluster with a row for each node': '集群，每个节点一行',
  'Verdict, median, reasons, rows and the state of the server.': '判定、中位数、原因、各行以及服务器的状态。',
  'UTC, by the measuring machine’s time base.': 'UTC，按测量机器的时间基准。',
  'Against the measuring machine; null below three nodes with a clock.':
    '相对于测量机器；有时钟读数的节点少于三个时为 null。',
  'How many of the undetermined ones nothing reaches.': '无法判定的节点中不可达的数量。',
  'false with verdict undetermined: no source reaches the node.':
    '判定为无法判定且此处为 false：没有任何来源能到达该节点。',
  'Since when the verdict is what it is.': '从何时起为当前判定。',

  'All that is known about one node': '一个节点的全部已知信息',
  'Name of the node.': '节点名称。',
  'The node.': '该节点。',
  'There is no such node.': '没有这个节点。',
  'Against the cluster median; null below three nodes or without a clock reading.':
    '相对于集群中位数；节点少于三个或没有时钟读数时为 null。',
  'Against the clock of the machine that measures.': '相对于测量机器的时钟。',
  'Against what its own daemon follows.': '相对于其守护进程所跟随的时间源。',
  'This source’s own reading against the measuring machine.': '此来源自身的读数，相对于测量机器。',

  'Offsets of one node over time': '一个节点的偏移随时间的变化',
  'Columns, oldest first.': '各列，从旧到新。',
  'Unix seconds': 'Unix 秒',
  'What became different': '发生过的变化',
  'UTC; an hour ago where it is missing.': 'UTC；缺省为一小时前。',
  'Oldest first.': '从旧到新。',
  'null: the cluster as a whole': 'null：整个集群',

  'Who follows whom': '跟随关系',
  'Members and the edges between them.': '成员及其之间的连线。',
  'the follower': '跟随者',
  'whom it follows': '被跟随者',

  'What becomes different, as it happens': '实时的变化',
  'Server-sent events: hello, cluster, rows, change, status, beat. A beat comes every 1.5 s; after a reconnect ask for the whole again.':
    'Server-sent events：hello、cluster、rows、change、status、beat。每 1.5 秒一个 beat；重新连接后请再次获取全部数据。',
  'Too many consoles are connected.': '连接的控制台过多。',

  'Explain pasted output of the usual tools': '解释粘贴的常用工具输出',
  'Output of chronyc, timedatectl, ntpq -p, ntpdate -q or adjtimex, as pasted.':
    '粘贴的 chronyc、timedatectl、ntpq -p、ntpdate -q 或 adjtimex 的输出。',
  'Every mark and value for this very case, then what follows from them.':
    '针对这份输出的每个标记和数值的解释，以及由此得出的结论。',
  'The last eight polls, oldest first.': '最近八次轮询，从旧到新。',
  'Nothing in the text is output that Clockwarden knows.': '文本中没有 Clockwarden 认识的输出。',

  'Metrics for Prometheus': '供 Prometheus 使用的指标',
  'The text format.': '文本格式。',
  'The process answers': '进程能应答',
  'It does.': '能应答。',
  'Every source was asked once, so that verdicts mean something': '每个来源都已询问过一次，判定才有意义',
  'Ready.': '已就绪。',
  'Not yet.': '尚未就绪。',
};
