/** What a person reads before anything is changed. */

import type { GatheredFacts } from '@clockwarden/adapters/configure';
import { designCluster, type FileState } from '@clockwarden/core/configure';
import { failure } from '@clockwarden/core/observe';
import { defaultTimesync, type TimesyncConfig } from '@clockwarden/core/policy';
import { type Language, text } from '@clockwarden/core/text';
import { estimate } from '@clockwarden/core/time';
import { runningUnit, testFacts } from '@clockwarden/testkit/configure';
import { testNode, testPolicy } from '@clockwarden/testkit/policy';
import { expect, test } from 'vitest';
import { testContext } from '../terminal/test-context.ts';
import type { MeasuredCorrection } from '../verify/index.ts';
import { planDocument } from './document.ts';
import { type ClusterPlan, type Corrections, DEFAULT_BATCH, planFrom } from './make.ts';
import { planLines } from './report.ts';

const timesync: TimesyncConfig = {
  ...defaultTimesync,
  topology: 'hierarchy',
  upstreams: ['ntp1.example', 'ntp2.example', 'ntp3.example'],
  allow: ['10.2.0.0/16'],
};
const policy = testPolicy({
  nodes: [
    testNode('cp1', { address: '10.2.0.1', roles: ['control-plane'], timezone: 'Asia/Shanghai' }),
    testNode('w1', { address: '10.2.0.11' }),
    testNode('w2', { address: '10.2.0.12' }),
    testNode('w3', { address: '10.2.0.13' }),
    testNode('w4', { address: '10.2.0.14' }),
  ],
  overrides: new Map([['w3', { adopt: true }]]),
});

/** A fresh machine, with a firewall. */
const cp1 = testFacts({
  packages: {
    chrony: { installed: null, candidate: '4.3' },
    'systemd-timesyncd': { installed: '252', candidate: '252' },
  },
  units: { 'systemd-timesyncd.service': runningUnit },
  files: { '/etc/localtime': { kind: 'link', target: '/usr/share/zoneinfo/Etc/UTC' } },
  firewall: { backend: 'ufw', opened: [] },
  runs: { etcd: true, apiserver: true },
});

/** One that grew wild: the file of the distribution, and a second daemon. */
const w1 = testFacts({
  files: { '/etc/chrony/chrony.conf': fileOf('pool 2.debian.pool.ntp.org iburst\nrtcsync\n') },
  units: { 'chrony.service': runningUnit, 'ntpd.service': runningUnit },
});

const gathered: ReadonlyMap<string, GatheredFacts> = new Map([
  ['cp1', { ok: true, facts: cp1 }],
  ['w1', { ok: true, facts: w1 }],
  ['w2', { ok: true, facts: testFacts({ os: { id: 'plan9', like: '', name: 'Plan 9' } }) }],
  ['w3', { ok: true, facts: testFacts() }],
  [
    'w4',
    {
      ok: false,
      failure: failure('unreachable', text('w4 refuses the connection.', 'w4 拒绝连接。')),
    },
  ],
]);

const corrections: Corrections = new Map([
  ['cp1', { offset: estimate(-42, 0.002), correction: { kind: 'step', seconds: -42, backwards: false } }],
  [
    'w1',
    {
      offset: estimate(0.05, 0.002),
      correction: { kind: 'slew', seconds: 0.05, durationSeconds: 0.6 },
    },
  ],
]);

function fileOf(content: string, mode = 0o644): FileState {
  return { kind: 'file', content: btoa(content), mode, owner: 'root', group: 'root' };
}

const plan = planFrom({ design: designCluster(policy, timesync), timesync }, gathered, DEFAULT_BATCH);

function printed(language: Language, of: ClusterPlan = plan, measured = corrections): readonly string[] {
  return planLines(testContext(language).context, of, measured);
}

test('node by node what would be done and why, what becomes of the clock, and in which order', () => {
  expect(printed('en').join('\n')).toMatchInlineSnapshot(`
    "Of 5 nodes 2 would change, 1 would stay unchanged, 2 cannot be planned.
    ▲ Only 1 of the nodes serves: clients want three to find a wrong one.
    ▲ One server alone is followed: when it lies or dies, nobody notices.
    Servers (1): cp1. Control-plane nodes are there before the others, stay longest and are looked after most; three can outvote a wrong one.

    cp1 (server, Debian 12)
      Its clock stands −42.0000 ± 0.0020 s from what it will follow: will be stepped forwards.
      ▲ cp1 runs etcd + kube-apiserver and would be stepped by +42 s: leases, tokens and the order of its log would suffer. Drain it or stop the process first, or accept it with --allow-step.
      1. fetch chrony, systemd-timesyncd  # Fetch everything first: the present daemon is only retired when the new one, and the way back, are at hand.
      2. install chrony, which removes systemd-timesyncd  # chrony is not installed; the package manager removes systemd-timesyncd for it, since one clock has one owner.
      3. write /etc/chrony/chrony.conf; restart chrony.service if it runs  # Whom to follow and whom to serve. It is parsed by the daemon before it replaces anything, and read when the daemon restarts.
         new: 0644 root:root
         @@ -0,0 +1,21 @@
         +# Written by Clockwarden from clockwarden.yaml.
         +
         +# Outside servers. iburst: the first correction within seconds of a start.
         +server ntp1.example iburst
         +server ntp2.example iburst
         +server ntp3.example iburst
         +
         +# Who may ask this server; everybody else is refused. No \`deny all\`: it would take precedence.
         +allow 10.2.0.0/16
         +
         +# Without any source the servers stay together and go on serving; stratum 10 claims no reference.
         +local stratum 10 orphan
         +
         +# The rate of this clock, kept over restarts.
         +driftfile /var/lib/chrony/chrony.drift
         +
         +# Step in the first 3 corrections when off by more than 1 s, later only slew.
         +makestep 1.0 3
         +
         +# Tell the kernel that the clock is synchronised (clears STA_UNSYNC), and keep the hardware clock in step.
         +rtcsync
      4. open UDP 123 in ufw for 10.2.0.0/16  # Clients ask this server on UDP 123.
      5. write /etc/localtime  # The timezone is to be Asia/Shanghai.
         @@ -1,1 +1,1 @@
         -→ /usr/share/zoneinfo/Etc/UTC
         +→ /usr/share/zoneinfo/Asia/Shanghai
      6. write /etc/timezone  # The timezone is to be Asia/Shanghai.
         new: 0644 root:root
         @@ -0,0 +1,1 @@
         +Asia/Shanghai

    w1 (client, Debian 12)
      Its clock stands +50.0 ± 2.0 ms from what it will follow: will be slewed, for about 600 ms.
      1. write /etc/chrony/chrony.conf; restart chrony.service  # Whom to follow and whom to serve. It is parsed by the daemon before it replaces anything, and read when the daemon restarts.
         @@ -1,2 +1,13 @@
         -pool 2.debian.pool.ntp.org iburst
         +# Written by Clockwarden from clockwarden.yaml.
         +
         +# The servers of this cluster.
         +server 10.2.0.1 iburst
         +
         +# The rate of this clock, kept over restarts.
         +driftfile /var/lib/chrony/chrony.drift
         +
         +# Step in the first 3 corrections when off by more than 1 s, later only slew.
         +makestep 1.0 3
         +
         +# Tell the kernel that the clock is synchronised (clears STA_UNSYNC), and keep the hardware clock in step.
          rtcsync
      2. stop and disable ntpd.service; enable and start chrony.service  # One clock has one owner: two daemons correct each other's corrections.

    w2 (client, Plan 9): not touched
      ✖ Plan 9 is not supported: Debian, RHEL and their kin are.

    w3 (client, Debian 12): adopted: monitored, not rewritten

    w4: w4 refuses the connection.

    In this order, each step verified before the next:
      1. cp1
      2. w1
    "
  `);
});

test('in Chinese as well', () => {
  const words = printed('zh-CN').filter((line) => !line.startsWith('     '));
  expect(words.join('\n')).toMatchInlineSnapshot(`
    "5 个节点中，2 个需要改动，1 个无需改动，2 个无法制定计划。
    ▲ 只有 1 个节点提供服务：客户端至少需要三个才能识别出错的那个。
    ▲ 只跟随一个服务端：它出错或失效时无人察觉。
    服务端(1 个)：cp1。控制平面节点最先就绪、存续最久、维护最周到；三个节点可以否决其中出错的一个。

    cp1 (服务端，Debian 12)
      其时钟与将要跟随的时间相差 −42.0000 ± 0.0020 s：将向前跳变。
      ▲ cp1 上运行着 etcd + kube-apiserver，时钟将跳变 +42 s：租约、令牌和日志顺序会受影响。请先排空该节点或停止该进程，或用 --allow-step 接受。
      1. 取回 chrony、systemd-timesyncd  # 先取回所有软件包：只有新守护进程和回退所需的软件包都已就绪，才会停用现有的守护进程。
      2. 安装 chrony，并移除 systemd-timesyncd  # 尚未安装 chrony；包管理器会为此移除 systemd-timesyncd，因为一个时钟只能有一个主人。
      3. 写入 /etc/chrony/chrony.conf；若 chrony.service 在运行则重启  # 写明跟随谁、为谁服务。替换之前先由守护进程解析，守护进程重启时读取。
      4. 在 ufw 中为 10.2.0.0/16 放行 UDP 123  # 客户端通过 UDP 123 访问该服务端。
      5. 写入 /etc/localtime  # 时区应为 Asia/Shanghai。
      6. 写入 /etc/timezone  # 时区应为 Asia/Shanghai。

    w1 (客户端，Debian 12)
      其时钟与将要跟随的时间相差 +50.0 ± 2.0 ms：将渐调，约 600 ms。
      1. 写入 /etc/chrony/chrony.conf；重启 chrony.service  # 写明跟随谁、为谁服务。替换之前先由守护进程解析，守护进程重启时读取。
      2. 停止并禁用 ntpd.service；启用并启动 chrony.service  # 一个时钟只能有一个主人：两个守护进程会互相修正对方的修正。

    w2 (客户端，Plan 9)：不作改动
      ✖ 不支持 Plan 9：支持 Debian、RHEL 及其衍生版。

    w3 (客户端，Debian 12)：只监测，不改写

    w4：w4 拒绝连接。

    按以下顺序进行，每一步验证通过后才进行下一步：
      1. cp1
      2. w1
    "
  `);
});

/** What is printed of w1 alone. */
function ofW1(
  more: Partial<typeof w1>,
  measured?: MeasuredCorrection,
  config: Partial<TimesyncConfig> = {},
  language: Language = 'en',
): string {
  const own = { ...timesync, ...config };
  const found = new Map([['w1', { ok: true, facts: { ...w1, ...more } } as const]]);
  const made = planFrom({ design: designCluster(policy, own), timesync: own }, found, DEFAULT_BATCH);
  const lines = printed(language, made, measured === undefined ? new Map() : new Map([['w1', measured]]));
  const from = lines.findIndex((line) => line.startsWith('w1'));
  return lines.slice(from, lines.indexOf('', from)).join('\n');
}

test('a secret is never shown, who may read it is', () => {
  const keys = { id: 7, content: '7 SHA256 HEX:c0ffee\n', file: 'keys' };
  const before = { '/etc/chrony/chrony.keys': fileOf('1 MD5 hush\n', 0o640) };
  const words = ofW1({ files: before }, undefined, { keys });
  expect(words).toContain('0640 root:root → 0640 root:_chrony\n     not shown: not everybody may read it\n');
  expect(ofW1({ files: {} }, undefined, { keys })).toContain('new: 0640 root:_chrony\n     not shown');
  expect(ofW1({ files: {} }, undefined, { keys }, 'zh-CN')).toContain(
    '新文件：0640 root:_chrony\n     不显示：并非所有人都可读',
  );
  expect(words).not.toMatch(/hush|c0ffee/);
});

test('what a node says of itself is written out, and steers no terminal', () => {
  const hostile = '\u001b[2J\u202epool a\r';
  const words = ofW1({
    os: { id: 'debian', like: '', name: 'Debian\u001b[8m' },
    files: {
      '/etc/chrony/chrony.conf': fileOf(Buffer.from(`${hostile}\n`).toString('latin1')),
      '/etc/cron.d/a': fileOf('* * * * * root ntpdate a\u0007\n'),
    },
    clockJobs: { '/etc/cron.d/a': ['* * * * * root ntpdate a\u0007'] },
  });
  expect(words).toContain('-\\u{1b}[2J\\u{202e}pool a\\u{d}');
  expect(words).toContain("behind the daemon's back: * * * * * root ntpdate a\\u{7}");
  expect(words.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
});

test.each<[MeasuredCorrection, string]>([
  [
    { offset: estimate(0.0001, 0.001), correction: { kind: 'none' } },
    'Its clock stands +0.1 ± 1.0 ms from what it will follow: nothing to correct.',
  ],
  [
    { offset: estimate(7200, 0.1), correction: { kind: 'step', seconds: 7200, backwards: true } },
    `Its clock stands +120.000 ± 0.002 min from what it will follow: will be stepped backwards.
  ▲ w1 would be stepped by −120 min, more than 60 min. Make sure of it with \`clockwarden query\`, then allow it: --max-step 3h`,
  ],
  [
    {
      offset: null,
      correction: { kind: 'unknown', code: 'no-source', why: text('None answers.', '均未应答。') },
    },
    'Its clock: whether it will be stepped cannot be told: None answers.',
  ],
  [
    {
      offset: null,
      correction: { kind: 'unknown', code: 'sources-disagree', why: text('They disagree.', '互相矛盾。') },
    },
    '▲ w1: They disagree. See who is wrong with `clockwarden query`, and take it out of `upstreams`.',
  ],
])('what becomes of a clock, and what `apply` wants to be told before', (measured, expected) => {
  const [, ...words] = ofW1({}, measured).split('\n  1. ')[0]?.split('\n') ?? [];
  expect(words.join('\n')).toBe(`  ${expected}`);
});

test('nothing becomes of a clock whose daemon goes on running', () => {
  const measured: MeasuredCorrection = {
    offset: estimate(7, 0.1),
    correction: { kind: 'step', seconds: 7, backwards: true },
  };
  const done = new Map(
    planFrom({ design: designCluster(policy, timesync), timesync }, gathered, DEFAULT_BATCH)
      .nodes.find(({ name }) => name === 'w1')
      ?.plan?.actions.flatMap(({ action }) =>
        action.kind === 'configure-daemon'
          ? action.files.map(({ path, state }) => [path, state] as const)
          : [],
      ),
  );
  const words = ofW1(
    {
      files: { ...Object.fromEntries(done), '/etc/cron.d/a': fileOf('* * * * * root ntpdate a\n') },
      clockJobs: { '/etc/cron.d/a': ['* * * * * root ntpdate a'] },
      units: { 'chrony.service': runningUnit },
    },
    measured,
  );
  expect(words.split('\n')[1]).toMatch(/^ {2}1\. write \/etc\/cron\.d\/a /);
});

test('the plan file has the same, in the order in which it would be done', () => {
  const document = planDocument(policy, plan, corrections, 'zh-CN', new Date(0));
  expect(document).toMatchObject({
    cluster: 'test',
    at: '1970-01-01T00:00:00.000Z',
    topology: 'hierarchy',
    order: [['cp1'], ['w1']],
    problems: [{ severity: 'warning' }, { severity: 'warning' }],
  });
  expect(document.nodes.map(({ name, part, failure: why }) => [name, part, why])).toEqual([
    ['cp1', 'server', null],
    ['w1', 'client', null],
    ['w2', 'client', null],
    ['w3', 'client', null],
    ['w4', null, { code: 'unreachable', text: 'w4 拒绝连接。' }],
  ]);
  expect(document.nodes[1]).toMatchObject({
    offset: { seconds: 0.05, lowSeconds: 0.048, highSeconds: expect.closeTo(0.052) },
    correction: { kind: 'slew', seconds: 0.05, durationSeconds: 0.6, text: '将渐调，约 600 ms' },
    actions: [
      { action: { kind: 'configure-daemon' }, reason: expect.stringContaining('写明跟随谁') },
      {
        action: { kind: 'set-units' },
        inverse: { kind: 'set-units', units: { 'ntpd.service': runningUnit } },
      },
    ],
  });
  expect(document.nodes[2]).toMatchObject({
    actions: [],
    problems: [{ severity: 'error' }],
    correction: null,
  });
  expect(document.nodes[4]).toMatchObject({ actions: null, seen: null, offset: null });
});
