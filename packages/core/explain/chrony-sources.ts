/** `chronyc sources`, row by row. */
import type { ChronySource, ChronySourceMode, ChronySourceState } from '../observe/index.ts';
import { formatAge, formatDuration, type Text, text } from '../text/index.ts';
import type { ExplainedRow, ExplainedSection, ExplainedValue, Importance } from './structure.ts';
import {
  aheadOrBehind,
  explainReach,
  pollSeconds,
  type Scale,
  scaleFor,
  sentences,
  stepsBelow,
  value,
} from './words.ts';

const modes: Readonly<Record<ChronySourceMode, { readonly mark: string; readonly meaning: Text }>> = {
  server: { mark: '^', meaning: text('A server.', '服务端。') },
  peer: { mark: '=', meaning: text('A peer: each follows the other.', '对等节点：互相跟随。') },
  refclock: {
    mark: '#',
    meaning: text('A reference clock of this machine.', '本机连接的参考时钟。'),
  },
};

const stateMarks: Readonly<Record<ChronySourceState, string>> = {
  selected: '*',
  combined: '+',
  'not-combined': '-',
  unusable: '?',
  falseticker: 'x',
  jittery: '~',
};

/** Sources farther than this are not selected (maxdistance). */
const MOST_DISTANCE = 3;

export function explainSources(sources: readonly ChronySource[]): ExplainedSection {
  const scale = scaleFor(
    sources
      .filter(({ lastSampleAgeSeconds }) => lastSampleAgeSeconds !== null)
      .flatMap((one) => [one.adjustedOffsetSeconds, one.measuredOffsetSeconds, one.errorSeconds]),
  );
  return {
    kind: 'chrony-sources',
    title: text('chronyc sources: whom chronyd asks', 'chronyc sources:chronyd 向谁要时间'),
    lines: null,
    values: [],
    rows: sources.map((source) => explainSource(source, sources, scale)),
  };
}

function explainSource(source: ChronySource, all: readonly ChronySource[], scale: Scale): ExplainedRow {
  const [summary, importance] = explainState(source, all);
  return {
    name: source.name,
    mark: modes[source.mode].mark + stateMarks[source.state],
    importance,
    summary,
    values: [
      value('M', modes[source.mode].mark, modes[source.mode].meaning),
      value('S', stateMarks[source.state], summary, importance),
      explainStratum(source),
      value(
        'Poll',
        String(source.poll),
        text(
          `Asked every ${formatDuration(pollSeconds(source.poll))} (2 to the power of ${source.poll} seconds).`,
          `每 ${formatDuration(pollSeconds(source.poll))} 询问一次(2 的 ${source.poll} 次方秒)。`,
        ),
      ),
      explainReach('Reach', source.reach),
      explainAge(source),
      ...explainSample(source, scale),
    ],
  };
}

/** A source whose name chronyd could not resolve has a number for an address. */
export function isUnresolved(source: ChronySource): boolean {
  return source.address.startsWith('ID#');
}

/** Answers came, but the newest accepted sample is far older than the polls since. */
export function rejectsSamples(source: ChronySource): boolean {
  const age = source.lastSampleAgeSeconds;
  if (source.reach !== 0o377 || source.mode === 'refclock') return false;
  return age === null || age > 8 * Math.max(1, pollSeconds(source.poll)) + 10;
}

function explainState(source: ChronySource, all: readonly ChronySource[]): readonly [Text, Importance] {
  const best = all.find(({ state }) => state === 'selected');
  switch (source.state) {
    case 'selected':
      return source.reach === 0
        ? [
            text(
              'chronyd still follows it, though it answers no more: the clock coasts on the last known frequency.',
              'chronyd 仍在跟随它，但它已不再应答：时钟靠最后已知的频率滑行。',
            ),
            'problem',
          ]
        : [text('The source that chronyd follows.', 'chronyd 正在跟随的源。'), 'good'];
    case 'combined':
      return [text('Good, and averaged with the selected one.', '良好，并与选中的源合并使用。'), 'good'];
    case 'not-combined':
      return [explainNotCombined(source, best), 'plain'];
    case 'falseticker':
      return [explainFalseticker(source, all), 'problem'];
    case 'jittery':
      return [
        text(
          'Its time varies too much (maxjitter): a congested or wireless path, or a bad server.',
          '其时间波动过大(maxjitter)：路径拥塞、无线链路或服务端不佳。',
        ),
        'attention',
      ];
    case 'unusable':
      return explainUnusable(source);
  }
}

function explainNotCombined(source: ChronySource, best: ChronySource | undefined): Text {
  const general = text('Right as far as can be told, and not needed.', '就目前所知是正确的，但未被采用。');
  if (best === undefined || source.errorSeconds <= best.errorSeconds) return general;
  return sentences(
    general,
    text(
      `It is less certain than ${best.name}: ±${formatDuration(source.errorSeconds)} against ±${formatDuration(best.errorSeconds)}.`,
      `它不如 ${best.name} 确定：±${formatDuration(source.errorSeconds)} 对 ±${formatDuration(best.errorSeconds)}。`,
    ),
  );
}

function explainFalseticker(source: ChronySource, all: readonly ChronySource[]): Text {
  const others = all.filter(
    (other) => other !== source && ['selected', 'combined', 'not-combined'].includes(other.state),
  );
  const side = aheadOrBehind(source.adjustedOffsetSeconds);
  const seen = text(
    `Seen from this node it says that the clock is ${side.en} it (±${formatDuration(source.errorSeconds)}).`,
    `据它所说，本节点时钟${side.zh('它')}(±${formatDuration(source.errorSeconds)})。`,
  );
  return others.length === 0
    ? sentences(
        text(
          'Called a falseticker, but no majority tells who is right.',
          '被判为错误时间源，但没有多数派能说明谁对。',
        ),
        seen,
      )
    : sentences(
        text(
          'A falseticker: its time contradicts the majority, so it is not followed.',
          '错误时间源：其时间与多数源矛盾，因此不被跟随。',
        ),
        seen,
      );
}

function explainUnusable(source: ChronySource): readonly [Text, Importance] {
  if (isUnresolved(source)) {
    return [
      text('Its name does not resolve to an address: look at DNS.', '名称无法解析为地址：请检查 DNS。'),
      'problem',
    ];
  }
  if (source.reach === 0) {
    return source.mode === 'refclock'
      ? [text('The reference clock gives no samples.', '参考时钟没有给出样本。'), 'problem']
      : [
          text(
            'No answer: a firewall between them, the server down or not serving this address, or a wrong address.',
            '没有应答：中间有防火墙、服务端停机或不为本机服务，或地址有误。',
          ),
          'problem',
        ];
  }
  if (source.lastSampleAgeSeconds === null) {
    return [
      text(
        'It answers, but no sample was accepted: the server may itself be unsynchronized, or its packets fail the tests.',
        '它有应答，但没有样本被接受：该服务端自身可能未同步，或其报文未通过检验。',
      ),
      'attention',
    ];
  }
  if (source.errorSeconds > MOST_DISTANCE) {
    return [
      text(
        `Too far from a reference: ±${formatDuration(source.errorSeconds)}, and ${MOST_DISTANCE} s are allowed (maxdistance).`,
        `距参考过远：±${formatDuration(source.errorSeconds)}，而允许值为 ${MOST_DISTANCE} s(maxdistance)。`,
      ),
      'attention',
    ];
  }
  if (source.reach < 0o17) {
    return [text('Too few samples yet: wait for some polls.', '样本尚少：请等待几次轮询。'), 'plain'];
  }
  return [
    text(
      'Answers, but may not be selected: `noselect`, waiting for `minsources`, unsynchronized, or a loop back to this node. `chronyc selectdata` names the reason.',
      '有应答但不可选：设置了 `noselect`、等待 `minsources`、未同步，或回环到本节点。`chronyc selectdata` 会给出原因。',
    ),
    'attention',
  ];
}

function explainStratum({ stratum, mode, lastSampleAgeSeconds }: ChronySource): ExplainedValue {
  const label = 'Stratum';
  if (mode === 'refclock') {
    return value(
      label,
      String(stratum),
      text('A reference clock stands at 0 or as configured.', '参考时钟为 0 或按配置。'),
    );
  }
  if (stratum === 0) {
    return value(
      label,
      lastSampleAgeSeconds === null ? '—' : '0',
      text('Unknown: no sample of it yet.', '未知：尚无其样本。'),
    );
  }
  if (stratum >= 16) {
    return value(label, String(stratum), text('It is not synchronized itself.', '它自身未同步。'), 'problem');
  }
  return value(
    label,
    String(stratum),
    stratum === 1
      ? text('It has a reference clock of its own.', '它自身连接参考时钟。')
      : stepsBelow(stratum),
  );
}

function explainAge(source: ChronySource): ExplainedValue {
  const age = source.lastSampleAgeSeconds;
  if (age === null) {
    return value('LastRx', '—', text('There never was a good sample.', '从未有过良好样本。'), 'problem');
  }
  const polls = Math.floor(age / Math.max(1, pollSeconds(source.poll)));
  if (rejectsSamples(source)) {
    return value(
      'LastRx',
      formatAge(age),
      text(
        `The last good sample is ${polls} polls old although every poll was answered: its samples are rejected.`,
        `最近的良好样本已隔 ${polls} 次轮询，而每次轮询都有应答：其样本被拒绝。`,
      ),
      'attention',
    );
  }
  return value(
    'LastRx',
    formatAge(age),
    polls <= 1
      ? text('The last good sample is of this or the previous poll.', '最近的良好样本来自本次或上次轮询。')
      : text(`The last good sample is about ${polls} polls old.`, `最近的良好样本约在 ${polls} 次轮询之前。`),
    polls > 8 ? 'attention' : 'plain',
  );
}

/** The caption of -v: xxxx [ yyyy ] +/- zzzz. */
function explainSample(source: ChronySource, scale: Scale): ExplainedValue[] {
  if (source.lastSampleAgeSeconds === null) {
    return [
      value(
        'Last sample',
        '—',
        text(
          'Not measured; the zeros that chronyc prints are no values.',
          '未测量；chronyc 打印的零不是测量值。',
        ),
      ),
    ];
  }
  const adjusted = aheadOrBehind(source.adjustedOffsetSeconds);
  const measured = aheadOrBehind(source.measuredOffsetSeconds);
  return [
    value(
      'Last sample',
      scale.signed(source.adjustedOffsetSeconds),
      text(
        `The node’s clock is ${adjusted.en} this source, with what was slewed since then taken off.`,
        `扣除此后的渐调，本节点时钟${adjusted.zh('该源')}。`,
      ),
    ),
    value(
      '[ ]',
      scale.signed(source.measuredOffsetSeconds),
      text(
        `At the moment of the measurement it was ${measured.en} this source.`,
        `测量那一刻${measured.zh('该源')}。`,
      ),
    ),
    value(
      '+/-',
      scale.plain(source.errorSeconds),
      text(
        'The truth lies within this of it: root distance to the reference clock behind this source.',
        '真值与它之差不超过此值：经该源到参考时钟的根距离。',
      ),
    ),
  ];
}
