/** Rules for clockwarden.yaml beyond what its schema refuses. */
import { type ClusterDesign, designCluster } from '../configure/index.ts';
import { text } from '../text/index.ts';
import { isPoolName, isSmeared } from '../time-servers/index.ts';
import type { PolicyFile, PolicyRule } from './rule.ts';

const NODES =
  'nodes:\n  - {name: cp-1, address: 10.0.0.1, roles: [control-plane]}\n  - {name: w-1, address: 10.0.0.2}\n';

/** Null: nothing is asked of the nodes. */
function designOf({ policy }: PolicyFile): ClusterDesign | null {
  return policy.timesync?.enabled === true ? designCluster(policy, policy.timesync) : null;
}

export const policyRules: readonly PolicyRule[] = [
  {
    code: 'config-token-leeway',
    subject: 'clockwarden.yaml',
    severity: 'warning',
    title: text(
      'control-plane nodes may differ by more than tokens allow',
      '控制平面节点允许的差距超过令牌的宽限',
    ),
    why: text(
      'A ServiceAccount token of one apiserver is answered with 401 by another that is 60 s behind.',
      '一个 apiserver 签发的 ServiceAccount 令牌，会被慢 60 秒的另一个 apiserver 以 401 拒绝。',
    ),
    fix: text(
      'Keep `limits.controlPlaneSpread` at 60s or below.',
      '`limits.controlPlaneSpread` 不要超过 60s。',
    ),
    bad: `${NODES}limits: {controlPlaneSpread: 2m}\n`,
    good: `${NODES}limits: {controlPlaneSpread: 60s}\n`,
    check: ({ policy, lineOf }) =>
      policy.limits.controlPlaneSpreadSeconds > 60 ? [{ line: lineOf('limits', 'controlPlaneSpread') }] : [],
  },
  {
    code: 'config-limit-below-bound',
    subject: 'clockwarden.yaml',
    severity: 'warning',
    title: text('a limit that measurements cannot hold', '限值小于测量误差'),
    why: text(
      'Over a network the bound of a measurement is seldom under a millisecond: such a limit gives “undetermined” and false alarms.',
      '经网络测量时，误差界很少低于 1 毫秒：这样的限值只会得到“无法判定”和误报。',
    ),
    fix: text('Use 5ms or more, 50ms is usual.', '使用 5ms 以上，通常为 50ms。'),
    bad: `${NODES}limits: {roles: {worker: 1ms}}\n`,
    good: `${NODES}limits: {roles: {worker: 200ms}}\n`,
    check: ({ policy, lineOf }) =>
      Object.entries(policy.limits.roleSeconds)
        .filter(([, seconds]) => seconds < 0.005)
        .slice(0, 1)
        .map(([role]) => ({
          line: lineOf('limits', 'roles', role),
          detail: text(`\`${role}\``, `\`${role}\``),
        })),
  },
  {
    code: 'config-prometheus-only',
    subject: 'clockwarden.yaml',
    severity: 'warning',
    title: text('limits in milliseconds, measured by Prometheus alone', '毫秒级限值只靠 Prometheus 测量'),
    why: text(
      'The time of a scrape is known to the length of the scrape; good for 30 s, useless for 50 ms.',
      '抓取时刻只能精确到抓取所需的时间；对 30 秒的限值够用，对 50 毫秒毫无意义。',
    ),
    fix: text('Ask `ntp`, `ssh` or `node-exporter` as well.', '同时使用 `ntp`、`ssh` 或 `node-exporter`。'),
    bad: `${NODES}sources: [prometheus]\n`,
    good: `${NODES}sources: [prometheus, ntp]\n`,
    check: ({ policy, lineOf }) => {
      const only =
        policy.nodes.length > 0 && policy.nodes.every(({ sources }) => sources?.join() === 'prometheus');
      return only && Math.min(...Object.values(policy.limits.roleSeconds)) < 1
        ? [{ line: lineOf('sources') }]
        : [];
    },
  },
  {
    code: 'config-no-control-plane',
    subject: 'clockwarden.yaml',
    severity: 'warning',
    title: text('no node is a control-plane node', '没有控制平面节点'),
    why: text(
      'The tight limit of the control plane and the spread between apiservers are judged for nobody.',
      '控制平面的严格限值以及 apiserver 之间的差距都不会被判定。',
    ),
    fix: text('Give the role: `roles: [control-plane]`.', '设置角色：`roles: [control-plane]`。'),
    bad: 'nodes: [10.0.0.1, 10.0.0.2, 10.0.0.3]\n',
    good: NODES,
    check: ({ policy, lineOf }) =>
      policy.nodes.length >= 3 && !policy.nodes.some(({ roles }) => roles.includes('control-plane'))
        ? [{ line: lineOf('nodes') }]
        : [],
  },
  {
    code: 'config-single-upstream',
    subject: 'clockwarden.yaml',
    severity: 'warning',
    title: text('fewer than three servers to follow', '要跟随的服务器少于三个'),
    why: text(
      'One server is believed whatever it says, two cannot outvote each other.',
      '只有一个服务器时，无论它说什么都会被相信；两个则无法形成多数。',
    ),
    fix: text('Name three or more; better four.', '至少写三个，最好四个。'),
    bad: `${NODES}timesync: {servers: [192.0.2.1, 192.0.2.2]}\n`,
    good: `${NODES}timesync: {servers: [192.0.2.1, 192.0.2.2, 192.0.2.3]}\n`,
    check: ({ policy: { timesync }, lineOf }) => {
      if (timesync?.enabled !== true) return [];
      const key = timesync.upstreams.length > 0 ? 'upstreams' : 'servers';
      const hasClock = timesync.refclocks.length > 0 || timesync.ptp !== null;
      // A pool's name stands for up to four servers.
      const isFew = [1, 2].includes(timesync[key].length) && !timesync[key].some(isPoolName);
      return isFew && !hasClock ? [{ line: lineOf('timesync', key) }] : [];
    },
  },
  {
    code: 'config-no-design',
    subject: 'clockwarden.yaml',
    severity: 'error',
    title: text('the `timesync` block cannot be carried out', '`timesync` 块无法实施'),
    why: text(
      'Each key is right by itself, and together they leave a node without anybody to follow, or contradict each other: `plan` refuses them.',
      '每个键单独看都正确，但合在一起会使某个节点无源可随，或互相矛盾：`plan` 会拒绝。',
    ),
    fix: text('Mend what the finding names.', '修正结果中指出的问题。'),
    bad: `${NODES}timesync: {upstreams: [192.0.2.1, 192.0.2.2, 192.0.2.3]}\n`,
    good: `${NODES}timesync: {upstreams: [192.0.2.1, 192.0.2.2, 192.0.2.3], allow: [10.0.0.0/24]}\n`,
    check: (file) =>
      designOf(file)?.problems.flatMap(({ severity, text: detail }) =>
        severity === 'error' ? [{ line: file.lineOf('timesync'), detail }] : [],
      ) ?? [],
  },
  {
    code: 'config-mixed-smear',
    subject: 'clockwarden.yaml',
    severity: 'warning',
    title: text(
      'servers that smear leap seconds beside servers that do not',
      '平滑闰秒与不平滑闰秒的服务器混用',
    ),
    why: text(
      'On the day of a leap second the two kinds differ by up to half a second and outvote each other.',
      '闰秒当天两类服务器最多相差半秒，并会互相否决。',
    ),
    fix: text('Take servers of one kind.', '只使用同一类服务器。'),
    bad: `${NODES}timesync: {topology: direct, upstreams: [time.google.com, ptbtime1.ptb.de, nts.netnod.se]}\n`,
    good: `${NODES}timesync: {topology: direct, upstreams: [time.cloudflare.com, ptbtime1.ptb.de, nts.netnod.se]}\n`,
    check: (file) => {
      const isMixed = designOf(file)?.nodes.some(
        ({ upstreams }) => upstreams.some(isSmeared) && !upstreams.every(isSmeared),
      );
      return isMixed === true ? [{ line: file.lineOf('timesync', 'upstreams') }] : [];
    },
  },
  {
    code: 'config-adopts-everybody',
    subject: 'clockwarden.yaml',
    severity: 'warning',
    title: text('every node is adopted', '所有节点都只监测不改写'),
    why: text(
      'With `adopt` on every node the rest of the block changes nothing, and no node is held to whom it should follow.',
      '所有节点都设置了 `adopt` 时，该块的其余内容不起作用，也不会核对节点应当跟随谁。',
    ),
    fix: text(
      'Keep `adopt` on the nodes that somebody else configures, or set `enabled: false`.',
      '只在由他人配置的节点上保留 `adopt`，或设置 `enabled: false`。',
    ),
    bad: `${NODES}timesync: {topology: island, allow: [10.0.0.0/24], adopt: true}\n`,
    good: `${NODES}timesync: {enabled: false, topology: island, allow: [10.0.0.0/24], adopt: true}\n`,
    check: (file) => {
      const nodes = designOf(file)?.nodes ?? [];
      return nodes.length > 0 && nodes.every(({ adopted }) => adopted)
        ? [{ line: file.lineOf('timesync', 'adopt') }]
        : [];
    },
  },
  {
    code: 'config-step-always',
    subject: 'clockwarden.yaml',
    severity: 'warning',
    title: text('the clocks may be stepped at any time', '时钟随时可能被跳变'),
    why: text(
      'With a negative limit one bad answer makes time jump under running etcd and apiservers.',
      '次数为负时，一次错误应答就会让运行中的 etcd 和 apiserver 经历时间跳变。',
    ),
    fix: text('Use `makestep: {threshold: 1s, limit: 3}`.', '使用 `makestep: {threshold: 1s, limit: 3}`。'),
    bad: `${NODES}timesync: {servers: [192.0.2.1, 192.0.2.2, 192.0.2.3], makestep: {threshold: 1s, limit: -1}}\n`,
    good: `${NODES}timesync: {servers: [192.0.2.1, 192.0.2.2, 192.0.2.3], makestep: {threshold: 1s, limit: 3}}\n`,
    check: ({ policy: { timesync }, lineOf }) =>
      timesync !== undefined && timesync.makestep.limit < 0 ? [{ line: lineOf('timesync', 'makestep') }] : [],
  },
];
