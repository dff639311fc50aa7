/** The smaller reports of chronyc: activity, ntpdata, selectdata, serverstats. */
import type { ChronyNtpData, ChronySelectData, ChronyServerStats } from '../chrony/index.ts';
import type { ChronyActivity } from '../observe/index.ts';
import { formatDuration, type Text, text } from '../text/index.ts';
import type { ExplainedRow, ExplainedSection, ExplainedValue, Importance } from './structure.ts';
import { aheadOrBehind, sentences, signedSeconds, value } from './words.ts';

export function explainActivity(activity: Partial<ChronyActivity>): ExplainedSection {
  const { online, offline, burstOnline, burstOffline, unresolved } = activity;
  const count = (label: string, number: number | undefined, meaning: Text, importance: Importance) =>
    number === undefined ? [] : [value(label, String(number), meaning, importance)];
  return {
    kind: 'chrony-activity',
    title: text('chronyc activity: the sources in numbers', 'chronyc activity：时间源计数'),
    lines: null,
    rows: [],
    values: [
      ...count(
        'online',
        online,
        text(
          'Asked regularly. Online only means that chronyd asks, not that anyone answers.',
          '会定期询问。online 只表示 chronyd 在询问，不代表有应答。',
        ),
        online === 0 ? 'problem' : 'plain',
      ),
      ...count(
        'offline',
        offline,
        offline === 0
          ? text('None is switched off.', '没有被停用的源。')
          : text(
              'Switched off (`offline` in the configuration, or `chronyc offline`): never asked.',
              '已停用(配置中的 `offline` 或 `chronyc offline`)：从不询问。',
            ),
        offline === 0 ? 'plain' : 'attention',
      ),
      ...count(
        'burst (return to online)',
        burstOnline,
        text('Being asked several times in a row now, as at the start.', '正在连续多次询问，启动时即如此。'),
        'plain',
      ),
      ...count(
        'burst (return to offline)',
        burstOffline,
        text('The same, and switched off again afterwards.', '同上，之后重新停用。'),
        'plain',
      ),
      ...count(
        'unknown address',
        unresolved,
        unresolved === 0
          ? text('Every name resolved.', '所有名称都已解析。')
          : text(
              'Their names do not resolve: DNS does not work, or a name is mistyped.',
              '名称无法解析：DNS 不可用，或名称有误。',
            ),
        unresolved === 0 ? 'plain' : 'problem',
      ),
    ],
  };
}

/** RFC 5905 tests 1-3 and 5-7, then chrony's own four, as the digits of "NTP tests". */
const tests: readonly Text[] = [
  text('duplicate packet', '重复报文'),
  text('reply to another request', '不是对本请求的应答'),
  text('no valid timestamps', '时间戳无效'),
  text('not authenticated', '认证失败'),
  text('server unsynchronized', '服务端未同步'),
  text('server too far from its reference', '服务端距其参考过远'),
  text('delay too large (maxdelay)', '时延过大(maxdelay)'),
  text('delay above the usual ratio', '时延超过通常比例'),
  text('delay outlier', '时延离群'),
  text('loop back to this node', '回环到本节点'),
];

export function explainNtpData(sources: readonly ChronyNtpData[]): ExplainedSection {
  return {
    kind: 'chrony-ntpdata',
    title: text('chronyc ntpdata: the last packet of each source', 'chronyc ntpdata：每个源的最近报文'),
    lines: null,
    values: [],
    rows: sources.map(explainNtpSource),
  };
}

function explainNtpSource(source: ChronyNtpData): ExplainedRow {
  const failed = tests.filter((_, index) => source.tests?.[index] === '0');
  const [summary, importance] = summarizeNtpSource(source, failed);
  return {
    name: source.address,
    mark: '',
    importance,
    summary,
    values: [
      value(
        'Total TX / RX / valid / good',
        `${source.sent} / ${source.received} / ${source.valid} / ${source.good ?? '—'}`,
        text(
          'Requests sent, replies received, replies that are proper NTP, and samples that were accepted.',
          '发出的请求、收到的应答、合规的应答、被接受的样本。',
        ),
      ),
      ...explainPacket(source),
    ],
  };
}

function summarizeNtpSource(source: ChronyNtpData, failed: readonly Text[]): readonly [Text, Importance] {
  if (source.sent === 0) {
    return [text('It was never asked: it is offline.', '从未询问过它：处于 offline。'), 'attention'];
  }
  if (source.received === 0) {
    return [
      text(
        `${source.sent} requests were sent and nothing came back: firewall, server down or wrong address.`,
        `已发出 ${source.sent} 个请求，没有任何应答：防火墙、服务端停机或地址有误。`,
      ),
      'problem',
    ];
  }
  if (failed.length > 0) {
    return [
      text(
        `The last reply failed: ${failed.map((one) => one.en).join(', ')}.`,
        `最近的应答未通过检验：${failed.map((one) => one['zh-CN']).join('、')}。`,
      ),
      'attention',
    ];
  }
  const lost = source.sent - source.received;
  return lost > source.sent / 4
    ? [
        text(
          `${lost} of ${source.sent} requests got no answer.`,
          `${source.sent} 个请求中有 ${lost} 个没有应答。`,
        ),
        'attention',
      ]
    : [
        text('It answers, and the last reply passed all tests.', '有应答，且最近的应答通过了全部检验。'),
        'good',
      ];
}

function explainPacket(source: ChronyNtpData): ExplainedValue[] {
  if (source.offsetSeconds === null) return [];
  const side = aheadOrBehind(source.offsetSeconds);
  const values = [
    value(
      'Offset',
      signedSeconds(source.offsetSeconds),
      text(
        `The node’s clock was ${side.en} this source (chronyc prints the opposite sign here).`,
        `本节点时钟${side.zh('该源')}(chronyc 在此处的符号相反)。`,
      ),
    ),
  ];
  if (source.peerDelaySeconds !== null) {
    values.push(
      value(
        'Peer delay',
        formatDuration(source.peerDelaySeconds),
        text(
          `Round trip to this server; the offset is uncertain by up to half of it, ${formatDuration(source.peerDelaySeconds / 2)}.`,
          `到该服务端的往返时延；偏移的不确定度可达其一半，即 ${formatDuration(source.peerDelaySeconds / 2)}。`,
        ),
      ),
    );
  }
  if (source.jitterAsymmetry !== null) {
    // On a short path the jitter is that of the machines.
    const oneSided = Math.abs(source.jitterAsymmetry) > 0.4 && (source.peerDelaySeconds ?? 0) > 1e-3;
    values.push(
      value(
        'Jitter asymmetry',
        source.jitterAsymmetry.toFixed(2),
        oneSided
          ? text(
              `Nearly ±0.5: ${source.jitterAsymmetry < 0 ? 'the way there' : 'the way back'} is the busy one, so offsets lean to one side.`,
              `接近 ±0.5：${source.jitterAsymmetry < 0 ? '去程' : '回程'}更拥堵，偏移会偏向一侧。`,
            )
          : text(
              'Near ±0.5 would mean that one direction is the busy one; on a short path it does not matter.',
              '接近 ±0.5 表示某一方向更拥堵；路径很短时无关紧要。',
            ),
        oneSided ? 'attention' : 'plain',
      ),
    );
  }
  values.push(
    value(
      'RX timestamping',
      source.rxTimestamping,
      source.rxTimestamping === 'Daemon'
        ? text('Stamped by the daemon: less exact under load.', '由守护进程打时间戳：负载高时精度较差。')
        : text('Stamped before the daemon woke up.', '在守护进程被唤醒之前已打时间戳。'),
    ),
  );
  return values;
}

const selectStates: Readonly<Record<string, readonly [Text, Importance]>> = {
  N: [text('Never selected: it has the option `noselect`.', '从不选用：设置了 `noselect`。'), 'plain'],
  s: [text('Not synchronized, or never heard.', '未同步，或从未有应答。'), 'problem'],
  M: [text('Too few measurements yet.', '测量次数尚少。'), 'plain'],
  d: [
    text('Its root distance is larger than `maxdistance` allows.', '其根距离超过 `maxdistance`。'),
    'attention',
  ],
  '~': [text('Its jitter is larger than `maxjitter` allows.', '其抖动超过 `maxjitter`。'), 'attention'],
  w: [text('Waits for other sources to get enough measurements.', '等待其他源获得足够的测量。'), 'plain'],
  S: [
    text('Its measurements are older than those of the reachable sources.', '其测量比其他可达源的更旧。'),
    'attention',
  ],
  O: [text('Its stratum is not below the orphan stratum.', '其层级不低于 orphan 层级。'), 'plain'],
  T: [text('Disagrees with the sources marked `trust`.', '与标记为 `trust` 的源不一致。'), 'attention'],
  x: [text('A falseticker: it disagrees with the majority.', '错误时间源：与多数不一致。'), 'problem'],
  W: [
    text(
      'Would be used, but `minsources` or `require` is not met yet.',
      '本可使用，但尚未满足 `minsources` 或 `require`。',
    ),
    'attention',
  ],
  P: [
    text('Would be used, but a source marked `prefer` goes first.', '本可使用，但标记为 `prefer` 的源优先。'),
    'plain',
  ],
  U: [
    text(
      'Waits for its next measurement after a change of the best source.',
      '更换最佳源后，等待其下一次测量。',
    ),
    'plain',
  ],
  D: [
    text('Right, but too uncertain to be combined with the best.', '正确，但不确定度过大，不与最佳源合并。'),
    'plain',
  ],
  r: [
    text('Its stratum is outside `minstratum`/`maxstratum`.', '其层级超出 `minstratum`/`maxstratum`。'),
    'plain',
  ],
  '+': [text('Combined with the best source.', '与最佳源合并使用。'), 'good'],
  '*': [text('The best source: the clock follows it.', '最佳源：时钟跟随它。'), 'good'],
};

const optionNames: Readonly<Record<string, string>> = {
  N: 'noselect',
  P: 'prefer',
  T: 'trust',
  R: 'require',
};

export function explainSelectData(sources: readonly ChronySelectData[]): ExplainedSection {
  return {
    kind: 'chrony-selectdata',
    title: text(
      'chronyc selectdata: why a source was selected or not',
      'chronyc selectdata：某个源为何被选中或未被选中',
    ),
    lines: null,
    values: [],
    rows: sources.map((source) => {
      const [summary, importance] = selectStates[source.state] ?? [
        text('Unknown state.', '未知状态。'),
        'plain',
      ];
      return {
        name: source.name,
        mark: source.state,
        importance,
        summary,
        values: explainSelectValues(source),
      };
    }),
  };
}

function explainSelectValues(source: ChronySelectData): ExplainedValue[] {
  const names = (letters: string): string =>
    [...letters].map((letter) => optionNames[letter] ?? letter).join(', ') || '—';
  const heard = source.lowSeconds !== 0 || source.highSeconds !== 0;
  return [
    value(
      'Auth',
      source.authenticated ? 'Y' : 'N',
      source.authenticated
        ? text('Its packets are authenticated.', '其报文经过认证。')
        : text('Anyone on the path could forge its packets.', '路径上的任何人都可伪造其报文。'),
    ),
    value('COpts', names(source.configuredOptions), text('Options of the configuration.', '配置的选项。')),
    value('EOpts', names(source.effectiveOptions), text('Options in force.', '实际生效的选项。')),
    value(
      'Score',
      String(source.score),
      text(
        'Against the best source; at 10 the best is changed.',
        '与最佳源比较的得分；达到 10 时更换最佳源。',
      ),
    ),
    heard
      ? value(
          'Interval',
          `${signedSeconds(source.lowSeconds)} … ${signedSeconds(source.highSeconds)}`,
          text(
            'The node’s clock minus this source lies in here, if the source tells the truth. Intervals that do not overlap cannot both be right.',
            '若该源所言属实，本节点时钟与它之差在此区间内。互不重叠的区间不可能同时正确。',
          ),
        )
      : value('Interval', '—', text('Not measured.', '未测量。')),
  ];
}

export function explainServerStats(stats: ChronyServerStats): ExplainedSection {
  const dropped = stats.ntpDropped > 0;
  return {
    kind: 'chrony-serverstats',
    title: text(
      'chronyc serverstats: what it served since it started',
      'chronyc serverstats：启动以来提供的服务',
    ),
    lines: null,
    rows: [],
    values: [
      value(
        'NTP packets received',
        String(stats.ntpReceived),
        stats.ntpReceived === 0
          ? text(
              'Nobody asked this node for time; on a server that means a firewall, or `port 0`.',
              '没有人向本节点要时间；若它是服务端，则可能是防火墙或 `port 0`。',
            )
          : text('Requests from clients.', '来自客户端的请求。'),
      ),
      value(
        'NTP packets dropped',
        String(stats.ntpDropped),
        dropped
          ? text('Refused by the rate limit (`ratelimit`).', '被速率限制(`ratelimit`)拒绝。')
          : text('None was refused by the rate limit.', '没有请求被速率限制拒绝。'),
        dropped ? 'attention' : 'plain',
      ),
      value(
        'Command packets received / dropped',
        `${stats.commandReceived} / ${stats.commandDropped}`,
        text('Questions of chronyc and of monitoring.', 'chronyc 及监控的查询。'),
      ),
      value(
        'Client log records dropped',
        String(stats.clientLogDropped),
        sentences(
          text(
            'Clients forgotten for want of memory (`clientloglimit`).',
            '因内存不足而遗忘的客户端(`clientloglimit`)。',
          ),
          stats.clientLogDropped > 0
            ? text('`chronyc clients` does not show all of them.', '`chronyc clients` 不会显示全部客户端。')
            : null,
        ),
      ),
    ],
  };
}
