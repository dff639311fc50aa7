/** Every reason that a verdict can have, with what it means; docs/reference/reasons.md is made from this. */
import { type Text, text } from '../text/index.ts';

export const reasonTexts = {
  'offset-critical': text(
    'The offset from the cluster median is beyond the critical limit.',
    '相对集群中位数的偏移超出严重限值。',
  ),
  'offset-warning': text(
    'The offset from the cluster median is beyond the warning limit.',
    '相对集群中位数的偏移超出警告限值。',
  ),
  'offset-undetermined': text(
    'The interval of the offset straddles the warning limit.',
    '偏移的区间跨越了警告限值。',
  ),
  'pair-disagrees': text(
    'Two nodes disagree; with two nobody can tell which one is wrong.',
    '两个节点不一致；只有两个节点时无法判断谁错。',
  ),
  'role-limit': text('The offset is beyond the limit of the node’s role.', '偏移超出该节点角色的限值。'),
  'role-limit-undetermined': text(
    'The interval of the offset straddles the limit of the role.',
    '偏移的区间跨越了角色限值。',
  ),
  'reference-offset': text(
    'By its own daemon the node is beyond its role’s limit from its reference.',
    '据其守护进程，该节点偏离参考时钟超出角色限值。',
  ),
  'not-synchronized': text('The time daemon follows no source.', '时间守护进程没有跟随任何时间源。'),
  'kernel-unsync': text('The kernel’s STA_UNSYNC flag is set.', '内核的 STA_UNSYNC 标志已置位。'),
  'kernel-unsync-rtcsync': text(
    'The daemon is synchronized but never tells the kernel.',
    '守护进程已同步，但从未告知内核。',
  ),
  'sync-unknown': text(
    'One clock alone, and nothing tells whether it is synchronized.',
    '只有一个时钟，且没有来源说明它是否已同步。',
  ),
  'no-daemon': text('No time daemon runs.', '没有运行任何时间守护进程。'),
  'several-daemons': text('More than one time daemon runs.', '运行着不止一个时间守护进程。'),
  'daemon-leaves-clock': text(
    'chronyd answers, but the one that does leaves this clock alone.',
    'chronyd 有应答，但应答的 chronyd 不设置本机时钟。',
  ),
  'serves-other-time': text(
    'What the node answers by NTP is not the time of its own clock.',
    '节点通过 NTP 应答的时间不是其自身时钟的时间。',
  ),
  'unintended-source': text(
    'The node follows a source that the policy does not name.',
    '节点跟随了策略未指定的时间源。',
  ),
  'timezone-policy': text('The timezone is not the one of the policy.', '时区与策略不符。'),
  'timezone-differs': text('The timezone differs from most other nodes.', '时区与多数节点不同。'),
  'localtime-broken': text('/etc/localtime points nowhere.', '/etc/localtime 指向不存在的文件。'),
  unreachable: text('No source reaches the node.', '所有数据来源都无法到达该节点。'),
  'no-clock': text(
    'The node answers, but no source can tell its clock.',
    '节点有应答，但没有来源能读出其时钟。',
  ),
  'source-failed': text('One of the sources of this node fails.', '该节点的某个数据来源失败。'),
  'control-plane-spread': text(
    'Control-plane nodes stand further apart than the leeway of tokens.',
    '控制平面节点之间的差距超出令牌允许的余量。',
  ),
  'control-plane-spread-undetermined': text(
    'The spread of the control plane straddles the leeway of tokens.',
    '控制平面节点之间的差距区间跨越令牌余量。',
  ),
  'reference-cluster': text('The whole cluster is off its reference.', '整个集群偏离参考时钟。'),
  'reference-undetermined': text(
    'The distance to the reference cannot be told.',
    '无法确定与参考时钟的距离。',
  ),
  'collector-odd': text(
    'The nodes agree with each other but not with this machine.',
    '各节点彼此一致，却与本机不一致。',
  ),
  'median-needs-three': text('A median wants three nodes.', '中位数至少需要三个节点。'),
  'median-of-few': text(
    'Fewer than half of the nodes take part in the median.',
    '参与中位数的节点不足一半。',
  ),
} as const satisfies Record<string, Text>;

export type ReasonCode = keyof typeof reasonTexts;
