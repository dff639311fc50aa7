/** Rules for clockwarden.yaml beyond what its schema refuses. */
import { text } from '../text/index.ts';
import type { PolicyRule } from './rule.ts';

const NODES =
  'nodes:\n  - {name: cp-1, address: 10.0.0.1, roles: [control-plane]}\n  - {name: w-1, address: 10.0.0.2}\n';

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
      const count = timesync[key].length;
      return count === 1 || count === 2 ? [{ line: lineOf('timesync', key) }] : [];
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
    bad: `${NODES}timesync: {makestep: {threshold: 1s, limit: -1}}\n`,
    good: `${NODES}timesync: {makestep: {threshold: 1s, limit: 3}}\n`,
    check: ({ policy: { timesync }, lineOf }) =>
      timesync !== undefined && timesync.makestep.limit < 0 ? [{ line: lineOf('timesync', 'makestep') }] : [],
  },
];
