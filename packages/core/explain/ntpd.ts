/** `ntpq -p` and `ntpdate -q`, row by row. */
import type { NtpdateConclusion, NtpdateServer, NtpPeer, TallyMark } from '../ntpq/index.ts';
import { formatAge, formatDuration, type Text, text } from '../text/index.ts';
import type { ExplainedRow, ExplainedSection, ExplainedValue, Importance } from './structure.ts';
import {
  aheadOrBehind,
  explainReach,
  type Scale,
  scaleFor,
  signedSeconds,
  stepsBelow,
  value,
} from './words.ts';

const tallies: Readonly<Record<TallyMark, readonly [Text, Importance]>> = {
  '*': [text('The peer that ntpd follows.', 'ntpd 正在跟随的对端。'), 'good'],
  o: [
    text('The peer that ntpd follows, with a pulse per second.', 'ntpd 正在跟随的对端，并使用秒脉冲。'),
    'good',
  ],
  '+': [
    text('Good, and combined with the one that is followed.', '良好，并与所跟随的对端合并使用。'),
    'good',
  ],
  '#': [text('Good, but not needed.', '良好，但不需要。'), 'plain'],
  '-': [text('Left out as an outlier of the survivors.', '作为离群者被剔除。'), 'plain'],
  '.': [text('Left out: there are enough others.', '因数量已足而被剔除。'), 'plain'],
  x: [text('A falseticker: its time contradicts the majority.', '错误时间源：其时间与多数矛盾。'), 'problem'],
  ' ': [
    text(
      'Rejected: unreachable, unsynchronized, or too far from a reference.',
      '被拒绝：不可达、未同步，或距参考过远。',
    ),
    'attention',
  ],
};

/** Codes that stand where the reference of a peer would be. */
const refIdCodes: Readonly<Record<string, Text>> = {
  INIT: text('Not heard yet.', '尚未收到应答。'),
  STEP: text('It has just stepped its clock.', '刚刚跳变过时钟。'),
  RATE: text('It told us to ask less often.', '它要求降低询问频率。'),
  DENY: text('It refuses to serve this node.', '它拒绝为本节点服务。'),
  RSTR: text('It refuses to serve this node.', '它拒绝为本节点服务。'),
  POOL: text('A line of the configuration, not a server.', '配置中的一行，而非服务端。'),
  LOCL: text('Its own free-running clock.', '自身自由运行的时钟。'),
  GPS: text('A satellite receiver.', '卫星接收机。'),
  PPS: text('A pulse per second.', '秒脉冲。'),
};

export function explainPeers(peers: readonly NtpPeer[]): ExplainedSection {
  const scale = scaleFor(
    peers.flatMap((one) =>
      one.offsetSeconds === null ? [] : [one.delaySeconds, one.offsetSeconds, one.jitterSeconds],
    ),
  );
  return {
    kind: 'ntpq-peers',
    title: text('ntpq -p: whom ntpd asks', 'ntpq -p:ntpd 向谁要时间'),
    lines: null,
    values: [],
    rows: peers.map((peer) => explainPeer(peer, scale)),
  };
}

function explainPeer(peer: NtpPeer, scale: Scale): ExplainedRow {
  const [summary, importance] = summarizePeer(peer);
  const code = Object.hasOwn(refIdCodes, peer.refId) ? refIdCodes[peer.refId] : undefined;
  return {
    name: peer.remote,
    mark: peer.tally.trim(),
    importance,
    summary,
    values: [
      value(
        'refid',
        peer.refId,
        code ?? text('Where this peer has its own time from.', '该对端自身的时间来源。'),
      ),
      explainStratum(peer),
      value(
        'when',
        peer.lastPacketAgeSeconds === null ? '—' : formatAge(peer.lastPacketAgeSeconds),
        peer.lastPacketAgeSeconds === null
          ? text('Nothing was ever received.', '从未收到报文。')
          : text('Since the last packet.', '距最近报文的时间。'),
      ),
      value('poll', formatDuration(peer.pollSeconds), text('Asked so often.', '询问间隔。')),
      explainReach('reach', peer.reach),
      ...explainMeasurement(peer, scale),
    ],
  };
}

function summarizePeer(peer: NtpPeer): readonly [Text, Importance] {
  const local = peer.type === 'l' || peer.refId === 'LOCL';
  if (local && (peer.tally === '*' || peer.tally === 'o')) {
    return [
      text('ntpd follows the machine’s own clock: it runs free.', 'ntpd 跟随本机自身时钟：处于自由运行。'),
      'problem',
    ];
  }
  if (peer.tally === ' ' && local) {
    return [
      text('The machine’s own clock as a last resort; not in use.', '本机自身时钟，作为最后手段；未使用。'),
      'plain',
    ];
  }
  if (peer.tally === ' ' && peer.refId === 'POOL') {
    return [
      text(
        'The pool line itself; its servers have rows of their own.',
        'pool 配置行本身；其服务端另有各行。',
      ),
      'plain',
    ];
  }
  if (peer.tally === ' ' && peer.reach === 0) {
    return [
      text(
        'No answer: a firewall between them, the server down, or a wrong address.',
        '没有应答：中间有防火墙、服务端停机，或地址有误。',
      ),
      'problem',
    ];
  }
  if (peer.tally === ' ' && peer.stratum >= 16) {
    return [text('It answers, but is not synchronized itself.', '有应答，但自身未同步。'), 'problem'];
  }
  return tallies[peer.tally];
}

function explainStratum({ stratum }: NtpPeer): ExplainedValue {
  return stratum >= 16
    ? value(
        'st',
        String(stratum),
        text('16: not synchronized, or never heard.', '16：未同步，或从未有应答。'),
        'attention',
      )
    : value(
        'st',
        String(stratum),
        stratum <= 1
          ? text('It has a reference clock of its own.', '它自身连接参考时钟。')
          : stepsBelow(stratum),
      );
}

function explainMeasurement(peer: NtpPeer, scale: Scale): ExplainedValue[] {
  if (peer.offsetSeconds === null) {
    return [
      value('offset', '—', text('Not measured; the zeros are no values.', '未测量；其中的零不是测量值。')),
    ];
  }
  const side = aheadOrBehind(peer.offsetSeconds);
  return [
    value(
      'delay',
      scale.plain(peer.delaySeconds),
      text('Round trip; half of it is uncertain.', '往返时延；其一半是不确定的。'),
    ),
    value(
      'offset',
      scale.signed(peer.offsetSeconds),
      text(
        `The node’s clock is ${side.en} this peer (ntpq prints milliseconds with the opposite sign).`,
        `本节点时钟${side.zh('该对端')}(ntpq 以毫秒打印，符号相反)。`,
      ),
      Math.abs(peer.offsetSeconds) > 0.128 ? 'attention' : 'plain',
    ),
    value(
      'jitter',
      scale.plain(peer.jitterSeconds),
      text('How much its offsets scatter.', '其偏移的离散程度。'),
    ),
  ];
}

export function explainNtpdate(
  servers: readonly NtpdateServer[],
  conclusion: NtpdateConclusion | null,
): ExplainedSection {
  const said: Readonly<Record<NtpdateConclusion, Text>> = {
    adjust: text(
      'Below 0.5 s: without -q ntpdate would slew the clock.',
      '小于 0.5 s：若不带 -q,ntpdate 会渐调时钟。',
    ),
    step: text(
      '0.5 s or more: without -q ntpdate would step the clock.',
      '达到 0.5 s：若不带 -q,ntpdate 会跳变时钟。',
    ),
    'no-server': text('No server gave a usable answer.', '没有服务端给出可用的应答。'),
  };
  return {
    kind: 'ntpdate',
    title: text('ntpdate -q: the clock against servers', 'ntpdate -q：时钟与服务端的比较'),
    lines: null,
    values:
      conclusion === null
        ? []
        : [value('ntpdate', conclusion, said[conclusion], conclusion === 'no-server' ? 'problem' : 'plain')],
    rows: servers.map(explainNtpdateServer),
  };
}

function explainNtpdateServer(server: NtpdateServer): ExplainedRow {
  if (server.offsetSeconds === null || server.boundSeconds === null) {
    const summary = text('It did not answer.', '没有应答。');
    return { name: server.server, mark: '', importance: 'problem', summary, values: [] };
  }
  const side = aheadOrBehind(server.offsetSeconds);
  const bound = formatDuration(server.boundSeconds);
  return {
    name: server.server,
    mark: '',
    importance: Math.abs(server.offsetSeconds) - server.boundSeconds > 0.5 ? 'attention' : 'plain',
    summary: text(
      `This machine’s clock is ${side.en} it, ± ${bound}.`,
      `本机时钟${side.zh('它')},± ${bound}。`,
    ),
    values: [
      value(
        'offset',
        signedSeconds(server.offsetSeconds),
        text(
          'This machine minus the server (ntpdate prints the opposite sign).',
          '本机减去服务端(ntpdate 的符号相反)。',
        ),
      ),
      value('stratum', String(server.stratum), text('Steps from a reference clock.', '距参考时钟的级数。')),
    ],
  };
}
